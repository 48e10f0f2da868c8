import { describe, expect, test } from 'vitest';
import type { Policy, Rule } from '../../../src/model/policy.ts';
import {
  applicationRule,
  collection,
  groupResource,
  networkRule,
  parse,
  policyOf,
  policyResource,
  policyWith,
  ruleNamed,
  showAddress,
  template,
} from '../inputs.ts';

const RULE = '/resources/1/properties/ruleCollections/0/rules/0';
const only = (rule: object, policy?: object): Rule => ruleNamed(policyWith([rule], policy), 'r');
const show = (rule: Rule): string[] => rule.destinations.map(showAddress);
const services = (rule: Rule): string[] =>
  rule.services.map(({ protocol, from, to, text }) => `${protocol} ${from}-${to} "${text}"`);

/** One policy with one rule and parameters that have no value. */
function withParameters(rule: object, ...names: string[]): Policy {
  const parameters = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const group = groupResource('hub/g', 200, [collection('c', 100, 'Allow', [rule])]);
  return policyOf([['policy.json', template([policyResource('hub'), group], { parameters })]]);
}

function notesOf(rule: object): string[] {
  const group = groupResource('hub/g', 200, [collection('c', 100, 'Allow', [rule])]);
  return parse([['policy.json', template([policyResource('hub'), group])]]).notes.map(
    ({ message }) => message,
  );
}

const problemsOf = (rule: object): string[] => (only(rule).invalid ?? []).map(({ problem }) => problem);

describe('destinations of network rules', () => {
  test('addresses, blocks, ranges, any, service tags and names are told apart', () => {
    const rule = only(
      networkRule('r', {
        destinationAddresses: [
          '20.1.2.3',
          '20.2.0.0/16',
          '20.3.0.1-20.3.0.9',
          '*',
          'AzureCloud.westeurope',
          'Storage',
        ],
        destinationFqdns: ['NTP.Ubuntu.com.', '*.example.com'],
      }),
    );
    expect(show(rule)).toEqual([
      '20.1.2.3',
      '20.2.0.0/16',
      '20.3.0.1-20.3.0.9',
      '*',
      'service-tag:AzureCloud.westeurope',
      'service-tag:Storage',
      'network-fqdn:ntp.ubuntu.com',
      'network-fqdn:*.example.com',
    ]);
    expect(rule.destinations[1]?.place).toEqual({
      path: 'policy.json',
      pointer: `${RULE}/destinationAddresses/1`,
    });
    expect(rule.needsTier).toEqual([
      {
        feature: 'FQDNs in network rules',
        tier: 'Standard',
        place: { path: 'policy.json', pointer: `${RULE}/destinationFqdns`, key: true },
      },
    ]);
  });

  test('what people write for a tag stays a tag, for checks to judge', () => {
    const rule = only(networkRule('r', { destinationAddresses: ['AzureCloud.*', 'AzureKubernetesService'] }));
    expect(show(rule)).toEqual(['service-tag:AzureCloud.*', 'service-tag:AzureKubernetesService']);
  });

  test.each([
    ['10.1.2.300', 'not an IP address'],
    ['20.1.2.9-20.1.2.3', 'does not run upwards'],
    ['20.1.2.3 - 20.1.2.9', 'spaces'],
    [' 20.1.2.3', 'spaces'],
    ['20.1.2.3,20.1.2.4', 'several addresses'],
    ['20.1.2.0/33', 'not an IP address'],
    ['20.1.2', 'not an IP address'],
  ])('%s matches nothing and says why', (text, problem) => {
    const [address] = only(networkRule('r', { destinationAddresses: [text] })).destinations;
    expect(address).toMatchObject({
      kind: 'invalid',
      text,
      problem: expect.stringContaining(problem) as string,
    });
  });

  test('a symbol behind a tag is one region of the tag, a whole symbol may be anything', () => {
    const policy = withParameters(
      networkRule('r', {
        destinationAddresses: [
          "[concat('AzureCloud.', parameters('region'))]",
          "[parameters('address')]",
          "[concat(parameters('address'), '/32')]",
        ],
      }),
      'region',
      'address',
    );
    expect(show(ruleNamed(policy, 'r'))).toEqual([
      "service-tag:AzureCloud.⟦parameters('region')⟧",
      "symbol:⟦parameters('address')⟧",
      "symbol:⟦(parameters('address'))/32⟧",
    ]);
    expect(policy.unknowns).toHaveLength(2);
  });
});

