import fc from 'fast-check';

/**
 * A firewall of a vendor as its manual describes it, and what it does with one packet, decided as naively as can be. It
 * shares no code with src. The rules are written for each vendor by the printers below, read by the vendor's reader, and
 * walked; both have to say the same of every packet.
 */
export interface DeviceRule {
  readonly isDisabled: boolean;
  readonly allows: boolean;
  /** CIDR blocks; empty for any. */
  readonly sources: readonly string[];
  readonly negatesSource: boolean;
  /** Names and CIDR blocks; empty for any. */
  readonly destinations: readonly string[];
  readonly negatesDestination: boolean;
  /** `TCP 443`, `UDP 100-200`; empty for any. */
  readonly services: readonly string[];
  /** Of Check Point: the rule leads to these instead of deciding. */
  readonly inline?: DeviceLayer;
}

export interface DeviceLayer {
  readonly rules: readonly DeviceRule[];
  /** What is done with what no rule matches. */
  readonly otherwise: 'allow' | 'deny';
}

export interface DevicePacket {
  readonly source: number;
  readonly destination: string | number;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** All layers have to allow. */
export function simulateDevice(layers: readonly DeviceLayer[], packet: DevicePacket): 'allow' | 'deny' {
  for (const layer of layers) if (decide(layer, packet) === 'deny') return 'deny';
  return 'allow';
}

function decide({ rules, otherwise }: DeviceLayer, packet: DevicePacket): 'allow' | 'deny' {
  for (const rule of rules) {
    if (rule.isDisabled || !matches(rule, packet)) continue;
    if (rule.inline !== undefined) return decide(rule.inline, packet);
    return rule.allows ? 'allow' : 'deny';
  }
  return otherwise;
}

function matches(rule: DeviceRule, { source, destination, protocol, port }: DevicePacket): boolean {
  const isSource = rule.sources.length === 0 || rule.sources.some((block) => holds(block, source));
  if (isSource === (rule.negatesSource && rule.sources.length > 0)) return false;
  const isDestination =
    rule.destinations.length === 0 ||
    rule.destinations.some((member) =>
      typeof destination === 'string'
        ? member === destination
        : member.includes('/') && holds(member, destination),
    );
  if (isDestination === (rule.negatesDestination && rule.destinations.length > 0)) return false;
  return (
    rule.services.length === 0 ||
    rule.services.some((service) => {
      const [transport, ports = ''] = service.split(' ');
      const [first = 0, last = first] = ports.split('-').map(Number);
      return transport === protocol && first <= port && port <= last;
    })
  );
}

function holds(block: string, address: number): boolean {
  const [base = '', length = '32'] = block.split('/');
  const size = 2 ** (32 - Number(length));
  const from = number(base);
  return from <= address && address < from + size;
}

export function number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Private networks, so that no name can be at an address of a rule: nothing is left open. */
const BLOCKS = [
  '10.9.0.0/22',
  '10.9.0.0/24',
  '10.9.2.0/23',
  '10.9.1.7/32',
  '10.0.0.0/8',
  '10.3.0.0/16',
  '10.3.1.0/24',
];
export const NAMES = ['mcr.microsoft.com', 'management.azure.com', 'packages.microsoft.com'];
const SERVICES = ['TCP 443', 'TCP 80', 'TCP 400-500', 'UDP 123', 'UDP 443'];

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { maxLength: 2 });

const plainRule = fc.record({
  isDisabled: fc.boolean(),
  allows: fc.boolean(),
  sources: some(BLOCKS),
  negatesSource: fc.boolean(),
  destinations: some([...NAMES, ...BLOCKS]),
  negatesDestination: fc.boolean(),
  services: some(SERVICES),
});

export const deviceRules: fc.Arbitrary<DeviceRule[]> = fc.array(plainRule, { maxLength: 7 });

const otherwise = fc.constantFrom('allow' as const, 'deny' as const);

/** Ordered layers with inline layers inside. */
export const deviceLayers: fc.Arbitrary<DeviceLayer[]> = fc.array(
  fc.record({
    rules: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: plainRule },
        {
          weight: 1,
          arbitrary: fc
            .tuple(plainRule, fc.record({ rules: fc.array(plainRule, { maxLength: 3 }), otherwise }))
            .map(([rule, inline]): DeviceRule => ({ ...rule, inline })),
        },
      ),
      { maxLength: 5 },
    ),
    otherwise,
  }),
  { minLength: 1, maxLength: 2 },
);

