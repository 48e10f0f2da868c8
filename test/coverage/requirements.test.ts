import { describe, expect, test } from 'vitest';
import {
  applicationRule,
  networkRule,
  opaqueRules,
  policy,
  policyWith,
  symbol,
  type RuleDraft,
} from '../oracle/build.ts';
import { factsFor, judged, subjects } from './judge.ts';
import type { Requirement } from '../../src/requirements/requirement.ts';
import { row } from './rows.ts';

const FROM = { from: '10.240.0.0/22' };
const mcr = row('core/mcr', ['mcr.microsoft.com']);
const data = row('core/mcr-data', ['*.data.mcr.microsoft.com']);
const hcp = row('core/hcp', [
  { destination: '*.hcp.<region>.azmk8s.io', kind: 'name', standsForHosts: true },
]);

function factsOf(
  rules: readonly RuleDraft[],
  requirement = mcr,
  options: Parameters<typeof judged>[2] = FROM,
) {
  const result = judged(policy(...rules), [requirement], options);
  const subject = subjects(result, 'requirement')[0];
  if (subject === undefined) throw new Error('nothing was judged');
  return { ...subject.facts, sentence: subject.data.nearMiss, supply: subject.data.supply };
}

describe('verdicts', () => {
  test('a rule for the name covers it, exactly', () => {
    expect(factsOf([applicationRule('allow', { to: ['mcr.microsoft.com'] })])).toMatchObject({
      verdict: 'covered',
      how: 'exact',
      works: 'yes',
    });
  });

  test('without any rule the default denies: missing', () => {
    expect(factsOf([])).toMatchObject({ verdict: 'missing', how: 'none', nearMiss: 'none' });
  });

  test('two halves of the source network cover together what neither covers alone', () => {
    const to = ['mcr.microsoft.com'];
    const halves = [
      applicationRule('allow', { from: ['10.240.0.0/23'], to }),
      applicationRule('allow', { from: ['10.240.2.0/23'], to }),
    ];
    expect(factsOf(halves)).toMatchObject({ verdict: 'covered' });
    expect(factsOf(halves.slice(0, 1))).toMatchObject({ verdict: 'partial', nearMiss: 'source' });
  });

  test('a deny before the allow denies; a deny-all at the end only leaves it missing', () => {
    const allow = applicationRule('allow', { to: ['mcr.microsoft.com'], collectionPriority: 300 });
    const deny = applicationRule('deny', { to: ['*.microsoft.com'], collectionPriority: 200 });
    expect(factsOf([deny, allow])).toMatchObject({ verdict: 'denied' });
    const denyAll = applicationRule('deny', { to: ['*'], collectionPriority: 900 });
    expect(factsOf([denyAll])).toMatchObject({ verdict: 'missing' });
    expect(factsOf([allow, denyAll])).toMatchObject({ verdict: 'covered' });
  });

  test('of a part that is denied, the rule that hides an allow is named, and no deny-all at the end', () => {
    const to = ['mcr.microsoft.com'];
    const allow = applicationRule('allow', { to, collectionPriority: 300 });
    const half = { from: ['10.240.0.0/23'], to };
    const deny = applicationRule('deny', { ...half, name: 'no-images', collectionPriority: 200 });
    const denyAll = applicationRule('deny', { name: 'deny-all', collectionPriority: 900 });
    const denierOf = (...rules: RuleDraft[]) => {
      const subject = subjects(judged(policy(...rules), [mcr], FROM), 'requirement')[0];
      return [subject?.facts.verdict, subject?.data.denier];
    };
    expect(denierOf(deny, allow)).toEqual(['partial', "'no-images'"]);
    const allowHalf = applicationRule('allow', { ...half, collectionPriority: 300 });
    expect(denierOf(allowHalf, denyAll)).toEqual(['partial', '']);
    expect(denierOf(deny, allowHalf, denyAll)).toEqual(['denied', "'no-images'"]);
  });

  test('what depends on the order of equal priorities is not known; what does not, is', () => {
    const tie = {
      a: 'a',
      b: 'b',
      priority: 100,
      place: { path: '', pointer: '' },
      related: { path: '', pointer: '' },
    };
    const deny = applicationRule('deny', { to: ['mcr.microsoft.com'], name: 'no-images' });
    const allow = applicationRule('allow', { to: ['*.microsoft.com'] });
    const judgedWith = (rules: readonly RuleDraft[], ties = [tie]) =>
      judged(policyWith({ ties }, ...rules), [mcr, data], FROM);
    for (const rules of [
      [deny, allow],
      [allow, deny],
      [
        { ...deny, group: 'one' },
        { ...allow, group: 'two', collectionPriority: 200 },
      ],
    ]) {
      const result = judgedWith(rules);
      const [images, layers] = subjects(result, 'requirement');
      expect(images).toMatchObject({
        facts: { verdict: 'unknown', doubt: 'tie' },
        data: { rule: "'no-images'" },
      });
      expect(layers).toMatchObject({ facts: { verdict: 'covered', doubt: 'none' } });
      expect(factsFor(result, 'entry', '*.microsoft.com').usage).toBe('required');
    }
    const later = { ...allow, collectionPriority: 200 };
    expect(subjects(judgedWith([deny, later]), 'requirement')[0]?.facts.verdict).toBe('denied');
  });

  test('a network allow of TCP 443 to everywhere covers every name, by any address', () => {
    expect(factsOf([networkRule('allow')])).toMatchObject({ verdict: 'covered', how: 'any' });
  });

  test('a network deny of TCP 443 to everywhere beats the application allow', () => {
    const rules = [networkRule('deny'), applicationRule('allow', { to: ['mcr.microsoft.com'] })];
    expect(factsOf(rules)).toMatchObject({ verdict: 'denied' });
  });

  test('private destinations never decide a public name', () => {
    const rules = [
      networkRule('deny', { to: ['10.0.0.0/8', '192.168.0.0/16', '100.64.0.0/10'] }),
      applicationRule('allow', { to: ['mcr.microsoft.com'] }),
    ];
    expect(factsOf(rules)).toMatchObject({ verdict: 'covered' });
  });

  test('a name that only AzureCloud could allow is unknown by address, never covered', () => {
    const rules = [networkRule('allow', { to: ['AzureCloud.westeurope'] })];
    expect(factsOf(rules)).toMatchObject({ verdict: 'unknown', doubt: 'address-allow' });
  });

  test('…unless the configuration accepts addresses for it', () => {
    const rules = [networkRule('allow', { to: ['AzureCloud.westeurope'] })];
    const accepted = { ...FROM, acceptAddressFor: ['*.microsoft.com'] };
    expect(factsOf(rules, mcr, accepted)).toMatchObject({ verdict: 'covered', doubt: 'none' });
  });

  test('AzureCloud before the rule by name changes nothing: both allow', () => {
    const rules = [
      networkRule('allow', { to: ['AzureCloud.westeurope'] }),
      applicationRule('allow', { to: ['mcr.microsoft.com'] }),
    ];
    expect(factsOf(rules)).toMatchObject({ verdict: 'covered', how: 'exact' });
  });

  test('an earlier deny by public address may hit the name', () => {
    const rules = [
      networkRule('deny', { to: ['20.0.0.0/8'] }),
      applicationRule('allow', { to: ['mcr.microsoft.com'] }),
    ];
    expect(factsOf(rules)).toMatchObject({ verdict: 'unknown', doubt: 'address-deny' });
  });

  test('the registry by service tags needs both documented tags', () => {
    const one = networkRule('allow', { to: ['MicrosoftContainerRegistry'] });
    const other = networkRule('allow', { to: ['AzureFrontDoor.FirstParty'] });
    expect(factsOf([one, other])).toMatchObject({ verdict: 'covered', how: 'service-tag' });
    expect(factsOf([one])).toMatchObject({ verdict: 'unknown', doubt: 'address-allow' });
  });

  test('the AKS tag covers the core tables, on the protocol that the rule names', () => {
    const tag = (service: string) =>
      applicationRule('allow', { to: ['AzureKubernetesService'], services: [service] });
    expect(factsOf([tag('HTTPS 443')])).toMatchObject({ verdict: 'covered', how: 'fqdn-tag' });
    expect(factsOf([tag('HTTP 80')])).toMatchObject({ verdict: 'missing', nearMiss: 'port' });
  });

  test('…but what it holds of other tables is disputed', () => {
    const rules = [applicationRule('allow', { to: ['AzureKubernetesService'] })];
    const addon = row('azure-policy/data', ['data.policy.core.windows.net']);
    expect(factsOf(rules, addon)).toMatchObject({ verdict: 'unknown', doubt: 'tag-contents' });
  });

  test('one host of a wildcard that stands for the cluster’s own host may be the right one', () => {
    const rules = [applicationRule('allow', { to: ['contoso-1a2b.hcp.westeurope.azmk8s.io'] })];
    expect(factsOf(rules, hcp, { ...FROM, region: 'westeurope' })).toMatchObject({
      verdict: 'unknown',
      doubt: 'which-host',
    });
    const regional = [applicationRule('allow', { to: ['westeurope.data.mcr.microsoft.com'] })];
    expect(factsOf(regional, data)).toMatchObject({ verdict: 'partial' });
  });

  test('TLS inspection lets the flow through and breaks it', () => {
    const rules = [applicationRule('allow', { to: ['*'], terminateTls: true })];
    expect(factsOf(rules)).toMatchObject({ verdict: 'covered', works: 'no-tls-inspection' });
  });

  test('TLS inspection that a value leaves open, or a rule that may come first, may break the flow', () => {
    const open = applicationRule('allow', { to: ['mcr.microsoft.com'], terminateTls: 'unknown' });
    expect(factsOf([open])).toMatchObject({
      verdict: 'covered',
      works: 'unknown-tls-inspection',
      supply: 'give the value of its terminateTLS',
    });
    const allow = applicationRule('allow', { to: ['mcr.microsoft.com'] });
    const before = (terminateTls: boolean) =>
      applicationRule('allow', { to: ['category:ComputersAndTechnology'], terminateTls });
    expect(factsOf([before(true), allow])).toMatchObject({
      verdict: 'covered',
      works: 'unknown-tls-inspection',
      supply: "allow 'mcr.microsoft.com' in a rule before it",
    });
    expect(factsOf([before(false), allow])).toMatchObject({ verdict: 'covered', works: 'yes' });
    expect(factsOf([allow, before(true)])).toMatchObject({ verdict: 'covered', works: 'yes' });
  });

  test('the rule that decrypts is named, not the other that allows a part', () => {
    const plain = applicationRule('allow', {
      from: ['10.240.0.0/23'],
      to: ['mcr.microsoft.com'],
      name: 'plain',
    });
    const all = applicationRule('allow', { to: ['*'], terminateTls: true, name: 'decrypting' });
    const subject = subjects(judged(policy(plain, all), [mcr], FROM), 'requirement')[0];
    expect(subject).toMatchObject({
      facts: { works: 'no-tls-inspection' },
      data: { rule: "'decrypting'" },
      place: { pointer: '/rules/1/terminateTLS' },
    });
  });

  test('a base policy that was not given may decide first', () => {
    const rules = [
      opaqueRules('network', { kind: 'base-policy' }),
      opaqueRules('application', { kind: 'base-policy' }),
      applicationRule('allow', { to: ['mcr.microsoft.com'], depth: 1 }),
    ];
    expect(factsOf(rules)).toMatchObject({
      verdict: 'unknown',
      doubt: 'base-policy',
      supply: 'give the missing file',
    });
  });

  test('a rule for an unresolved source may hold the cluster', () => {
    const rules = [applicationRule('allow', { from: [symbol('subnet')], to: ['mcr.microsoft.com'] })];
    expect(factsOf(rules)).toMatchObject({ verdict: 'unknown', doubt: 'source' });
  });

  test('a UDP name in a network rule needs the DNS proxy', () => {
    const ntp = row('core/ntp', ['*', 'ntp.ubuntu.com'], { mode: 'any', protocol: 'UDP', port: 123 });
    const rule = networkRule('allow', { to: ['ntp.ubuntu.com'], services: ['UDP 123'] });
    const off = judged(policyWith({ dnsProxy: 'off' }, rule), [ntp], FROM);
    expect(subjects(off, 'requirement')[0]?.facts).toMatchObject({
      verdict: 'covered',
      works: 'no-dns-proxy',
    });
    const on = judged(policyWith({ dnsProxy: 'on' }, rule), [ntp], FROM);
    expect(subjects(on, 'requirement')[0]?.facts).toMatchObject({ verdict: 'covered', works: 'yes' });
  });

  test('a name in a network rule does no harm without DNS proxy where an application rule allows it too', () => {
    const rules = [
      networkRule('allow', { to: ['mcr.microsoft.com'] }),
      applicationRule('allow', { to: ['mcr.microsoft.com'] }),
    ];
    for (const dnsProxy of ['off', 'unknown'] as const) {
      const result = judged(
        policyWith({ dnsProxy }, ...rules),
        [row('core/mcr', ['mcr.microsoft.com'])],
        FROM,
      );
      expect(subjects(result, 'requirement')[0]?.facts).toMatchObject({ verdict: 'covered', works: 'yes' });
    }
  });

  test('the AzureCloud tag of its region holds the API server, whether or not its address is given', () => {
    const byIp = (destination: string, known: boolean): Requirement =>
      row('core/api-server-by-ip', [known ? { destination, isApiServer: true } : destination], {
        protocol: 'TCP',
      });
    const options = { ...FROM, region: 'westeurope' };
    const verdict = (tag: string, one: Requirement): unknown =>
      subjects(judged(policy(networkRule('allow', { to: [tag] })), [one], options), 'requirement')[0]?.facts
        .verdict;
    for (const one of [byIp('<api-server-ip>', false), byIp('20.1.2.3', true)]) {
      expect(verdict('AzureCloud.westeurope', one)).toBe('covered');
      expect(verdict('AzureCloud', one)).toBe('covered');
    }
    expect(verdict('AzureCloud.eastus2', byIp('20.1.2.3', true))).toBe('unknown');
    expect(verdict('AzureCloud.westeurope', byIp('10.1.2.3', true))).toBe('missing');
  });

  test('an address rule that the configuration accepts does not excuse an earlier one that may deny', () => {
    const rules = [
      networkRule('deny', { name: 'blocklist', to: ['203.0.113.0/24'] }),
      networkRule('allow', { to: ['AzureCloud.westeurope'] }),
    ];
    const accepted = { ...FROM, acceptAddressFor: ['mcr.microsoft.com'] };
    const result = judged(policy(...rules), [row('core/mcr', ['mcr.microsoft.com'])], accepted);
    const [subject] = subjects(result, 'requirement');
    expect(subject?.facts).toMatchObject({ verdict: 'unknown', doubt: 'address-deny' });
    expect(subject?.data.rule).toBe("'blocklist'");
  });

  describe('with no region given', () => {
    const hcp = row('core/api-server', ['*.hcp.<region>.azmk8s.io'], { identifiesCluster: true });
    const byIp = row('core/api-server-by-ip', ['<api-server-ip>'], { protocol: 'TCP' });
    const tunnel = row('core/tunnel', ['AzureCloud.<region>'], { protocol: 'TCP', port: 9000 });
    const endpoints = (...rules: readonly RuleDraft[]): string[] =>
      subjects(judged(policy(...rules), [hcp, byIp, tunnel], FROM), 'entry').map(
        ({ data, facts }) => `${data.destination ?? ''} ${facts.endpoint}`,
      );

    test('the API servers of two regions are two clusters, neither in the wrong region', () => {
      const to = ['*.hcp.eastus2.azmk8s.io', '*.hcp.westeurope.azmk8s.io'];
      expect(endpoints(applicationRule('allow', { to }))).toEqual(to.map((name) => `${name} ok`));
    });

    test('the name of the API server counts for more than tags of another region', () => {
      const rules = [
        networkRule('allow', { to: ['AzureCloud.eastus2'], services: ['TCP 443', 'TCP 9000'] }),
        applicationRule('allow', { to: ['*.hcp.westeurope.azmk8s.io'] }),
      ];
      expect(judged(policy(...rules), [hcp, byIp, tunnel], FROM).runs[0]?.region).toBe('westeurope');
    });
  });

  test('an undecided requirement names the rule that may deny it, not the one that allows it', () => {
    const rules = policy(
      networkRule('deny', { name: 'blocklist', to: ['203.0.113.0/24'] }),
      applicationRule('allow', { name: 'core', to: ['mcr.microsoft.com'] }),
    );
    const [subject] = subjects(judged(rules, [row('core/mcr', ['mcr.microsoft.com'])], FROM), 'requirement');
    expect(subject?.facts.doubt).toBe('address-deny');
    expect(subject?.data.rule).toBe("'blocklist'");
    expect(subject?.related).toMatchObject([{ text: "rule 'blocklist' may deny here" }]);
  });

  test('of rules that may allow it for several reasons, those of the reported reason are named', () => {
    const rules = policy(
      networkRule('allow', { name: 'cloud', to: ['AzureCloud.westeurope'] }),
      applicationRule('allow', { name: 'tag', to: ['AzureKubernetesService'] }),
    );
    const rows = [row('azure-policy/data', ['data.policy.core.windows.net'])];
    const [subject] = subjects(judged(rules, rows, FROM), 'requirement');
    expect(subject?.facts.doubt).toBe('tag-contents');
    expect(subject?.data.rule).toBe("'tag'");
    expect(subject?.place.pointer).toBe('/rules/1/destinations/0');
  });

  describe('rows of one group satisfy each other', () => {
    const group = { alternativeGroup: 'monitor' };
    const rows = [
      row('azure-monitor/tag', ['AzureMonitor'], { ...group, protocol: 'TCP' }),
      row('azure-monitor/ods', ['*.ods.opinsights.azure.com'], group),
      row('azure-monitor/oms', ['*.oms.opinsights.azure.com'], group),
    ];
    const standings = (...rules: RuleDraft[]): string[] =>
      subjects(judged(policy(...rules), rows, FROM), 'requirement').map(
        ({ facts, data }) =>
          `${data.destination ?? ''} ${facts.verdict} ${facts.standing} ${data.otherwise ?? ''}`,
      );
    const byName = 'the policy lets the same traffic out by name';
    const byTag = 'the policy lets the same traffic out by service tag';

    test('by tag', () => {
      expect(standings(networkRule('allow', { to: ['AzureMonitor'] }))).toEqual([
        'AzureMonitor covered required ',
        `*.ods.opinsights.azure.com missing documented ${byTag}`,
        `*.oms.opinsights.azure.com missing documented ${byTag}`,
      ]);
    });

    test('by name', () => {
      const to = ['*.ods.opinsights.azure.com', '*.oms.opinsights.azure.com'];
      expect(standings(applicationRule('allow', { to }))).toEqual([
        `AzureMonitor missing documented ${byName}`,
        '*.ods.opinsights.azure.com covered required ',
        '*.oms.opinsights.azure.com covered required ',
      ]);
    });

    test('not by nothing', () => {
      expect(standings()).toEqual([
        'AzureMonitor missing required ',
        '*.ods.opinsights.azure.com missing required ',
        '*.oms.opinsights.azure.com missing required ',
      ]);
    });

    test('by the way that the policy takes for a part, which is to be completed', () => {
      expect(standings(applicationRule('allow', { to: ['*.ods.opinsights.azure.com'] }))).toEqual([
        `AzureMonitor missing documented ${byName}`,
        '*.ods.opinsights.azure.com covered required ',
        '*.oms.opinsights.azure.com missing required ',
      ]);
      expect(standings(networkRule('allow', { from: ['10.240.0.0/23'], to: ['AzureMonitor'] }))).toEqual([
        'AzureMonitor partial required ',
        `*.ods.opinsights.azure.com missing documented ${byTag}`,
        `*.oms.opinsights.azure.com missing documented ${byTag}`,
      ]);
    });
  });
});

