import fc from 'fast-check';
import { parseIpRange } from '../../src/model/address.ts';
import type { IpRange } from '../../src/model/policy.ts';
import {
  applicationRule,
  networkRule,
  opaqueRules,
  symbol,
  type RuleDraft,
  type RuleOptions,
} from './build.ts';
import type { FlowSpec } from './sample.ts';
import type { Facts } from './simulator.ts';

/**
 * Small but nasty policies and flows: few labels, blocks that split each other, every kind of doubt. The words are few
 * so that rules meet each other and the flow all the time.
 */

const HOSTS = ['x', 'a.x', 'b.x', 'b.a.x', 'ba.x', 'c.b.a.x', 'a.y'];
const WILDCARDS = ['*', '*.x', '*.a.x', '*.b.a.x', '*a.x', '*x', '*.y'];
const UNSUPPORTED = ['a.*', 'a.*.x', '*.a.*', '*a*.x'];
const SYMBOLIC = [
  symbol('S'),
  `${symbol('S')}.a.x`,
  `b.${symbol('S')}.x`,
  `*.${symbol('S')}.x`,
  `a${symbol('T')}`,
];

const SOURCES = [
  '*',
  '*',
  '*',
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.0.0.0/25',
  '10.0.0.128/25',
  '10.0.0.64-10.0.0.191',
  '10.0.0.64/26',
  '10.0.0.7',
  '10.0.1.0/24',
  '192.168.0.0/16',
];
const ODD_SOURCES = [
  symbol('nodes'),
  symbol('pods'),
  symbol('other'),
  'opaque:selector',
  'invalid:10.1.2.300',
  'fd00::/8',
];

const ADDRESSES = [
  '*',
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '20.0.0.0/24',
  '20.0.0.0/25',
  '20.0.0.128/25',
  '20.0.0.100-20.0.0.200',
  '20.0.0.5',
  '10.0.0.0/8',
  '10.1.0.0/16',
];
const ODD_ADDRESSES = [
  '0.0.0.0-9.255.255.255',
  '11.0.0.0-255.255.255.255',
  '9.255.255.0-10.0.0.255',
  '2603:1000::/24',
  'fd00::/8',
  'AzureCloud',
  'AzureCloud.westeurope',
  'AzureCloud.eastus',
  'Storage',
  'Storage.westeurope',
  `Storage.${symbol('S')}`,
  'Single',
  'Single.westeurope',
  'Single.a',
  'Nonsense',
  symbol('address'),
  'opaque:group',
  'invalid:20.0.0.256',
];

const NETWORK_SERVICES = [
  'TCP 443',
  'TCP 80',
  'TCP 440-450',
  'TCP 443-65535',
  'UDP *',
  'Any *',
  'Any 80-443',
];
const ODD_NETWORK_SERVICES = ['ICMP *', 'Any 443', 'UDP 443', '? 443', 'TCP ?', '? ?'];
const APPLICATION_SERVICES = ['HTTPS 443', 'HTTPS 443', 'HTTP 80'];
const ODD_APPLICATION_SERVICES = ['HTTPS 8443', 'HTTP 443', 'MSSQL 1433', '? 443', 'HTTPS ?'];

const FQDN_TAGS = ['Full', 'Hollow', 'Perhaps'];
const CATEGORIES = ['category:Business', 'category:Gambling'];

/** What the tags, categories and names above hold. */
export const FACTS: Facts = {
  fqdnTagHolds: (tag) => (tag === 'Perhaps' ? 'unknown' : tag === 'Full'),
  isServiceTag: (tag) => tag !== 'Nonsense',
  serviceTagMayHold: (tag) => tag === 'AzureCloud',
  tagsOfName: (name) => (name === 'a.x' || name === '*.b.a.x' ? [['single']] : []),
  webCategoryMayHold: (category) => category === 'Business',
  isPrivateName: (name) => name.endsWith('.y'),
};

function mostly(usual: readonly string[], odd: readonly string[], weight: number): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...usual), weight },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  );
}

function some(one: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string[]> {
  return fc.array(one, { minLength: 1, maxLength });
}

const name = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTS), weight: 5 },
  { arbitrary: fc.constantFrom(...WILDCARDS), weight: 5 },
  { arbitrary: fc.constantFrom(...UNSUPPORTED), weight: 1 },
  { arbitrary: fc.constantFrom(...SYMBOLIC), weight: 1 },
);