describe('sources', () => {
  test('addresses, any, invalid text and service tags, which no source may be', () => {
    const rule = only(
      networkRule('r', { sourceAddresses: ['10.240.0.0/22', '*', '10.1.2.300', 'AzureCloud'] }),
    );
    expect(rule.sources.map(showAddress)).toEqual([
      '10.240.0.0/22',
      '*',
      'invalid:10.1.2.300',
      'invalid:AzureCloud',
    ]);
  });

  test('a list that is a parameter without value is one symbol', () => {
    const policy = withParameters(networkRule('r', { sourceAddresses: "[parameters('nodes')]" }), 'nodes');
    expect(ruleNamed(policy, 'r').sources.map(showAddress)).toEqual(["symbol:⟦parameters('nodes')⟧"]);
  });

  test('a Kubernetes selector group is neither any nor none', () => {
    const rule = only(
      networkRule('r', {
        sourceAddresses: [],
        sourceKubeSelectorGroups: ['/subscriptions/s/kubeSelectorGroups/k'],
      }),
    );
    expect(rule.sources.map(({ kind }) => kind)).toEqual(['opaque']);
  });

  test('null, the empty string and the empty list are alike; a single string counts as a list', () => {
    const rule = only(
      networkRule('r', { sourceAddresses: '10.240.0.0/22', sourceIpGroups: null, destinationFqdns: '' }),
    );
    expect(rule.sources.map(showAddress)).toEqual(['10.240.0.0/22']);
    expect(rule.destinations).toHaveLength(1);
    expect(rule.needsTier).toEqual([]);
  });
});

describe('services of network rules', () => {
  test('every protocol with every port, ranges and any', () => {
    const rule = only(
      networkRule('r', { ipProtocols: ['tcp', 'Udp'], destinationPorts: ['443', '8000-8080', '*'] }),
    );
    expect(services(rule)).toEqual([
      'TCP 443-443 "tcp 443"',
      'TCP 8000-8080 "tcp 8000-8080"',
      'TCP 0-65535 "tcp *"',
      'UDP 443-443 "Udp 443"',
      'UDP 8000-8080 "Udp 8000-8080"',
      'UDP 0-65535 "Udp *"',
    ]);
    expect(rule.services[1]?.protocolPlace.pointer).toBe(`${RULE}/ipProtocols/0`);
    expect(rule.services[1]?.portPlace.pointer).toBe(`${RULE}/destinationPorts/1`);
  });

  test('Any and ICMP, ports as numbers', () => {
    const rule = only(networkRule('r', { ipProtocols: ['Any', 'ICMP'], destinationPorts: [443] }));
    expect(services(rule)).toEqual(['Any 443-443 "Any 443"', 'ICMP 443-443 "ICMP 443"']);
  });

  test('unknown ports and protocols are known to be unknown', () => {
    const policy = withParameters(
      networkRule('r', {
        ipProtocols: ["[parameters('protocol')]"],
        destinationPorts: ["[parameters('port')]"],
      }),
      'protocol',
      'port',
    );
    expect(ruleNamed(policy, 'r').services).toMatchObject([
      { protocol: 'unknown', from: 0, to: 65535, portsKnown: false },
    ]);
    expect(policy.unknowns).toHaveLength(2);
  });

  test.each(['90-80', '70000', '80,443', 'https', '-1', '80-'])(
    'port %s is left out and kept as invalid',
    (port) => {
      const rule = networkRule('r', { destinationPorts: [port, '443'] });
      expect(services(only(rule))).toEqual(['TCP 443-443 "TCP 443"']);
      expect(only(rule).invalid).toEqual([
        {
          problem: expect.stringContaining(`found the text "${port}"`) as string,
          place: { path: 'policy.json', pointer: `${RULE}/destinationPorts/0` },
        },
      ]);
    },
  );

  test('a protocol that Azure does not know is left out and kept as invalid', () => {
    const rule = networkRule('r', { ipProtocols: ['SCTP', 'TCP'] });
    expect(services(only(rule))).toEqual(['TCP 443-443 "TCP 443"']);
    expect(problemsOf(rule)).toEqual(['expected TCP, UDP, ICMP or Any as protocol, found the text "SCTP"']);
  });
});