describe('near misses name the one thing that is wrong', () => {
  const cases: readonly [string, RuleDraft, string, RegExp][] = [
    [
      'HTTP 80 only',
      applicationRule('allow', { to: ['mcr.microsoft.com'], services: ['HTTP 80'] }),
      'port',
      /on HTTP 80 only/,
    ],
    [
      'HTTP on port 443',
      applicationRule('allow', { to: ['mcr.microsoft.com'], services: ['HTTP 443'] }),
      'protocol',
      /HTTP 443/,
    ],
    [
      'another network',
      applicationRule('allow', { from: ['10.9.0.0/24'], to: ['mcr.microsoft.com'] }),
      'source',
      /leaves out 10\.240\.0\.0\/22/,
    ],
    [
      'subdomains only',
      applicationRule('allow', { to: ['*.mcr.microsoft.com'] }),
      'apex',
      /not the name itself/,
    ],
    [
      'a typing error',
      applicationRule('allow', { to: ['mcr.mircosoft.com'] }),
      'misspelled',
      /typing error of 'mcr.microsoft.com'/,
    ],
    [
      'a path behind the name',
      applicationRule('allow', { to: ['mcr.microsoft.com/v2'] }),
      'misspelled',
      /no scheme, port or path/,
    ],
    [
      'a path of the host',
      applicationRule('allow', { to: ['url:mcr.microsoft.com/v2/aks'] }),
      'url-path',
      /single paths/,
    ],
    [
      'a wildcard at the end',
      applicationRule('allow', { to: ['mcr.microsoft.*'] }),
      'unsupported-wildcard',
      /first character/,
    ],
  ];
  test.each(cases)('%s', (_, rule, kind, sentence) => {
    const facts = factsOf([rule]);
    expect(facts.nearMiss).toBe(kind);
    expect(facts.sentence).toMatch(sentence);
  });

  test('of rules for too small a network, the one that is short by least', () => {
    const to = ['mcr.microsoft.com'];
    const spoke = applicationRule('allow', { from: ['10.9.0.0/24'], to, name: 'spoke' });
    const half = applicationRule('allow', { from: ['10.240.0.0/23'], to, name: 'half' });
    expect(factsOf([spoke, half]).sentence).toMatch(/^Rule 'half' .* leaves out 10\.240\.2\.0\/23\.$/);
  });

  test('a tag for other networks that holds the name too is closest only where no rule tried to name it', () => {
    const management = row('core/management', ['management.azure.com']);
    const tag = networkRule('allow', { from: ['10.9.0.0/24'], to: ['AzureResourceManager'] });
    expect(factsOf([tag], management)).toMatchObject({ nearMiss: 'source' });
    const misspelled = applicationRule('allow', { to: ['managment.azure.com'] });
    expect(factsOf([tag, misspelled], management)).toMatchObject({ nearMiss: 'misspelled' });
  });

  test('another region, another cloud, a retired host, a wildcard in a network rule', () => {
    const inRegion = { ...FROM, region: 'westeurope' };
    const region = [applicationRule('allow', { to: ['*.hcp.eastus2.azmk8s.io'] })];
    expect(factsOf(region, hcp, inRegion)).toMatchObject({ verdict: 'missing', nearMiss: 'region' });
    const network = [networkRule('allow', { to: ['*.hcp.westeurope.azmk8s.io'] })];
    expect(factsOf(network, hcp, inRegion)).toMatchObject({
      verdict: 'missing',
      nearMiss: 'network-wildcard',
    });
    const cloud = [applicationRule('allow', { to: ['login.microsoftonline.us'] })];
    expect(factsOf(cloud, row('core/login', ['login.microsoftonline.com']))).toMatchObject({
      nearMiss: 'cloud',
    });
    const retired = [applicationRule('allow', { to: ['acs-mirror.azureedge.net'] })];
    expect(factsOf(retired, row('core/packages-aks', ['packages.aks.azure.com']))).toMatchObject({
      nearMiss: 'retired',
    });
  });
});