const from = some(mostly(SOURCES, ODD_SOURCES, 8), 3);
const action = fc.constantFrom(
  'allow',
  'allow',
  'allow',
  'allow',
  'allow',
  'deny',
  'deny',
  'deny',
  'unknown',
);

/** Where a rule stands, and whether it stands at all. */
const standing = fc.record({
  depth: fc.nat({ max: 2 }),
  groupPriority: fc.constantFrom(100, 200),
  collectionPriority: fc.constantFrom(100, 200),
  conditional: fc.constantFrom(false, false, false, false, false, false, false, true),
});

const network: fc.Arbitrary<RuleDraft> = fc
  .record({
    action,
    standing,
    from,
    to: some(
      fc.oneof(
        { arbitrary: mostly(ADDRESSES, ODD_ADDRESSES, 5), weight: 4 },
        { arbitrary: name.filter((text) => text !== '*' && !/^⟦[^⟧]*⟧$/.test(text)), weight: 1 },
      ),
      3,
    ),
    services: some(mostly(NETWORK_SERVICES, ODD_NETWORK_SERVICES, 5), 2),
  })
  .map((rule) => networkRule(...optionsOf(rule)));

const application: fc.Arbitrary<RuleDraft> = fc
  .record({
    action,
    standing,
    from,
    to: some(
      fc.oneof(
        { arbitrary: name, weight: 12 },
        { arbitrary: fc.constantFrom('url:a.x', 'url:*.x/*', 'url:b.x/path'), weight: 1 },
        { arbitrary: fc.constantFrom(...FQDN_TAGS, ...CATEGORIES), weight: 1 },
      ),
      3,
    ),
    services: some(mostly(APPLICATION_SERVICES, ODD_APPLICATION_SERVICES, 4), 2),
  })
  .map((rule) => applicationRule(...optionsOf(rule)));

interface Drawn extends Omit<RuleOptions, 'depth'> {
  readonly action: string;
  readonly standing: RuleOptions;
}

function optionsOf({ action: drawn, standing: place, ...rest }: Drawn): [RuleDraft['action'], RuleOptions] {
  return [drawn === 'allow' || drawn === 'deny' ? drawn : 'unknown', { ...rest, ...place }];
}

const opaque: fc.Arbitrary<RuleDraft> = fc
  .record({
    stage: fc.constantFrom('network', 'application'),
    depth: fc.nat({ max: 2 }),
    action,
    kind: fc.constantFrom('base-policy', 'rules'),
  })
  .map(({ stage, depth, action: drawn, kind }) =>
    opaqueRules(stage === 'network' ? 'network' : 'application', {
      depth,
      action: drawn === 'allow' || drawn === 'deny' ? drawn : 'unknown',
      kind: kind === 'rules' ? 'rules' : 'base-policy',
    }),
  );

/** Rules for {@link policy}, one to eight. */
export const policyDrafts: fc.Arbitrary<RuleDraft[]> = fc.array(
  fc.oneof(
    { arbitrary: network, weight: 10 },
    { arbitrary: application, weight: 10 },
    { arbitrary: opaque, weight: 1 },
  ),
  { minLength: 1, maxLength: 8 },
);

/** A flow in the words of the builder, so that a counterexample can be read. */
export interface FlowDraft {
  readonly from: readonly string[];
  readonly to:
    | { readonly name: string; readonly standsForHosts: boolean }
    | { readonly addresses: readonly string[] }
    | { readonly tag: string }
    | { readonly apiServerIn: string };
  readonly protocol: FlowSpec['protocol'];
  readonly ports: FlowSpec['ports'];
}

const flowSource = mostly(
  ['10.0.0.0/24', '10.0.0.0/25', '10.0.0.0/23', '10.0.0.7', '10.0.0.100-10.0.1.10', '192.168.1.0/24'],
  [symbol('nodes'), symbol('pods')],
  3,
);

const flowName = fc.record({
  name: fc.oneof(
    { arbitrary: fc.constantFrom(...HOSTS), weight: 6 },
    { arbitrary: fc.constantFrom(...WILDCARDS), weight: 6 },
    { arbitrary: fc.constantFrom(...SYMBOLIC), weight: 1 },
  ),
  standsForHosts: fc.constantFrom(false, false, false, true),
});

