import { describe, expect, it } from 'vitest';
import { presetSettings } from '../../src/checks/catalogue.ts';
import { runChecks } from '../../src/checks/run.ts';
import { FACTS, PARTS, type Subject, type TargetKind } from '../../src/coverage/facts.ts';
import { subjectWith, type Facts } from './check-tester.ts';

/**
 * Every combination of facts, against a second statement of who reports what. Under audit every check is on, so that
 * nothing hides behind a level.
 */
const AUDIT = presetSettings('audit');

function valuesOf(target: TargetKind, fact: string): readonly string[] {
  const facts: Readonly<Record<string, readonly string[]>> = FACTS[target];
  const values = facts[fact];
  if (values === undefined) throw new Error(`No fact ${fact}`);
  return values;
}

/** The product of all values of the named facts. */
function* combinations(target: TargetKind, names: readonly string[]): Generator<Facts> {
  const [first, ...rest] = names;
  if (first === undefined) {
    yield {};
    return;
  }
  for (const others of combinations(target, rest)) {
    for (const value of valuesOf(target, first)) yield { [first]: value, ...others };
  }
}

/** Walks the product, the other facts being right but for `fixed`, and gives the first combinations that differ. */
async function compare(
  target: TargetKind,
  names: readonly string[],
  expected: (facts: Facts) => readonly string[],
  fixed: Facts = {},
): Promise<{ walked: number; differing: readonly object[] }> {
  const parts = [undefined, ...PARTS[target]];
  const cells = [...combinations(target, names)].map((varied) => {
    const facts = { ...varied, ...fixed };
    return { facts, subjects: parts.map((part) => subjectWith(target, facts, {}, part)) };
  });
  const found = new Map<Subject, string[]>(
    cells.flatMap(({ subjects }) => subjects.map((subject) => [subject, []] as const)),
  );
  for (const { check, subject } of await runChecks(found.keys(), AUDIT)) found.get(subject)?.push(check);
  const differing = cells
    .map(({ facts, subjects: [whole, ...others] }) => ({
      facts,
      found: [whole, ...others]
        .flatMap((subject) => (subject === undefined ? [] : (found.get(subject) ?? [])))
        .sort()
        .join(),
      wanted: [...expected({ ...whole?.facts, ...facts })].sort().join(),
    }))
    .filter((one) => one.found !== one.wanted)
    .slice(0, 5);
  return { walked: cells.length, differing };
}

function onRequirement({ applies, standing, verdict, doubt, works }: Facts): string[] {
  const gone = verdict === 'missing' || verdict === 'partial' || verdict === 'denied';
  const broken = verdict === 'covered' && (works === 'no-tls-inspection' || works === 'no-dns-proxy');
  const open =
    verdict === 'unknown' ||
    (verdict === 'covered' && (works === 'unknown-dns-proxy' || works === 'unknown-tls-inspection'));

  if (standing === 'documented') return applies === 'yes' && gone ? ['missing-documented'] : [];
  if (standing === 'recommended') {
    if (gone || broken) return [applies === 'yes' ? 'missing-recommended' : 'missing-if-applicable'];
    if (applies === 'yes' && verdict === 'unknown' && doubt === 'address-allow')
      return ['missing-recommended'];
    return open ? ['undecided-recommended'] : [];
  }
  if (applies === 'unknown') return gone || broken || open ? ['missing-if-applicable'] : [];
  if (verdict === 'missing') return ['missing-required'];
  if (verdict === 'partial') return ['partially-covered'];
  if (verdict === 'denied') return ['denied-by-earlier-rule'];
  if (verdict === 'unknown' && doubt === 'address-allow') return ['covered-only-by-address'];
  if (verdict === 'unknown' && doubt === 'address-deny') return ['may-be-denied-by-address'];
  if (open) return ['unknown-coverage'];
  if (works === 'no-tls-inspection') return ['allowed-but-broken-tls-inspection'];
  if (works === 'no-dns-proxy') return ['allowed-but-broken-dns-proxy'];
  return [];
}

const SYNTAX = new Map([
  ['unsupported-wildcard', 'unsupported-wildcard'],
  ['network-wildcard', 'unsupported-wildcard'],
  ['tag-as-name', 'unknown-service-tag'],
  ['unknown-tag', 'unknown-service-tag'],
  ['invalid-address', 'invalid-address'],
]);
const ENDPOINT = new Map([
  ['retired', 'retired-endpoint'],
  ['wrong-cloud', 'wrong-cloud-endpoint'],
  ['wrong-region', 'wrong-region-endpoint'],
  ['misspelled', 'misspelled-endpoint'],
  ['apex', 'apex-not-covered'],
  ['stale', 'stale-address'],
]);
const UNNEEDED = new Map([
  ['inactive-feature', 'feature-not-enabled'],
  ['other-cloud', 'wrong-cloud-endpoint'],
  ['other-region', 'wrong-region-endpoint'],
]);

