import type { FactType } from '../conditions/operator-table.ts';

/**
 * Open facts, which have any value: what a subject is, in the words of the files. Checks of an organisation name them;
 * the schema of checks and the validation of conditions are made from this table, open-views.ts reads the values.
 * A fact with `paths` is one of several members.
 */
export interface OpenFact {
  readonly type: FactType;
  readonly about: string;
}

const POLICY = {
  name: { type: 'text', about: 'Name of the policy.' },
  tier: { type: 'text', about: 'Basic, Standard, Premium or unknown.' },
  threatIntel: { type: 'text', about: 'Threat intelligence mode: Off, Alert, Deny or unknown.' },
  chain: { type: 'texts', about: 'Names of the policy and its base policies, the root first.' },
} as const;

const PLACE = {
  file: { type: 'text', about: 'Path of the file, as the report names it.' },
  pointer: { type: 'text', about: 'JSON pointer into the file.' },
} as const;

const RULE = {
  name: { type: 'text', about: 'Name of the rule.' },
  description: { type: 'text', about: 'Description of the rule; empty where it has none.' },
  collection: { type: 'text', about: 'Name of the rule collection.' },
  group: { type: 'text', about: 'Name of the rule collection group; empty for a classic firewall.' },
  policy: { type: 'text', about: 'Name of the policy that owns the rule: the judged one or a base policy.' },
  action: { type: 'text', about: 'allow, deny or unknown.' },
  stage: { type: 'text', about: 'network or application; appliance for rules of other vendors.' },
  groupPriority: {
    type: 'number',
    about: 'Priority of the rule collection group; 0 for a classic firewall.',
  },
  priority: { type: 'number', about: 'Priority of the rule collection.' },
} as const;

const CELL = {
  ports: { type: 'ports', about: 'Ports and ranges of ports: "443", "8000-8100".' },
  protocols: {
    type: 'texts',
    about: 'Protocols as the rule means them: TCP, UDP, ICMP, Any, HTTP, HTTPS, MSSQL.',
  },
  sources: { type: 'addresses', about: 'Sources of the rule: addresses, blocks and ranges; * for any.' },
  sourceTags: { type: 'tags', about: 'Service tags among the sources of the rule.' },
  rule: { paths: RULE },
  policy: { paths: POLICY },
  place: { paths: PLACE },
} as const;

export const OPEN_FACTS = {
  requirement: {
    destination: { type: 'text', about: 'What AKS needs to reach: a name, a tag, an address or *.' },
    host: { type: 'host', about: 'The destination as a host or pattern; empty where it is none.' },
    addresses: { type: 'addresses', about: 'The destination as an address; empty where it is none.' },
    tags: { type: 'tags', about: 'The destination as a service tag; empty where it is none.' },
    ports: { type: 'ports', about: 'The port that is needed.' },
    protocols: { type: 'texts', about: 'The protocol that is needed: HTTP, HTTPS, TCP or UDP.' },
    sources: { type: 'addresses', about: 'Networks of the cluster that need it.' },
    allowedBy: { type: 'texts', about: 'Names of the rules that allow it.' },
    deniedBy: { type: 'texts', about: 'Name of the rule that denies it.' },
    requirement: {
      paths: {
        id: { type: 'text', about: 'Id of the requirement, such as core/mcr.' },
        row: {
          type: 'text',
          about: 'Table and row of the article, such as T02.02; empty for other sources.',
        },
        feature: { type: 'text', about: 'Feature that it belongs to, such as core or azure-policy.' },
        necessity: { type: 'text', about: 'required, recommended or conditional.' },
        purpose: { type: 'text', about: 'What it is for.' },
        since: { type: 'day', about: 'First day on which it counts; empty where it has always counted.' },
        until: { type: 'day', about: 'Day from which it no longer counts; empty where none is known.' },
      },
    },
    source: {
      paths: {
        document: { type: 'text', about: 'Document that says so.' },
        url: { type: 'text', about: 'Address of the document.' },
        read: { type: 'day', about: 'Day on which the document was read.' },
      },
    },
    policy: { paths: POLICY },
    place: { paths: PLACE },
  },
  entry: {
    destination: { type: 'text', about: 'The destination as the rule writes it.' },
    host: {
      type: 'host',
      about:
        'The destination as a host or pattern in lower case, * for any destination; empty for addresses and tags.',
    },
    addresses: {
      type: 'addresses',
      about: 'The destination as addresses, * for any; empty for names and tags.',
    },
    tags: { type: 'tags', about: 'The destination as a service tag or FQDN tag; empty where it is none.' },
    requirement: {
      paths: { id: { type: 'text', about: 'Id of a requirement that it serves; empty for none.' } },
    },
    ...CELL,
  },
  rule: {
    hosts: { type: 'hosts', about: 'Hosts and patterns among the destinations, in lower case; * for any.' },
    addresses: {
      type: 'addresses',
      about: 'Addresses, blocks and ranges among the destinations; * for any.',
    },
    tags: { type: 'tags', about: 'Service tags and FQDN tags among the destinations.' },
    ...CELL,
  },
  policy: { policy: { paths: POLICY }, place: { paths: PLACE } },
  endpoint: {
    host: { type: 'host', about: 'The listed endpoint as a host or pattern.' },
    category: { type: 'text', about: 'The category in which Azure lists it, such as images.' },
    ports: { type: 'ports', about: 'The port that is listed.' },
    protocols: { type: 'texts', about: 'The protocol that is listed: HTTP, HTTPS, TCP or UDP.' },
    policy: { paths: POLICY },
    place: { paths: PLACE },
  },
  cluster: {
    cluster: { type: 'text', about: 'Name of the cluster.' },
    policy: { paths: POLICY },
    place: { paths: PLACE },
  },
} as const satisfies Record<
  string,
  Record<string, OpenFact | { readonly paths: Readonly<Record<string, OpenFact>> }>
>;

type OpenValue<T> = T extends { type: 'number' }
  ? number
  : T extends { type: 'text' | 'host' | 'day' }
    ? string
    : readonly string[];

/** The open facts of one kind of subject; NaN and symbols in texts where a value is not known. */
export type OpenFactsOf<K extends keyof typeof OPEN_FACTS> = {
  readonly [F in keyof (typeof OPEN_FACTS)[K]]: (typeof OPEN_FACTS)[K][F] extends { paths: infer P }
    ? { readonly [M in keyof P]: OpenValue<P[M]> }
    : OpenValue<(typeof OPEN_FACTS)[K][F]>;
};