const flowAddresses = fc.record({
  addresses: some(
    fc.constantFrom(
      '20.0.0.0/24',
      '20.0.0.64-20.0.0.130',
      '20.0.0.5',
      '10.1.2.0/24',
      '9.0.0.0-11.0.0.0',
      '0.0.0.0/0',
    ),
    2,
  ),
});

const flowTag = fc.record({
  tag: fc.constantFrom('Storage', 'Storage.westeurope', 'storage.a', 'AzureCloud.westeurope', 'AzureCloud'),
});

const flowApiServer = fc.record({ apiServerIn: fc.constantFrom('westeurope', 'eastus', '') });

const web = { protocol: fc.constantFrom('HTTPS', 'HTTPS', 'HTTP', 'MSSQL'), ports: [[443], [80], [1433]] };
const raw = { protocol: fc.constantFrom('TCP', 'UDP'), ports: [[443], [80]] };

function flowOf(kind: typeof web | typeof raw): fc.Arbitrary<FlowDraft> {
  return fc
    .record({
      from: some(flowSource, 3),
      to: fc.oneof(
        { arbitrary: flowName, weight: 6 },
        { arbitrary: flowAddresses, weight: 2 },
        { arbitrary: flowTag, weight: 1 },
        { arbitrary: flowApiServer, weight: 1 },
      ),
      protocol: kind.protocol,
      ports: fc.oneof(
        fc.constantFrom(...kind.ports.map(([port = 0]) => [[port, port] as const])),
        fc.constantFrom(
          [[80, 80] as const, [443, 443] as const],
          [[442, 444] as const],
          [[1, 65_535] as const],
        ),
      ),
    })
    .map((draft) => ({ ...draft, protocol: protocolOf(draft.protocol) }));
}

function protocolOf(text: string): FlowSpec['protocol'] {
  const known: readonly FlowSpec['protocol'][] = ['HTTP', 'HTTPS', 'MSSQL', 'TCP', 'UDP'];
  return known.find((one) => one === text) ?? 'HTTPS';
}

export const flowDraft: fc.Arbitrary<FlowDraft> = fc.oneof(
  { arbitrary: flowOf(web), weight: 3 },
  { arbitrary: flowOf(raw), weight: 1 },
);

export function specOf(draft: FlowDraft): FlowSpec {
  const { from: sources, to } = draft;
  return {
    sources: sources.map((text) => (text.startsWith('⟦') ? text : rangeOf(text))),
    destination: 'addresses' in to ? { addresses: to.addresses.map(rangeOf) } : to,
    protocol: draft.protocol,
    ports: draft.ports,
  };
}

function rangeOf(text: string): IpRange {
  const range = parseIpRange(text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return range;
}

/** Network rules about `a.x`, whose addresses lie in two service tags together, and `b.x`, which a third holds alone too. */
export const tagDrafts: fc.Arbitrary<RuleDraft[]> = fc.array(
  fc
    .record({
      action: fc.constantFrom('allow', 'allow', 'allow', 'deny', 'unknown'),
      standing,
      from: some(fc.constantFrom('*', '10.0.0.0/25', '10.0.0.128/25', '10.0.0.0/24', symbol('nodes')), 2),
      to: some(
        mostly(
          ['Left', 'Right', 'Left', 'Right', 'Single'],
          ['*', 'Left.westeurope', '20.0.0.0/24', 'b.x'],
          3,
        ),
        2,
      ),
      services: some(fc.constantFrom('TCP 443', 'TCP 80', 'TCP 80-443', 'Any *'), 1),
    })
    .map((rule) => networkRule(...optionsOf(rule))),
  { minLength: 1, maxLength: 6 },
);

export const TAG_FACTS: Facts = {
  ...FACTS,
  tagsOfName: (name) =>
    name === 'a.x' ? [['left', 'right']] : name === 'b.x' ? [['left', 'right'], ['single']] : [],
};

export const taggedFlow: fc.Arbitrary<FlowDraft> = fc
  .record({
    from: some(fc.constantFrom('10.0.0.0/24', '10.0.0.7', '10.0.0.0/25', symbol('nodes')), 2),
    name: fc.constantFrom('a.x', 'b.x'),
    ports: fc.constantFrom([[443, 443] as const], [[80, 80] as const, [443, 443] as const]),
  })
  .map(({ from: sources, name: host, ports }) => ({
    from: sources,
    to: { name: host, standsForHosts: false },
    protocol: 'HTTPS' as const,
    ports,
  }));