describe('the region', () => {
  const tunnel = row('core/tunnel', ['AzureCloud.<region>'], { protocol: 'UDP', port: 1194, mode: 'any' });

  test('unnamed, it is the one region for which most rows are covered', () => {
    const rules = [
      applicationRule('allow', { to: ['*.hcp.eastus2.azmk8s.io', '*.hcp.westeurope.azmk8s.io'] }),
      networkRule('allow', { to: ['AzureCloud.westeurope'], services: ['UDP 1194'] }),
    ];
    const result = judged(policy(...rules), [hcp, tunnel], FROM);
    expect(result.runs[0]?.region).toBe('westeurope');
    expect(subjects(result, 'requirement').map(({ facts }) => facts.verdict)).toEqual(['covered', 'covered']);
  });

  test('unresolved, it is a region equal to itself', () => {
    const location = symbol('location');
    const rules = [
      applicationRule('allow', { to: [`*.hcp.${location}.azmk8s.io`] }),
      networkRule('allow', { to: [`AzureCloud.${location}`], services: ['UDP 1194'] }),
    ];
    const result = judged(policy(...rules), [hcp, tunnel], FROM);
    expect(subjects(result, 'requirement').map(({ facts }) => facts.verdict)).toEqual(['covered', 'covered']);
  });

  test('a wildcard over all regions covers a cluster whose region nobody named', () => {
    const result = judged(policy(applicationRule('allow', { to: ['*.azmk8s.io'] })), [hcp], FROM);
    expect(result.runs[0]?.regionFrom).toBe('none');
    expect(subjects(result, 'requirement')[0]?.facts.verdict).toBe('covered');
  });
});

