import { ipSetOf } from '../../src/model/ip-space.ts';
import { parseIpRange } from '../../src/model/address.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { EndpointFacts } from '../../src/coverage/endpoint-facts.ts';
import type { FactsOf, Subject, TargetKind } from '../../src/coverage/facts.ts';
import { judge, type JudgeOptions, type PolicyJudgement } from '../../src/coverage/index.ts';
import type { Knowledge } from '../../src/coverage/match.ts';
import type { Requirement } from '../../src/requirements/requirement.ts';

/** Judges hand-written rows on a hand-written policy, with a small hand-written world of facts. */
export const KNOWLEDGE: Knowledge = {
  fqdnTagHolds(tag, pattern) {
    if (tag !== 'AzureKubernetesService') return 'no';
    if (pattern === 'mcr.microsoft.com' || pattern.includes('.hcp.')) return 'yes';
    return pattern === 'data.policy.core.windows.net' ? 'maybe' : 'no';
  },
  tagsOfName(pattern) {
    if (pattern.endsWith('mcr.microsoft.com'))
      return [['microsoftcontainerregistry', 'azurefrontdoor.firstparty']];
    return pattern === 'management.azure.com' ? [['azureresourcemanager']] : [];
  },
  tagMayHold: (tag) => tag.startsWith('AzureCloud'),
  isServiceTag: () => true,
  webCategoryMayHold: (category) => category === 'ComputersAndTechnology',
  isPrivateName: () => false,
};

export const ENDPOINTS: EndpointFacts = {
  cloud: 'AzureCloud',
  regions: new Set(['westeurope', 'eastus2']),
  retired: (pattern) =>
    pattern === 'acs-mirror.azureedge.net'
      ? { evidence: 'It was retired.', replacement: 'packages.aks.azure.com' }
      : undefined,
  retiredAddress: (text) =>
    text === '91.189.89.198' ? { was: 'ntp.ubuntu.com', evidence: 'It moved.' } : undefined,
  tagOfRegion: (region) => region,
  regionOfTag: (suffix) => suffix.toLowerCase(),
  otherCloud: (pattern) =>
    pattern === 'login.microsoftonline.us'
      ? { cloud: 'AzureUSGovernment', counterpart: 'login.microsoftonline.com' }
      : undefined,
  knowsServiceTag: (tag) =>
    ['azurecloud', 'azurecloud.westeurope', 'azuremonitor'].includes(tag.toLowerCase()),
  isNoServiceTag: (tag) => tag.includes('*') || tag === 'AzureKubernetesService',
  isNoFqdnTag: (tag) => tag === 'AzureMonitor',
  knowsFqdnTag: (tag) => tag.toLowerCase() === 'azurekubernetesservice',
};

export function judged(
  policy: Policy,
  rows: readonly Requirement[],
  options: Partial<JudgeOptions> & { from?: string } = {},
): PolicyJudgement {
  const range = options.from === undefined ? undefined : parseIpRange(options.from);
  const all = range === undefined ? undefined : { ip: ipSetOf([range]), symbols: [] };
  const sources = all && { all, of: () => all };
  return judge(policy, {
    cluster: null,
    requirements: rows,
    fillRegion: (requirement, region) => ({
      ...requirement,
      targets: requirement.targets.map((target) => ({
        ...target,
        destination: target.destination.replaceAll('<region>', region),
      })),
    }),
    region: undefined,
    sources,
    declared: [],
    acceptAddressFor: [],
    endpoints: ENDPOINTS,
    knowledgeOf: () => KNOWLEDGE,
    ...options,
  });
}

/** Subjects of one kind, of every run and of the policy. */
export function subjects<K extends TargetKind>(result: PolicyJudgement, kind: K): Subject<K>[] {
  return [...result.runs.flatMap((run) => run.subjects), ...result.subjects].filter(
    (subject): subject is Subject<K> => subject.target === kind,
  );
}

/** The closed facts of the only subject whose destination is this. */
export function factsFor<K extends 'requirement' | 'entry'>(
  result: PolicyJudgement,
  kind: K,
  destination: string,
): FactsOf<K> {
  const found = subjects(result, kind).filter((subject) => subject.data.destination === destination);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} ${kind} subjects for ${destination}`);
  }
  return found[0].facts;
}