/** Points on both sides of every edge of the rules above. */
export function everyPacket(): DevicePacket[] {
  const sources = ['10.9.0.0', '10.9.0.255', '10.9.1.6', '10.9.1.7', '10.9.2.0', '10.9.3.255'].map(number);
  const destinations = [...NAMES, ...['10.3.0.9', '10.3.1.9', '10.4.0.0', '10.9.1.7'].map(number)];
  const services = [
    ['TCP', 443],
    ['TCP', 80],
    ['TCP', 400],
    ['TCP', 8080],
    ['UDP', 123],
    ['UDP', 443],
  ] as const;
  return sources.flatMap((source) =>
    destinations.flatMap((destination) =>
      services.map(([protocol, port]) => ({ source, destination, protocol, port })),
    ),
  );
}

const members = (values: readonly string[]): string =>
  (values.length === 0 ? ['any'] : values).map((value) => `<member>${value}</member>`).join('');
const objectOf = (text: string): string => text.replaceAll(/[./ ]/g, '-');

/** PAN-OS, as one rulebase or as the six of Panorama, one after the other. */
export function panosText(rulebases: readonly (readonly DeviceRule[])[]): string {
  const addresses = [...NAMES, ...BLOCKS].map(
    (text) =>
      `<entry name="${objectOf(text)}">${text.includes('/') ? `<ip-netmask>${text}</ip-netmask>` : `<fqdn>${text}</fqdn>`}</entry>`,
  );
  const services = SERVICES.map((text) => {
    const [protocol = '', port = ''] = text.split(' ');
    const name = protocol.toLowerCase();
    return `<entry name="${objectOf(text)}"><protocol><${name}><port>${port}</port></${name}></protocol></entry>`;
  });
  const objects = `<address>${addresses.join('')}</address><service>${services.join('')}</service>`;
  const yes = (isOn: boolean, name: string): string => (isOn ? `<${name}>yes</${name}>` : '');
  let count = 0;
  const security = (rules: readonly DeviceRule[]): string => {
    const entries = rules.map((rule) => {
      const { isDisabled, allows, sources, destinations, services: ports } = rule;
      return `<entry name="r${(count += 1)}"><from>${members([])}</from><to>${members([])}</to><source>${members(sources.map(objectOf))}</source><destination>${members(destinations.map(objectOf))}</destination><application>${members([])}</application><service>${members(ports.map(objectOf))}</service><action>${allows ? 'allow' : 'deny'}</action>${yes(isDisabled, 'disabled')}${yes(rule.negatesSource && sources.length > 0, 'negate-source')}${yes(rule.negatesDestination && destinations.length > 0, 'negate-destination')}</entry>`;
    });
    return `<security><rules>${entries.join('')}</rules></security>`;
  };
  const [only = []] = rulebases;
  if (rulebases.length === 1) {
    return `<config version="11.1.0"><devices><entry name="d"><vsys><entry name="vsys1">${objects}<rulebase>${security(only)}</rulebase></entry></vsys></entry></devices></config>`;
  }
  const [a = [], b = [], c = [], d = [], e = [], f = []] = rulebases;
  const pre = (rules: readonly DeviceRule[]): string => `<pre-rulebase>${security(rules)}</pre-rulebase>`;
  const post = (rules: readonly DeviceRule[]): string => `<post-rulebase>${security(rules)}</post-rulebase>`;
  return `<config version="11.1.0"><shared>${objects}${post(f)}${pre(a)}</shared><devices><entry name="d"><device-group><entry name="child">${post(d)}${pre(c)}<parent-dg>parent</parent-dg></entry><entry name="parent">${pre(b)}${post(e)}</entry></device-group></entry></devices></config>`;
}

/** FortiGate: numbers run against the order, and half of the denials have no action. */
export function fortiosText(rules: readonly DeviceRule[]): string {
  const addresses = [...NAMES, ...BLOCKS].map((text) =>
    text.includes('/')
      ? `edit "${objectOf(text)}"\nset subnet ${text}\nnext\n`
      : `edit "${objectOf(text)}"\nset type fqdn\nset fqdn "${text}"\nnext\n`,
  );
  const services = SERVICES.map((text) => {
    const [protocol = '', port = ''] = text.split(' ');
    return `edit "${objectOf(text)}"\nset ${protocol.toLowerCase()}-portrange ${port}\nnext\n`;
  });
  const quoted = (values: readonly string[], any: string): string =>
    values.length === 0 ? any : values.map((value) => `"${objectOf(value)}"`).join(' ');
  const policies = rules.map((rule, at) => {
    const {
      isDisabled,
      allows,
      sources,
      destinations,
      services: ports,
      negatesSource,
      negatesDestination,
    } = rule;
    const action = allows ? 'set action accept\n' : at % 2 === 0 ? 'set action deny\n' : '';
    const lines = [
      'set srcintf "any"',
      'set dstintf "any"',
      `set srcaddr ${quoted(sources, 'all')}`,
      `set dstaddr ${quoted(destinations, 'all')}`,
      `set service ${quoted(ports, 'ALL')}`,
      'set schedule "always"',
      ...(negatesSource && sources.length > 0 ? ['set srcaddr-negate enable'] : []),
      ...(negatesDestination && destinations.length > 0 ? ['set dstaddr-negate enable'] : []),
      ...(isDisabled ? ['set status disable'] : []),
    ];
    return `edit ${100 - at}\n${action}${lines.join('\n')}\nnext\n`;
  });
  return `config firewall address\nedit "all"\nnext\n${addresses.join('')}end\nconfig firewall service custom\nedit "ALL"\nset protocol IP\nnext\n${services.join('')}end\nconfig firewall policy\n${policies.join('')}end\n`;
}