describe('application rules', () => {
  test('names are lower case without the dot of the root, patterns stay as they are', () => {
    const rule = only(
      applicationRule('r', {
        targetFqdns: [
          'MCR.Microsoft.com',
          '*.Data.mcr.microsoft.com.',
          '*',
          '*mcr.microsoft.com',
          'www.example.*',
        ],
      }),
    );
    expect(show(rule)).toEqual([
      'fqdn:mcr.microsoft.com',
      'fqdn:*.data.mcr.microsoft.com',
      'fqdn:*',
      'fqdn:*mcr.microsoft.com',
      'fqdn:www.example.*',
    ]);
    expect(rule.destinations[0]).toMatchObject({ text: 'MCR.Microsoft.com' });
  });

  test('symbols inside names keep their text', () => {
    const policy = withParameters(
      applicationRule('r', { targetFqdns: ["[concat('*.HCP.', parameters('location'), '.azmk8s.io')]"] }),
      'location',
    );
    expect(show(ruleNamed(policy, 'r'))).toEqual(["fqdn:*.hcp.⟦parameters('location')⟧.azmk8s.io"]);
  });

  test('URLs are split into host and path and need the Premium tier', () => {
    const rule = only(
      applicationRule('r', {
        targetFqdns: [],
        targetUrls: ['mcr.microsoft.com/v2/*', '*.Example.com', 'https://www.example.com/A/b'],
        terminateTLS: true,
      }),
    );
    expect(show(rule)).toEqual([
      'url:mcr.microsoft.com/v2/*',
      'url:*.example.com',
      'url:www.example.com/A/b',
    ]);
    expect(rule.terminateTls).toBe(true);
    expect(rule.needsTier.map(({ feature, tier }) => `${feature} ${tier}`)).toEqual([
      'TLS inspection Premium',
      'URL filtering Premium',
    ]);
    expect(rule.listPlaces.terminateTls).toEqual({
      path: 'policy.json',
      pointer: `${RULE}/terminateTLS`,
      key: true,
    });
  });

  test('FQDN tags and web categories', () => {
    const rule = only(
      applicationRule('r', {
        targetFqdns: [],
        fqdnTags: ['AzureKubernetesService'],
        webCategories: ['Gambling'],
      }),
    );
    expect(show(rule)).toEqual(['fqdn-tag:AzureKubernetesService', 'web-category:Gambling']);
    expect(rule.needsTier.map(({ tier }) => tier)).toEqual(['Standard']);
  });

  test('protocols: ports as strings, enumerations in any case, the usual port where none is written', () => {
    const rule = only(
      applicationRule('r', {
        protocols: [
          { protocolType: 'https', port: '8443' },
          { protocolType: 'HTTP' },
          { protocolType: 'Mssql', port: 1433 },
        ],
      }),
    );
    expect(services(rule)).toEqual([
      'HTTPS 8443-8443 "https:8443"',
      'HTTP 80-80 "HTTP:80"',
      'MSSQL 1433-1433 "Mssql:1433"',
    ]);
  });

  test('a rule without protocols allows nothing, and that is noted', () => {
    const rule = applicationRule('r', { protocols: [], fqdnTags: ['AzureKubernetesService'] });
    expect(only(rule).services).toEqual([]);
    expect(notesOf(rule)).toEqual([expect.stringContaining('no protocols')]);
  });

  test.each([
    [{ protocolType: 'Tcp', port: 443 }, 'expected Http, Https or Mssql'],
    [{ protocolType: 'Https', port: '440-443' }, 'expected one port'],
    ['ftp:21', 'expected {protocolType, port}'],
  ])('protocol %j is left out and kept as invalid', (protocol, problem) => {
    const rule = applicationRule('r', { protocols: [protocol] });
    expect(only(rule).services).toEqual([]);
    expect(problemsOf(rule)).toEqual([expect.stringContaining(problem)]);
  });

  test.each(['targetFqdns', 'fqdnTags', 'targetUrls', 'webCategories'])(
    'an object in %s is no destination and kept as invalid',
    (list) => {
      const rule = applicationRule('r', { targetFqdns: [], [list]: [{ fqdn: 'mcr.microsoft.com' }] });
      expect(show(only(rule))).toEqual([]);
      expect(problemsOf(rule)).toEqual([`expected a text in ${list}, found an object`]);
    },
  );

  test('destinationAddresses have no effect and are no destinations', () => {
    const rule = only(applicationRule('r', { destinationAddresses: ['20.0.0.1'] }));
    expect(show(rule)).toEqual(['fqdn:mcr.microsoft.com']);
    expect(rule.ineffective).toEqual([
      {
        field: 'destinationAddresses',
        place: { path: 'policy.json', pointer: `${RULE}/destinationAddresses`, key: true },
      },
    ]);
    expect(only(applicationRule('r', { destinationAddresses: [] })).ineffective).toEqual([]);
  });

  test('TLS inspection that hangs on a parameter is unknown; as a string it is read', () => {
    const policy = withParameters(
      applicationRule('r', { terminateTLS: "[parameters('inspect')]" }),
      'inspect',
    );
    expect(ruleNamed(policy, 'r').terminateTls).toBe('unknown');
    expect(only(applicationRule('r', { terminateTLS: 'True' })).terminateTls).toBe(true);
  });
});