function onEntry(facts: Facts): string[] {
  const { form = '', endpoint = '', usage, need = '', kind, ruleUsage } = facts;
  const syntax = SYNTAX.get(form);
  if (syntax !== undefined) return [syntax];

  const nameIsWrong = usage === 'declared' ? undefined : ENDPOINT.get(endpoint);
  const dotless = form === 'dotless-wildcard';
  const wholeRule = ruleUsage === 'shadowed' || ruleUsage === 'redundant';
  const found: string[] = [];
  if (nameIsWrong !== undefined) found.push(nameIsWrong);
  else if (dotless && usage !== 'unneeded') found.push('dotless-wildcard');
  if (wholeRule) return found;

  if (usage === 'unneeded') return found.length > 0 ? found : [UNNEEDED.get(need) ?? 'unneeded-entry'];
  if (usage === 'redundant' || usage === 'shadowed') return found.length > 0 ? found : ['redundant-entry'];

  // Breadth, per dimension; the dimension of the name is settled if the name itself is wrong.
  const meets = usage !== 'unknown';
  const { destinationBreadth, portBreadth, protocolBreadth } = facts;
  if (
    found.length === 0 &&
    (destinationBreadth === 'any' || (destinationBreadth === 'wider' && (meets || kind !== 'service-tag')))
  ) {
    found.push(kind === 'service-tag' ? 'broad-service-tag' : 'broad-destination');
  }
  if (nameIsWrong !== undefined && endpoint !== 'apex') return found;
  if (portBreadth === 'any' || (portBreadth === 'wider' && meets)) found.push('broad-port');
  if (protocolBreadth === 'wider' && meets) found.push('broad-protocol');
  return found;
}

function onRule(facts: Facts): string[] {
  const { action, scope, usage, sourceBreadth, dnsProxy, invalid, ineffective, tier, unresolved, tie } =
    facts;
  const found: string[] = tier === 'too-low' ? ['sku-mismatch'] : [];
  if (invalid === 'yes') found.push('invalid-rule');
  if (scope === 'out') return found;
  const works = usage === 'used' || usage === 'unknown';
  const broad = sourceBreadth === 'any' || sourceBreadth === 'wider';
  if (scope === 'in' && action === 'allow' && works && broad) found.push('broad-source');
  if (usage === 'shadowed') found.push('shadowed-rule');
  if (usage === 'redundant' && action === 'allow') found.push('redundant-rule');
  if (dnsProxy === 'off' && usage !== 'shadowed') found.push('fqdn-rule-needs-dns-proxy');
  if (ineffective === 'yes') found.push('ineffective-field');
  if (unresolved === 'yes') found.push('unresolved-expression');
  if (tie === 'yes') found.push('ambiguous-priority');
  return found;
}

function onPolicy({ attached, sources, rules }: Facts): string[] {
  const found: string[] = attached === 'no' ? ['policy-not-attached'] : [];
  if (rules !== 'some') found.push('no-rules');
  else if (sources === 'none') found.push('no-cluster-sources');
  return found;
}

function onEndpoint({ catalogue, verdict, works }: Facts): string[] {
  if (catalogue === 'stale') return ['endpoint-not-in-catalogue'];
  if (catalogue === 'known' || catalogue === 'declared') return [];
  if (verdict === 'unknown') return ['listed-endpoint-undecided'];
  if (verdict !== 'covered') return ['listed-endpoint-not-allowed'];
  if (works === 'yes') return ['endpoint-not-in-catalogue'];
  return [
    works?.startsWith('unknown') === true ? 'listed-endpoint-undecided' : 'listed-endpoint-not-allowed',
  ];
}

describe('every combination of facts', () => {
  it('of a listed endpoint is reported once where the catalogue does not ask for it', async () => {
    const { walked, differing } = await compare('endpoint', Object.keys(FACTS.endpoint), onEndpoint);
    expect(differing).toEqual([]);
    expect(walked).toBe(5 * 5 * 5);
  });

  it('of a requirement is reported by exactly one check where it is bad and by none where it is good', async () => {
    const names = Object.keys(FACTS.requirement);
    const { walked, differing } = await compare('requirement', names, onRequirement);
    expect(differing).toEqual([]);
    expect(walked).toBe(5 * 2 * 3 * 5 * 8 * 10 * 12);
  }, 60_000);

  it.each(['name', 'wildcard', 'service-tag'])(
    'of an entry (%s) is reported once per dimension, the root cause first',
    async (kind) => {
      const names = Object.keys(FACTS.entry).filter((fact) => !['kind', 'stage', 'need'].includes(fact));
      const { differing } = await compare('entry', names, onEntry, { kind });
      expect(differing).toEqual([]);
    },
    60_000,
  );

  it('of what an entry is used for and needed by is reported once', async () => {
    const names = ['usage', 'need', 'form', 'endpoint', 'ruleUsage', 'portBreadth'];
    const { differing } = await compare('entry', names, onEntry);
    expect(differing).toEqual([]);
  }, 60_000);

  it('of kind and stage of an entry is judged alike unless it is a service tag', async () => {
    const names = ['usage', 'kind', 'stage', 'destinationBreadth', 'form'];
    const { differing } = await compare('entry', names, onEntry);
    expect(differing).toEqual([]);
  });

  it('of a rule is reported once per thing that is wrong, out of scope only where nothing deploys', async () => {
    const { differing } = await compare('rule', Object.keys(FACTS.rule), onRule);
    expect(differing).toEqual([]);
  }, 60_000);

  it('of a policy is reported once per thing that is wrong', async () => {
    const { differing } = await compare('policy', Object.keys(FACTS.policy), onPolicy);
    expect(differing).toEqual([]);
  });
});