/** ASA has no negation: each rule is the entries of its sources, destinations and services. */
export function asaText(rules: readonly DeviceRule[]): string {
  const mask = (block: string): string => {
    const [base = '', length = '32'] = block.split('/');
    const bits = 2 ** 32 - 2 ** (32 - Number(length));
    return `${base} ${[24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.')}`;
  };
  const objects = NAMES.map((name) => `object network ${objectOf(name)}\n fqdn v4 ${name}\n`);
  const entries = rules.flatMap(({ isDisabled, allows, sources, destinations, services }) =>
    (sources.length === 0 ? ['any4'] : sources.map(mask)).flatMap((source) =>
      (destinations.length === 0 ? ['any4'] : destinations).flatMap((destination) =>
        (services.length === 0 ? ['IP'] : services).map((service) => {
          const [protocol = '', ports = ''] = service.split(' ');
          const to = destination.includes('/')
            ? mask(destination)
            : destination === 'any4'
              ? 'any4'
              : `object ${objectOf(destination)}`;
          const port =
            ports === '' ? '' : ports.includes('-') ? ` range ${ports.replace('-', ' ')}` : ` eq ${ports}`;
          return `access-list A extended ${allows ? 'permit' : 'deny'} ${protocol.toLowerCase()} ${source} ${to}${port}${isDisabled ? ' inactive' : ''}\n`;
        }),
      ),
    ),
  );
  return `ASA Version 9.18(4)\ninterface GigabitEthernet0/1\n nameif inside\n security-level 100\n ip address 10.9.0.1 255.0.0.0\n!\ndns domain-lookup inside\n${objects.join('')}access-list A remark the rules\naccess-list A extended permit ip any any inactive\n${entries.join('')}access-group A in interface inside\n`;
}

/** Check Point: pages of each layer, the settings of its implicit cleanup, and the package. */
export function checkPointText(layers: readonly DeviceLayer[]): string {
  const any = { uid: 'any', name: 'Any', type: 'CpmiAnyObject' };
  const objects = [
    any,
    { uid: 'accept', name: 'Accept', type: 'RulebaseAction' },
    { uid: 'drop', name: 'Drop', type: 'RulebaseAction' },
    ...BLOCKS.map((block) => {
      const [base = '', length = ''] = block.split('/');
      return { uid: block, name: block, type: 'network', subnet4: base, 'mask-length4': Number(length) };
    }),
    ...NAMES.map((name) => ({ uid: name, name: `.${name}`, type: 'dns-domain', 'is-sub-domain': false })),
    ...SERVICES.map((text) => {
      const [protocol = '', port = ''] = text.split(' ');
      return { uid: text, name: text, type: `service-${protocol.toLowerCase()}`, port };
    }),
  ];
  const answers: object[] = [];
  let count = 0;
  const column = (values: readonly string[]): readonly string[] => (values.length === 0 ? ['any'] : values);
  const print = ({ rules, otherwise: cleanup }: DeviceLayer, name: string): void => {
    const rulebase = rules.map((rule, at) => {
      const inline = rule.inline === undefined ? undefined : `inline-${(count += 1)}`;
      if (inline !== undefined && rule.inline !== undefined) print(rule.inline, inline);
      return {
        type: 'access-rule',
        name: `${name} ${at + 1}`,
        'rule-number': at + 1,
        enabled: !rule.isDisabled,
        source: column(rule.sources),
        'source-negate': rule.negatesSource && rule.sources.length > 0,
        destination: column(rule.destinations),
        'destination-negate': rule.negatesDestination && rule.destinations.length > 0,
        service: column(rule.services),
        action: rule.allows ? 'accept' : 'drop',
        ...(inline === undefined ? {} : { 'inline-layer': inline }),
      };
    });
    answers.push({ uid: name, name, rulebase, 'objects-dictionary': objects });
    answers.push({
      uid: name,
      name,
      type: 'access-layer',
      'implicit-cleanup-action': cleanup === 'allow' ? 'accept' : 'drop',
    });
  };
  layers.forEach((layer, at) => {
    print(layer, `layer-${at}`);
  });
  answers.push({
    uid: 'p',
    name: 'P',
    type: 'package',
    'access-layers': layers.map((_, at) => ({ uid: `layer-${at}`, name: `layer-${at}` })),
  });
  return JSON.stringify(answers);
}