describe('IP groups', () => {
  const ID = "[resourceId('Microsoft.Network/ipGroups', 'nodes')]";
  const ipGroup = (ipAddresses: unknown): object => ({
    type: 'Microsoft.Network/ipGroups',
    apiVersion: '2024-05-01',
    name: 'Nodes',
    properties: { ipAddresses },
  });
  const rule = networkRule('r', { sourceAddresses: [], sourceIpGroups: [ID] });
  const group = groupResource('hub/g', 200, [collection('c', 100, 'Allow', [rule])]);

  test('members stand where the rule uses the group, with the places of the group', () => {
    const policy = policyOf([
      ['policy.json', template([policyResource('hub'), group])],
      ['groups.json', template([ipGroup(['10.240.0.0/22', '10.1.2.300', '10.9.0.1-10.9.0.5'])])],
    ]);
    const { sources } = ruleNamed(policy, 'r');
    expect(sources.map(showAddress)).toEqual(['10.240.0.0/22', 'invalid:10.1.2.300', '10.9.0.1-10.9.0.5']);
    expect(sources[2]?.place).toEqual({
      path: 'groups.json',
      pointer: '/resources/0/properties/ipAddresses/2',
    });
  });

  test('Azure skips a rule whose group is empty: it matches nothing, whatever else it lists', () => {
    const also = networkRule('r', { sourceAddresses: ['*'], sourceIpGroups: [ID] });
    const files = [
      [
        'policy.json',
        template([groupResource('hub/g', 200, [collection('c', 100, 'Deny', [also])]), ipGroup([])]),
      ],
    ] as const;
    const rule = ruleNamed(policyOf(files), 'r');
    expect(rule.sources).toEqual([]);
    expect(rule.destinations).toEqual([]);
    expect(parse(files).notes.map(({ message }) => message)).toEqual([
      "IP group 'nodes' has no members: Azure skips this rule",
    ]);
  });

  test('a group outside the input is a symbol that says which file to add', () => {
    const policy = policyOf([['policy.json', template([policyResource('hub'), group])]]);
    expect(ruleNamed(policy, 'r').sources).toMatchObject([
      {
        kind: 'symbol',
        symbol: expect.stringContaining('/ipgroups/nodes') as string,
        unknown: {
          reason: "IP group 'nodes' is not in the input",
          supply: "add the file that defines IP group 'nodes'",
        },
      },
    ]);
  });

  test('the same missing group is the same symbol in every rule', () => {
    const rules = [rule, networkRule('second', { sourceAddresses: [], sourceIpGroups: [ID] })];
    const policy = policyWith(rules);
    const [a, b] = policy.rules.map(({ sources }) => sources.map(showAddress));
    expect(a).toEqual(b);
    expect(policy.unknowns.filter(({ reason }) => reason.includes('IP group'))).toHaveLength(1);
  });

  test('destination groups are expanded in network rules', () => {
    const target = networkRule('r', { destinationAddresses: [], destinationIpGroups: [ID] });
    const policy = policyOf([
      [
        'policy.json',
        template([
          groupResource('hub/g', 200, [collection('c', 100, 'Allow', [target])]),
          ipGroup(['20.0.0.0/24']),
        ]),
      ],
    ]);
    expect(show(ruleNamed(policy, 'r'))).toEqual(['20.0.0.0/24']);
  });
});