describe('whose traffic it is', () => {
  const packages = row('core/packages-aks', ['packages.aks.azure.com'], { identifiesCluster: true });
  const login = row('core/login', ['login.microsoftonline.com']);

  test('the sources of a rule that only AKS needs; a jumpbox that signs in is no cluster', () => {
    const rules = [
      applicationRule('allow', { from: ['10.240.0.0/22'], to: ['packages.aks.azure.com'] }),
      applicationRule('allow', { from: ['10.250.0.0/28'], to: ['login.microsoftonline.com'] }),
    ];
    const result = judged(policy(...rules), [packages, login]);
    expect(result.runs).toHaveLength(1);
    expect(factsFor(result, 'requirement', 'login.microsoftonline.com').verdict).toBe('missing');
  });

  test('two clusters are judged each', () => {
    const to = ['packages.aks.azure.com'];
    const rules = [
      applicationRule('allow', { from: ['10.1.0.0/24'], to }),
      applicationRule('allow', { from: ['10.2.0.0/24'], to }),
    ];
    expect(judged(policy(...rules), [packages]).runs).toHaveLength(2);
  });

  test('an unresolved subnet is a network equal to itself', () => {
    const from = [symbol('reference(subnet).addressPrefix')];
    const rules = [
      applicationRule('allow', { from, to: ['packages.aks.azure.com'] }),
      applicationRule('allow', { from, to: ['login.microsoftonline.com'] }),
    ];
    const result = judged(policy(...rules), [packages, login]);
    expect(subjects(result, 'requirement').map(({ facts }) => facts.verdict)).toEqual(['covered', 'covered']);
  });

  test('none is said', () => {
    const result = judged(policy(applicationRule('allow', { to: ['example.com'] })), [packages]);
    expect(subjects(result, 'policy')[0]?.facts.sources).toBe('none');
    expect(subjects(result, 'requirement')).toEqual([]);
  });
});
