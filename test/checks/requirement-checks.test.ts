import { expectEveryMessageAndOptionExercised, testCheck } from './check-tester.ts';

const missing = { verdict: 'missing' };
const partial = { verdict: 'partial' };
const denied = { verdict: 'denied' };
const recommended = { standing: 'recommended' };
const documented = { standing: 'documented' };
const maybe = { applies: 'unknown' };
const ubuntu = {
  destination: 'security.ubuntu.com',
  service: 'HTTP 80',
  purpose: 'security updates of Ubuntu nodes',
};

testCheck('missing-required', {
  fires: [
    {
      name: 'on a required destination that nothing allows, with the rule that came close',
      facts: { ...missing, nearMiss: 'port' },
      data: { nearMiss: "Rule 'allow-mcr' allows 'mcr.microsoft.com' on Https:8443 only." },
      messageId: 'missing',
      message:
        "No rule allows 'mcr.microsoft.com' on HTTPS 443 for 10.240.0.0/22, which AKS needs (pull system images). Rule 'allow-mcr' allows 'mcr.microsoft.com' on Https:8443 only.",
      level: 'error',
    },
    {
      name: 'on a row that is content with one of several destinations, and names them all',
      facts: missing,
      data: {
        alternatives: "'*' or 'AzureCloud.westeurope'",
        service: 'UDP 1194',
        purpose: '',
        sources: '',
      },
      messageId: 'missing',
      message: "No rule allows '*' or 'AzureCloud.westeurope' on UDP 1194, which AKS needs.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a covered destination' },
    { name: 'on a recommended one', facts: { ...missing, ...recommended } },
    { name: 'where it may not apply', facts: { ...missing, ...maybe } },
    { name: 'on a partly covered one', facts: partial },
  ],
});

testCheck('missing-if-applicable', {
  fires: [
    {
      name: 'where nothing allows it',
      facts: { ...maybe, ...missing },
      data: {
        destination: '*.tun.chinaeast2.azk8s.cn',
        service: 'TCP 9000',
        purpose: 'tunnel',
        why: 'whether konnectivity is on',
        supply: 'give konnectivity in the configuration',
      },
      messageId: 'missing',
      message:
        "No rule allows '*.tun.chinaeast2.azk8s.cn' on TCP 9000 for 10.240.0.0/22, which AKS may need (tunnel). That depends on whether konnectivity is on. To decide it, give konnectivity in the configuration.",
      level: 'warning',
    },
    {
      name: 'as an error in the preset strict',
      facts: { ...maybe, ...missing },
      preset: 'strict',
      messageId: 'missing',
      message:
        "No rule allows 'mcr.microsoft.com' on HTTPS 443 for 10.240.0.0/22, which AKS may need (pull system images).",
      level: 'error',
    },
    {
      name: 'where a part is allowed',
      facts: { ...maybe, ...partial },
      data: { remainder: 'on port 443 for 10.240.2.0/24' },
      messageId: 'partial',
      message:
        "AKS may need 'mcr.microsoft.com' on HTTPS 443 (pull system images), and only a part of it is allowed. Not covered: on port 443 for 10.240.2.0/24.",
      level: 'warning',
    },
    {
      name: 'where it is denied',
      facts: { ...maybe, ...denied },
      data: { rule: "'deny-web'" },
      messageId: 'denied',
      message:
        "Rule 'deny-web' denies 'mcr.microsoft.com' on HTTPS 443 before any rule allows it, and AKS may need it (pull system images).",
      level: 'warning',
    },
    {
      name: 'where TLS inspection breaks it',
      facts: { ...maybe, works: 'no-tls-inspection' },
      data: { rule: "'inspect'" },
      messageId: 'broken',
      message:
        "Rule 'inspect' allows 'mcr.microsoft.com' on HTTPS 443 in a way that does not work for AKS, which may need it (pull system images).",
      level: 'warning',
    },
    {
      name: 'where neither need nor verdict is known',
      facts: { ...maybe, verdict: 'unknown', doubt: 'base-policy' },
      data: { why: 'whether there are Ubuntu nodes', supply: 'give the base policy with --base-policy' },
      messageId: 'undecided',
      message:
        "Neither whether AKS needs 'mcr.microsoft.com' on HTTPS 443 nor whether it gets through can be decided. That depends on whether there are Ubuntu nodes. To decide it, give the base policy with --base-policy.",
      level: 'warning',
    },
    {
      name: 'where it would be recommended',
      facts: { ...maybe, ...missing, ...recommended },
      data: {
        ...ubuntu,
        why: 'whether there are Ubuntu nodes',
        supply: 'give nodeOs in the profile',
      },
      messageId: 'recommended',
      message:
        "'security.ubuntu.com' on HTTP 80 is not allowed as it should be for 10.240.0.0/22; it is recommended for some clusters (security updates of Ubuntu nodes). That depends on whether there are Ubuntu nodes. To decide it, give nodeOs in the profile.",
      level: 'warning',
    },
    {
      name: 'where it would be recommended and a rule breaks it',
      facts: { ...maybe, ...recommended, works: 'no-tls-inspection' },
      messageId: 'recommended',
      message:
        "'mcr.microsoft.com' on HTTPS 443 is not allowed as it should be for 10.240.0.0/22; it is recommended for some clusters (pull system images).",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on a covered destination', facts: maybe },
    { name: 'where it surely applies', facts: missing },
    { name: 'on a documented destination', facts: { ...maybe, ...missing, ...documented } },
    { name: 'on a covered recommended one', facts: { ...maybe, ...recommended } },
  ],
});

testCheck('missing-recommended', {
  fires: [
    {
      name: 'where nothing allows it',
      facts: { ...recommended, ...missing, nearMiss: 'port' },
      data: {
        ...ubuntu,
        nearMiss: "Rule 'ubuntu' allows 'security.ubuntu.com' on Https:443 only.",
      },
      messageId: 'missing',
      message:
        "No rule allows 'security.ubuntu.com' on HTTP 80 for 10.240.0.0/22, which is recommended for AKS (security updates of Ubuntu nodes). Rule 'ubuntu' allows 'security.ubuntu.com' on Https:443 only.",
      level: 'warning',
    },
    {
      name: 'where a part is allowed',
      facts: { ...recommended, ...partial },
      data: { ...ubuntu, remainder: 'on port 80 for 10.240.2.0/24' },
      messageId: 'partial',
      message:
        "'security.ubuntu.com' on HTTP 80 is recommended for AKS (security updates of Ubuntu nodes), and only a part of it is allowed. Not covered: on port 80 for 10.240.2.0/24.",
      level: 'warning',
    },
    {
      name: 'where it is denied',
      facts: { ...recommended, ...denied },
      data: { ...ubuntu, rule: "'deny-http'" },
      messageId: 'denied',
      message:
        "Rule 'deny-http' denies 'security.ubuntu.com' on HTTP 80 before any rule allows it, and it is recommended for AKS (security updates of Ubuntu nodes).",
      level: 'warning',
    },
    {
      name: 'where only an address rule could allow it',
      facts: { ...recommended, verdict: 'unknown', doubt: 'address-allow' },
      data: { ...ubuntu, rule: "'azure'" },
      messageId: 'addressOnly',
      message:
        "No rule names 'security.ubuntu.com' on HTTP 80, which is recommended for AKS (security updates of Ubuntu nodes): only the address rule 'azure' could allow it, and no fixed address is promised for it.",
      level: 'warning',
    },
    {
      name: 'where it is allowed but does not work',
      facts: { ...recommended, works: 'no-dns-proxy' },
      data: { ...ubuntu, rule: "'names'" },
      messageId: 'broken',
      message:
        "Rule 'names' allows 'security.ubuntu.com' on HTTP 80 in a way that does not work for AKS, and it is recommended (security updates of Ubuntu nodes).",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on a covered destination', facts: recommended },
    { name: 'where it may not apply', facts: { ...recommended, ...missing, ...maybe } },
    { name: 'on a required one', facts: missing },
    { name: 'on a documented one', facts: { ...documented, ...missing } },
  ],
});

testCheck('missing-documented', {
  fires: [
    {
      name: 'with what is known about the article',
      facts: { ...documented, ...missing },
      data: {
        destination: 'acs-mirror.azureedge.net',
        correction: 'Nodes use packages.aks.azure.com since 2025.',
      },
      messageId: 'missing',
      message:
        "No rule allows 'acs-mirror.azureedge.net' on HTTPS 443, which no cluster needs as far as is known. Nodes use packages.aks.azure.com since 2025.",
      level: 'note',
    },
    {
      name: 'where another row carries the traffic, with that instead of doubt about the article',
      facts: { ...documented, ...missing },
      data: {
        destination: 'AzureMonitor',
        service: 'TCP 443',
        otherwise: 'the policy lets the same traffic out by name',
      },
      messageId: 'missing',
      message:
        "No rule allows 'AzureMonitor' on TCP 443, which is not needed since the policy lets the same traffic out by name.",
      level: 'note',
    },
    {
      name: 'where another row carries the traffic and this one is allowed in part',
      facts: { ...documented, ...partial },
      data: { otherwise: 'the policy lets the same traffic out by name' },
      messageId: 'closed',
      message:
        "The policy allows 'mcr.microsoft.com' on HTTPS 443 only in part or denies it; it is not needed since the policy lets the same traffic out by name.",
      level: 'note',
    },
    {
      name: 'where it is denied',
      facts: { ...documented, ...denied },
      data: { destination: 'acs-mirror.azureedge.net' },
      messageId: 'closed',
      message:
        "The policy allows 'acs-mirror.azureedge.net' on HTTPS 443 only in part or denies it; no cluster needs it as far as is known.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'on a covered destination', facts: documented },
    { name: 'where it may not even apply', facts: { ...documented, ...missing, ...maybe } },
    { name: 'where the verdict is unknown', facts: { ...documented, verdict: 'unknown', doubt: 'opaque' } },
  ],
});

testCheck('covered-only-by-address', {
  fires: [
    {
      name: 'on a name that only a service tag could allow',
      facts: { verdict: 'unknown', doubt: 'address-allow' },
      data: { rule: "'azure-cloud'" },
      messageId: 'addressOnly',
      message:
        "No rule names 'mcr.microsoft.com' on HTTPS 443 for 10.240.0.0/22, which AKS needs (pull system images): only the address rule 'azure-cloud' could allow it, and AKS promises no fixed address for it.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a covered destination' },
    { name: 'on another doubt', facts: { verdict: 'unknown', doubt: 'opaque' } },
    {
      name: 'on a recommended destination',
      facts: { ...recommended, verdict: 'unknown', doubt: 'address-allow' },
    },
  ],
});

testCheck('may-be-denied-by-address', {
  fires: [
    {
      name: 'where a deny by address comes first',
      facts: { verdict: 'unknown', doubt: 'address-deny' },
      data: { rule: "'deny-ranges'" },
      messageId: 'mayBeDenied',
      message:
        "Rule 'deny-ranges' denies public addresses before a rule allows 'mcr.microsoft.com' on HTTPS 443, which AKS needs (pull system images): the traffic is dropped whenever its address falls into that rule.",
      level: 'warning',
    },
  ],
  silent: [{ name: 'on a covered destination' }, { name: 'on a deny that surely applies', facts: denied }],
});

testCheck('partially-covered', {
  fires: [
    {
      name: 'with the part that is left out',
      facts: { ...partial, nearMiss: 'source' },
      data: { remainder: 'on port 443 for 10.240.2.0/24' },
      messageId: 'partial',
      message:
        "AKS needs 'mcr.microsoft.com' on HTTPS 443 (pull system images), and only a part of it is allowed. Not covered: on port 443 for 10.240.2.0/24.",
      level: 'error',
    },
    {
      name: 'with the rule that denies the part',
      facts: partial,
      data: { remainder: 'on port 443 for 10.240.2.0/24', denier: "'no-images'" },
      messageId: 'partial',
      message:
        "AKS needs 'mcr.microsoft.com' on HTTPS 443 (pull system images), and only a part of it is allowed. Not covered: on port 443 for 10.240.2.0/24. Rule 'no-images' denies it.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a covered destination' },
    { name: 'where it may not apply', facts: { ...partial, ...maybe } },
  ],
});

testCheck('denied-by-earlier-rule', {
  fires: [
    {
      name: 'with the rule that denies',
      facts: denied,
      data: { rule: "'deny-internet'" },
      messageId: 'denied',
      message:
        "Rule 'deny-internet' denies 'mcr.microsoft.com' on HTTPS 443 for 10.240.0.0/22 before any rule allows it, and AKS needs it (pull system images).",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a covered destination' },
    { name: 'on one that nothing mentions', facts: missing },
    { name: 'where it may not apply', facts: { ...denied, ...maybe } },
  ],
});

testCheck('unknown-coverage', {
  fires: [
    {
      name: 'on a tag whose contents are disputed',
      facts: { verdict: 'unknown', doubt: 'tag-contents' },
      data: {
        rule: "'aks-tag'",
        destination: 'data.policy.core.windows.net',
        purpose: 'Azure Policy',
        supply: "name 'data.policy.core.windows.net' in an application rule",
      },
      messageId: 'tagContents',
      message:
        "The FQDN tag of rule 'aks-tag' may not contain 'data.policy.core.windows.net' on HTTPS 443, which AKS needs (Azure Policy): Microsoft does not publish what the tag holds, and users report hosts like this one as denied. To decide it, name 'data.policy.core.windows.net' in an application rule.",
      level: 'warning',
    },
    {
      name: 'on single hosts of a wildcard',
      facts: { verdict: 'unknown', doubt: 'which-host' },
      data: {
        rule: "'api'",
        destination: '*.hcp.westeurope.azmk8s.io',
        purpose: 'API server',
        supply: 'give the API server FQDN in the configuration',
      },
      messageId: 'whichHost',
      message:
        "Rule 'api' names single hosts of '*.hcp.westeurope.azmk8s.io' on HTTPS 443, and whether they are those that this cluster needs (API server) cannot be decided. To decide it, give the API server FQDN in the configuration.",
      level: 'warning',
    },
    {
      name: 'on a base policy that was not given',
      facts: { verdict: 'unknown', doubt: 'base-policy' },
      data: { supply: 'give the base policy with --base-policy' },
      messageId: 'basePolicy',
      message:
        "Whether 'mcr.microsoft.com' on HTTPS 443 is allowed cannot be decided, and AKS needs it (pull system images): it depends on a base policy that was not given. To decide it, give the base policy with --base-policy.",
      level: 'warning',
    },
    {
      name: 'on sources that are not known',
      facts: { verdict: 'unknown', doubt: 'source' },
      data: { rule: "'aks'", supply: 'give the sources with --source' },
      messageId: 'source',
      message:
        "Whether 'mcr.microsoft.com' on HTTPS 443 is allowed for the cluster cannot be decided, and AKS needs it (pull system images): it depends on sources of rule 'aks' that are not known. To decide it, give the sources with --source.",
      level: 'warning',
    },
    {
      name: 'on rules that cannot be read',
      facts: { verdict: 'unknown', doubt: 'opaque' },
      messageId: 'opaque',
      message:
        "Whether 'mcr.microsoft.com' on HTTPS 443 is allowed cannot be decided, and AKS needs it (pull system images): it depends on rules that cannot be read from the input.",
      level: 'warning',
    },
    {
      name: 'on a DNS proxy setting that is not known',
      facts: { works: 'unknown-dns-proxy' },
      data: { rule: "'names'" },
      messageId: 'dnsProxy',
      message:
        "Rule 'names' allows 'mcr.microsoft.com' on HTTPS 443 by name in a network rule, and AKS needs it (pull system images): that works only with DNS proxy, and whether it is on is not known.",
      level: 'warning',
    },
    {
      name: 'on rules of equal priority that decide otherwise',
      facts: { verdict: 'unknown', doubt: 'tie' },
      data: { rule: "'no-images'", supply: 'give what is equal in priority different priorities' },
      messageId: 'tie',
      message:
        "Whether 'mcr.microsoft.com' on HTTPS 443 is allowed cannot be decided, and AKS needs it (pull system images): rule 'no-images' stands at a priority where others decide otherwise, and the order of equal priorities is not defined. To decide it, give what is equal in priority different priorities.",
      level: 'warning',
    },
    {
      name: 'on TLS inspection that is not known',
      facts: { works: 'unknown-tls-inspection' },
      data: { rule: "'web'", supply: "allow 'mcr.microsoft.com' in a rule before it" },
      messageId: 'tlsInspection',
      message:
        "Rule 'web' may decrypt 'mcr.microsoft.com' on HTTPS 443, which AKS needs (pull system images) unchanged: whether it terminates the TLS of this traffic is not known. To decide it, allow 'mcr.microsoft.com' in a rule before it.",
      level: 'warning',
    },
    {
      name: 'as an error in the preset strict on any other value that is not known',
      facts: { verdict: 'unknown', doubt: 'unresolved' },
      data: { rule: "'aks'", supply: "give 'location' with --parameters" },
      preset: 'strict',
      messageId: 'unresolved',
      message:
        "Whether 'mcr.microsoft.com' on HTTPS 443 is allowed cannot be decided, and AKS needs it (pull system images): it depends on values of rule 'aks' that are not known. To decide it, give 'location' with --parameters.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a covered destination' },
    {
      name: 'where only an address rule could allow it',
      facts: { verdict: 'unknown', doubt: 'address-allow' },
    },
    { name: 'on a recommended destination', facts: { ...recommended, verdict: 'unknown', doubt: 'opaque' } },
  ],
});

testCheck('undecided-recommended', {
  fires: [
    {
      name: 'in the preset strict',
      facts: { ...recommended, verdict: 'unknown', doubt: 'base-policy' },
      data: { ...ubuntu, supply: 'give the base policy with --base-policy' },
      preset: 'strict',
      messageId: 'undecided',
      message:
        "Whether 'security.ubuntu.com' on HTTP 80 is allowed cannot be decided, and it is recommended for AKS (security updates of Ubuntu nodes). To decide it, give the base policy with --base-policy.",
      level: 'warning',
    },
    {
      name: 'as a note in the preset audit',
      facts: { ...recommended, works: 'unknown-dns-proxy' },
      preset: 'audit',
      messageId: 'undecided',
      message:
        "Whether 'mcr.microsoft.com' on HTTPS 443 is allowed cannot be decided, and it is recommended for AKS (pull system images).",
      level: 'note',
    },
  ],
  silent: [
    { name: 'on a covered destination', facts: recommended },
    { name: 'on a missing one', facts: { ...recommended, ...missing } },
  ],
});

testCheck('allowed-but-broken-tls-inspection', {
  fires: [
    {
      name: 'on the API server behind TLS inspection',
      facts: { works: 'no-tls-inspection' },
      data: {
        destination: '*.hcp.westeurope.azmk8s.io',
        rule: "'inspect-all'",
        purpose: 'node to API server',
      },
      messageId: 'inspected',
      message:
        "Rule 'inspect-all' allows '*.hcp.westeurope.azmk8s.io' on HTTPS 443 but terminates TLS, which breaks what AKS needs it for (node to API server): the connection must reach the endpoint unchanged.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a destination that works' },
    { name: 'on one that is not allowed at all', facts: { ...missing, works: 'no-tls-inspection' } },
  ],
});

testCheck('allowed-but-broken-dns-proxy', {
  fires: [
    {
      name: 'on a name in a network rule without DNS proxy',
      facts: { works: 'no-dns-proxy' },
      data: { rule: "'names'" },
      messageId: 'proxyOff',
      message:
        "Rule 'names' allows 'mcr.microsoft.com' on HTTPS 443 by name in a network rule, and AKS needs it (pull system images), but DNS proxy is off: where the firewall and the nodes resolve different addresses, it is denied.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a destination that works' },
    { name: 'where the setting is not known', facts: { works: 'unknown-dns-proxy' } },
  ],
});

expectEveryMessageAndOptionExercised('requirement');