describe('what is no rule', () => {
  const withRules = (rules: unknown, action = 'Allow', more: object = {}): Policy =>
    policyOf([
      ['policy.json', template([groupResource('hub/g', 200, [collection('c', 100, action, rules)])], more)],
    ]);

  test('DNAT collections and rules are left out', () => {
    const nat = { ruleType: 'NatRule', name: 'n', ipProtocols: ['TCP'], translatedPort: '443' };
    expect(withRules([nat], 'DNAT').rules).toEqual([]);
    expect(withRules([nat, networkRule('r')]).rules.map(({ name }) => name)).toEqual(['r']);
  });

  test('a rule list without value is opaque in both stages, with the action of its collection', () => {
    const policy = withRules("[parameters('rules')]", 'Deny', { parameters: { rules: { type: 'array' } } });
    expect(policy.rules.map(({ stage, action, id, opaque }) => [stage, action, id, opaque?.reason])).toEqual([
      ['network', 'deny', 'g/c', "parameter 'rules' has no value"],
      ['application', 'deny', 'g/c#2', "parameter 'rules' has no value"],
    ]);
    expect(policy.rules[0]?.order).toEqual([0, 200, 100, 0]);
  });

  test('an unknown rule among known ones is opaque at its place, in their stage', () => {
    const rules = [networkRule('a'), "[parameters('extra')]", networkRule('b')];
    const policy = withRules(rules, 'Allow', { parameters: { extra: { type: 'object' } } });
    expect(policy.rules.map(({ stage, name, opaque }) => [stage, name, opaque !== undefined])).toEqual([
      ['network', 'a', false],
      ['network', '', true],
      ['network', 'b', false],
    ]);
  });

  test('wrong types are noted and stand as opaque rules, never as nothing', () => {
    const files = [
      [
        'policy.json',
        template([groupResource('hub/g', 200, [collection('c', 100, 'Allow', [17, { name: 'x' }])])]),
      ],
    ] as const;
    expect(policyOf(files).rules.every(({ opaque }) => opaque !== undefined)).toBe(true);
    expect(parse(files).notes.map(({ message }) => message)).toEqual([
      'expected a rule, found number 17',
      'a rule without ruleType, protocols and destinations; expected ruleType NetworkRule or ApplicationRule',
    ]);
  });

  test('a collection whose action is neither Allow nor Deny has an unknown action', () => {
    const policy = withRules([networkRule('r')], 'Permit');
    expect(policy.rules[0]?.action).toBe('unknown');
    expect(policy.unknowns).toHaveLength(2);
  });

  test('lower-case actions and plain strings as action are read', () => {
    expect(withRules([networkRule('r')], 'deny').rules[0]?.action).toBe('deny');
    const plain = { ...collection('c', '100', 'Deny', [networkRule('r')]), action: 'Deny' };
    const policy = policyOf([['policy.json', template([groupResource('hub/g', 200, [plain])])]]);
    expect(policy.rules[0]?.action).toBe('deny');
  });
});
