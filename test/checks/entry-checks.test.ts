import { expectEveryMessageAndOptionExercised, testCheck } from './check-tester.ts';

const unneeded = { usage: 'unneeded', need: 'none' };
const declared = { usage: 'declared' };
const wholeRule = { ruleUsage: 'shadowed' };

testCheck('unsupported-wildcard', {
  fires: [
    {
      name: 'on an asterisk in the middle',
      facts: { form: 'unsupported-wildcard', kind: 'wildcard', usage: 'unneeded' },
      data: { destination: 'api.*.azmk8s.io' },
      messageId: 'position',
      message:
        "'api.*.azmk8s.io' in rule 'allow-aks' matches nothing: Azure Firewall supports a wildcard only as the first character.",
      level: 'error',
    },
    {
      name: 'on a wildcard in a network rule',
      facts: { form: 'network-wildcard', kind: 'wildcard', stage: 'network' },
      data: { destination: '*.hcp.westeurope.azmk8s.io' },
      messageId: 'networkRule',
      message:
        "'*.hcp.westeurope.azmk8s.io' in rule 'allow-aks' matches nothing: the names of a network rule cannot contain a wildcard. List the names, or move the pattern to an application rule.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a leading wildcard', facts: { kind: 'wildcard' } },
    { name: 'on a wildcard without a dot', facts: { kind: 'wildcard', form: 'dotless-wildcard' } },
  ],
});

testCheck('dotless-wildcard', {
  fires: [
    {
      name: 'on a required entry',
      facts: { kind: 'wildcard', form: 'dotless-wildcard', destinationBreadth: 'wider' },
      data: {
        destination: '*mcr.microsoft.com',
        instead: "'mcr.microsoft.com' and '*.data.mcr.microsoft.com'",
      },
      messageId: 'dotless',
      message:
        "'*mcr.microsoft.com' in rule 'allow-aks' also matches names of other owners that merely end like it: the dot behind the asterisk is missing. Write 'mcr.microsoft.com' and '*.data.mcr.microsoft.com' instead.",
      level: 'warning',
    },
    {
      name: 'on a declared one',
      facts: { ...declared, kind: 'wildcard', form: 'dotless-wildcard' },
      data: { destination: '*contoso.com' },
      messageId: 'dotless',
      message:
        "'*contoso.com' in rule 'allow-aks' also matches names of other owners that merely end like it: the dot behind the asterisk is missing.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'with the dot', facts: { kind: 'wildcard' } },
    {
      name: 'on an entry that nobody needs, which is to be removed',
      facts: { ...unneeded, form: 'dotless-wildcard' },
    },
  ],
});

testCheck('unknown-service-tag', {
  fires: [
    {
      name: 'on a service tag that does not exist',
      facts: { form: 'unknown-tag', kind: 'service-tag', stage: 'network', usage: 'unknown' },
      data: { destination: 'AzureCloud.*', instead: "'AzureCloud.westeurope'" },
      messageId: 'unknownTag',
      message:
        "'AzureCloud.*' in rule 'allow-aks' is no service tag that Azure knows, so the rule does not deploy. Write 'AzureCloud.westeurope' instead.",
      level: 'error',
    },
    {
      name: 'on an FQDN tag that does not exist',
      facts: { form: 'unknown-tag', kind: 'fqdn-tag' },
      data: { destination: 'AzureKubernetes', instead: "'AzureKubernetesService'" },
      messageId: 'unknownFqdnTag',
      message:
        "'AzureKubernetes' in rule 'allow-aks' is no FQDN tag that Azure Firewall knows, so the rule does not deploy. Write 'AzureKubernetesService' instead.",
      level: 'error',
    },
    {
      name: 'on a tag among the names',
      facts: { form: 'tag-as-name' },
      data: { destination: 'AzureKubernetesService' },
      messageId: 'tagAsName',
      message:
        "'AzureKubernetesService' in rule 'allow-aks' is read as a host name and matches nothing: tags belong into fqdnTags of an application rule or into destinationAddresses of a network rule.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a service tag of Azure', facts: { kind: 'service-tag', stage: 'network' } },
    { name: 'on an FQDN tag', facts: { kind: 'fqdn-tag' } },
  ],
});

testCheck('invalid-address', {
  fires: [
    {
      name: 'on an octet above 255',
      facts: { form: 'invalid-address', kind: 'invalid', stage: 'network', usage: 'unneeded' },
      data: { destination: '10.1.2.300' },
      messageId: 'invalid',
      message: "'10.1.2.300' in rule 'allow-aks' is no valid address, so the rule does not deploy.",
      level: 'error',
    },
  ],
  silent: [{ name: 'on an address', facts: { kind: 'address', stage: 'network' } }],
});

testCheck('retired-endpoint', {
  fires: [
    {
      name: 'on a host that Microsoft no longer serves, with its replacement',
      facts: { ...unneeded, endpoint: 'retired', kind: 'wildcard' },
      data: {
        destination: '*.cdn.mscr.io',
        evidence: 'Images come from *.data.mcr.microsoft.com since 2020.',
        instead: "'*.data.mcr.microsoft.com'",
      },
      messageId: 'retired',
      message:
        "'*.cdn.mscr.io' in rule 'allow-aks' is a retired endpoint. Images come from *.data.mcr.microsoft.com since 2020. AKS uses '*.data.mcr.microsoft.com' now.",
      level: 'note',
    },
    {
      name: 'as a warning in the preset audit',
      facts: { ...unneeded, endpoint: 'retired' },
      data: { destination: 'aksrepos.azurecr.io' },
      preset: 'audit',
      messageId: 'retired',
      message: "'aksrepos.azurecr.io' in rule 'allow-aks' is a retired endpoint.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on a host in use' },
    { name: 'on one that is declared', facts: { ...declared, endpoint: 'retired' } },
  ],
});

testCheck('stale-address', {
  fires: [
    {
      name: 'on an address that its tag does not hold',
      facts: { ...unneeded, endpoint: 'stale', kind: 'address', stage: 'network' },
      data: {
        destination: '203.0.113.0/24',
        service: 'TCP 443',
        belongs: 'AzureMonitor',
        evidence: 'No address of it is in AzureMonitor (service tags, change 401).',
      },
      messageId: 'stale',
      message:
        "'203.0.113.0/24' on TCP 443 in rule 'allow-aks' stands among addresses of AzureMonitor and does not belong there, or not any more. No address of it is in AzureMonitor (service tags, change 401).",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on an address of its tag', facts: { kind: 'address' } },
    { name: 'on one that is declared', facts: { ...declared, endpoint: 'stale' } },
  ],
});

testCheck('wrong-cloud-endpoint', {
  fires: [
    {
      name: 'on a host of another cloud',
      facts: { ...unneeded, endpoint: 'wrong-cloud' },
      data: {
        destination: 'mcr.azk8s.cn',
        belongs: 'AzureChinaCloud',
        instead: "'mcr.microsoft.com'",
      },
      messageId: 'wrongCloud',
      message:
        "'mcr.azk8s.cn' in rule 'allow-aks' belongs to AzureChinaCloud, and a cluster in this cloud never needs it. Write 'mcr.microsoft.com' instead.",
      level: 'warning',
    },
    {
      name: 'on an entry that the article lists for another cloud only',
      facts: { usage: 'unneeded', need: 'other-cloud' },
      data: { destination: '203.0.113.7' },
      messageId: 'wrongCloud',
      message:
        "'203.0.113.7' in rule 'allow-aks' belongs to another cloud, and a cluster in this cloud never needs it.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on a host of this cloud' },
    { name: 'on one that is declared', facts: { ...declared, endpoint: 'wrong-cloud' } },
    {
      name: 'on an entry that is needed here as well',
      facts: { usage: 'required', need: 'other-cloud' },
    },
  ],
});

testCheck('wrong-region-endpoint', {
  fires: [
    {
      name: 'on a literal of another region',
      facts: { ...unneeded, endpoint: 'wrong-region', kind: 'wildcard' },
      data: {
        destination: '*.hcp.eastus.azmk8s.io',
        belongs: 'eastus',
        instead: "'*.hcp.westeurope.azmk8s.io'",
      },
      messageId: 'wrongRegion',
      message:
        "'*.hcp.eastus.azmk8s.io' in rule 'allow-aks' belongs to eastus, and this cluster does not need it. Write '*.hcp.westeurope.azmk8s.io' instead.",
      level: 'warning',
    },
    {
      name: 'on a service tag of another region',
      facts: { usage: 'unneeded', need: 'other-region', kind: 'service-tag', stage: 'network' },
      data: { destination: 'AzureCloud.eastus' },
      messageId: 'wrongRegion',
      message:
        "'AzureCloud.eastus' in rule 'allow-aks' belongs to another region, and this cluster does not need it.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on an endpoint of this region' },
    { name: 'on one that is declared', facts: { ...declared, endpoint: 'wrong-region' } },
  ],
});

testCheck('misspelled-endpoint', {
  fires: [
    {
      name: 'with the name that was meant',
      facts: { ...unneeded, endpoint: 'misspelled' },
      data: { destination: 'archieve.ubuntu.com', instead: "'archive.ubuntu.com'" },
      messageId: 'misspelled',
      message:
        "'archieve.ubuntu.com' in rule 'allow-aks' looks like a typing error of 'archive.ubuntu.com': no AKS endpoint has this name.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on the right spelling' },
    { name: 'on a name that is declared', facts: { ...declared, endpoint: 'misspelled' } },
  ],
});

testCheck('apex-not-covered', {
  fires: [
    {
      name: 'on a wildcard without its apex',
      facts: { endpoint: 'apex', kind: 'wildcard' },
      data: { destination: '*.mcr.microsoft.com', instead: "'mcr.microsoft.com'" },
      messageId: 'apex',
      message:
        "'*.mcr.microsoft.com' in rule 'allow-aks' matches the subdomains only, and AKS needs 'mcr.microsoft.com' too.",
      level: 'warning',
    },
    {
      name: 'on a name whose subdomains are needed',
      facts: { ...unneeded, endpoint: 'apex' },
      data: { destination: 'vault.azure.net', instead: "'*.vault.azure.net'" },
      messageId: 'subdomains',
      message:
        "'vault.azure.net' in rule 'allow-aks' matches that one name only, and AKS needs '*.vault.azure.net'.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'where nothing is left out', facts: { kind: 'wildcard' } },
    { name: 'on one that is declared', facts: { ...declared, endpoint: 'apex' } },
  ],
});

testCheck('redundant-entry', {
  fires: [
    {
      name: 'on an entry that other rules allow as well',
      facts: { usage: 'redundant' },
      data: { by: "'microsoft-wildcard'" },
      messageId: 'redundant',
      message:
        "'mcr.microsoft.com' on HTTPS 443 in rule 'allow-aks' is redundant: all of it is already allowed by 'microsoft-wildcard'.",
      level: 'note',
    },
    {
      name: 'on an entry that earlier rules decide',
      facts: { usage: 'shadowed' },
      messageId: 'shadowed',
      message:
        "'mcr.microsoft.com' on HTTPS 443 in rule 'allow-aks' has no effect: all of it is decided earlier by other rules.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'on an entry that matters' },
    { name: 'where the whole rule is reported', facts: { usage: 'shadowed', ...wholeRule } },
    { name: 'where the name itself is wrong', facts: { usage: 'redundant', endpoint: 'retired' } },
  ],
});

testCheck('feature-not-enabled', {
  fires: [
    {
      name: 'with the feature',
      facts: { usage: 'unneeded', need: 'inactive-feature' },
      data: { destination: 'data.policy.core.windows.net', belongs: 'azure-policy' },
      messageId: 'inactive',
      message:
        "'data.policy.core.windows.net' on HTTPS 443 in rule 'allow-aks' serves azure-policy, which this cluster does not have according to its profile.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'on an entry of a feature in use' },
    {
      name: 'where a declared workload needs it too',
      facts: { ...declared, need: 'inactive-feature' },
    },
  ],
});

testCheck('unneeded-entry', {
  fires: [
    {
      name: 'on an entry that nobody needs',
      facts: unneeded,
      data: { destination: 'www.contoso.com' },
      messageId: 'unneeded',
      message:
        "'www.contoso.com' on HTTPS 443 in rule 'allow-aks' is needed neither by AKS nor by a declared workload.",
      level: 'warning',
    },
    {
      name: 'on a port that the tunnel no longer uses',
      facts: { usage: 'unneeded', need: 'removable', kind: 'service-tag', stage: 'network' },
      data: {
        destination: 'AzureCloud.westeurope',
        service: 'UDP 1194',
        evidence: 'The tunnel is konnectivity on 443 since 2022.',
      },
      messageId: 'removable',
      message:
        "'AzureCloud.westeurope' on UDP 1194 in rule 'allow-aks' can be removed: clusters like this one no longer need it. The tunnel is konnectivity on 443 since 2022.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on a required entry' },
    { name: 'on a declared one', facts: { ...declared, need: 'none' } },
    { name: 'where usage cannot be decided', facts: { usage: 'unknown', need: 'unknown' } },
    { name: 'on a retired host', facts: { ...unneeded, endpoint: 'retired' } },
    { name: 'on an entry that other rules allow as well', facts: { usage: 'redundant', need: 'none' } },
    { name: 'where the whole rule is reported', facts: { ...unneeded, ...wholeRule } },
  ],
});

testCheck('broad-destination', {
  fires: [
    {
      name: 'on a network rule to everywhere',
      facts: { kind: 'any', stage: 'network', destinationBreadth: 'any' },
      data: { destination: '*', service: 'TCP 443', needed: "'mcr.microsoft.com'" },
      messageId: 'networkAny',
      message:
        "Rule 'allow-aks' allows every destination on TCP 443 in a network rule, which decides before all application rules and leaves their names without effect. It serves 'mcr.microsoft.com'.",
      level: 'warning',
    },
    {
      name: 'on an application rule to everywhere, even where its use is not known',
      facts: { usage: 'unknown', kind: 'any', destinationBreadth: 'any' },
      data: { destination: '*' },
      messageId: 'any',
      message: "Rule 'allow-aks' allows every destination on HTTPS 443.",
      level: 'warning',
    },
    {
      name: 'on a wildcard beyond need',
      facts: { kind: 'wildcard', destinationBreadth: 'wider' },
      data: {
        destination: '*.microsoft.com',
        excess: 'every host of microsoft.com',
        needed: "'mcr.microsoft.com', 'packages.microsoft.com'",
      },
      messageId: 'wider',
      message:
        "'*.microsoft.com' on HTTPS 443 in rule 'allow-aks' reaches more than AKS needs: every host of microsoft.com. It serves 'mcr.microsoft.com', 'packages.microsoft.com'.",
      level: 'warning',
    },
    {
      name: 'on a range of addresses where AKS may need one',
      facts: { usage: 'unknown', kind: 'address', stage: 'network', destinationBreadth: 'wider' },
      data: {
        destination: '20.0.0.0/8',
        service: 'TCP 443',
        excess: 'every address of 20.0.0.0/8',
        needed: "'<api-server-ip>'",
      },
      messageId: 'perhaps',
      message:
        "'20.0.0.0/8' on TCP 443 in rule 'allow-aks' reaches more than AKS can need: every address of 20.0.0.0/8. Of these it may need '<api-server-ip>'.",
      level: 'warning',
    },
    {
      name: 'on a wildcard that is wider than those that are accepted',
      facts: { kind: 'wildcard', destinationBreadth: 'wider', host: '*.microsoft.com' },
      data: { destination: '*.microsoft.com' },
      options: { acceptedHosts: ['*.mcr.microsoft.com', 'microsoft.com'] },
      messageId: 'wider',
      message: "'*.microsoft.com' on HTTPS 443 in rule 'allow-aks' reaches more than AKS needs.",
      level: 'warning',
    },
    {
      name: 'on addresses, which no accepted host stands for',
      facts: {
        kind: 'address',
        stage: 'network',
        destinationBreadth: 'wider',
        host: '',
        addresses: ['20.0.0.0/8'],
      },
      data: { destination: '20.0.0.0/8', service: 'TCP 443' },
      options: { acceptedHosts: ['*'] },
      messageId: 'wider',
      message: "'20.0.0.0/8' on TCP 443 in rule 'allow-aks' reaches more than AKS needs.",
      level: 'warning',
    },
  ],
  silent: [
    {
      name: 'on an accepted wildcard and on what is inside of one',
      facts: { kind: 'wildcard', destinationBreadth: 'wider', host: '*.mcr.microsoft.com' },
      options: { acceptedHosts: ['*.Microsoft.com'] },
    },
    {
      name: 'on everything in a network rule where that is accepted',
      facts: { kind: 'any', stage: 'network', destinationBreadth: 'any', host: '*' },
      options: { acceptedHosts: ['*'] },
    },
    {
      name: 'on everything in an application rule where that is accepted',
      facts: { kind: 'any', destinationBreadth: 'any', host: '*' },
      options: { acceptedHosts: ['*'] },
    },
    {
      name: 'on an accepted wildcard whose use is not known',
      facts: { usage: 'unknown', kind: 'wildcard', destinationBreadth: 'wider', host: '*.microsoft.com' },
      options: { acceptedHosts: ['*.microsoft.com'] },
    },
    { name: 'on an exact entry' },
    { name: 'on a service tag', facts: { kind: 'service-tag', destinationBreadth: 'wider' } },
    { name: 'on an entry that nobody needs', facts: { ...unneeded, destinationBreadth: 'wider' } },
    {
      name: 'on a wildcard without a dot',
      facts: { form: 'dotless-wildcard', destinationBreadth: 'wider' },
    },
  ],
});

testCheck('broad-service-tag', {
  fires: [
    {
      name: 'on the tag of the world where that of a region is accepted',
      facts: { kind: 'service-tag', stage: 'network', destinationBreadth: 'wider', tags: ['AzureCloud'] },
      data: { destination: 'AzureCloud', service: 'TCP 443' },
      options: { acceptedTags: ['AzureCloud.westeurope'] },
      messageId: 'wider',
      message: "Service tag 'AzureCloud' on TCP 443 in rule 'allow-aks' reaches more than AKS needs.",
      level: 'warning',
    },
    {
      name: 'on a tag of a whole region',
      facts: { kind: 'service-tag', stage: 'network', destinationBreadth: 'wider' },
      data: {
        destination: 'AzureCloud.westeurope',
        service: 'TCP 443',
        excess: 'every public address of the region',
      },
      messageId: 'wider',
      message:
        "Service tag 'AzureCloud.westeurope' on TCP 443 in rule 'allow-aks' reaches more than AKS needs: every public address of the region.",
      level: 'warning',
    },
    {
      name: 'on a tag of everything whose use is not known',
      facts: { usage: 'unknown', kind: 'service-tag', stage: 'network', destinationBreadth: 'any' },
      data: { destination: 'Internet', service: 'TCP 443' },
      messageId: 'wider',
      message: "Service tag 'Internet' on TCP 443 in rule 'allow-aks' reaches more than AKS needs.",
      level: 'warning',
    },
  ],
  silent: [
    {
      name: 'on an accepted tag, however it is written',
      facts: { kind: 'service-tag', stage: 'network', destinationBreadth: 'any', tags: ['Internet'] },
      options: { acceptedTags: ['internet'] },
    },
    {
      name: 'on the regional form of an accepted tag whose use is not known',
      facts: {
        usage: 'unknown',
        kind: 'service-tag',
        stage: 'network',
        destinationBreadth: 'any',
        tags: ['AzureCloud.westeurope'],
      },
      options: { acceptedTags: ['AzureCloud'] },
    },
    { name: 'on the tag that the article asks for', facts: { kind: 'service-tag', stage: 'network' } },
    { name: 'on a wildcard', facts: { kind: 'wildcard', destinationBreadth: 'wider' } },
  ],
});

testCheck('broad-port', {
  fires: [
    {
      name: 'on a range of which only a part is accepted',
      facts: { portBreadth: 'wider', stage: 'network', kind: 'address', ports: ['440-450'] },
      data: { destination: '203.0.113.7', service: 'TCP 440-450' },
      options: { acceptedPorts: ['440-449', '451'] },
      messageId: 'wider',
      message: "TCP 440-450 in rule 'allow-aks' opens more ports of 203.0.113.7 than AKS needs.",
      level: 'warning',
    },
    {
      name: 'on all ports',
      facts: { portBreadth: 'any', stage: 'network', kind: 'address' },
      data: { destination: '203.0.113.7', service: 'TCP *', instead: 'TCP 443' },
      messageId: 'any',
      message: "TCP * in rule 'allow-aks' opens every port of 203.0.113.7. AKS needs TCP 443.",
      level: 'warning',
    },
    {
      name: 'on a range beyond need',
      facts: { portBreadth: 'wider', stage: 'network', kind: 'address' },
      data: { destination: '203.0.113.7', service: 'TCP 1-1024', excess: 'ports 1-1024' },
      messageId: 'wider',
      message: "TCP 1-1024 in rule 'allow-aks' opens more ports of 203.0.113.7 than AKS needs: ports 1-1024.",
      level: 'warning',
    },
  ],
  silent: [
    {
      name: 'on ports that are accepted one by one and by ranges that meet',
      facts: { portBreadth: 'wider', ports: ['443', '8000-8100'] },
      options: { acceptedPorts: ['443', '8000-8050', '8051-8100'] },
    },
    {
      name: 'on all ports where these are accepted',
      facts: { portBreadth: 'any', ports: ['1-65535'] },
      options: { acceptedPorts: ['1-65535'] },
    },
    { name: 'on the port that is needed' },
    { name: 'on an entry that nobody needs', facts: { ...unneeded, portBreadth: 'any' } },
    { name: 'on a range whose use is not known', facts: { usage: 'unknown', portBreadth: 'wider' } },
  ],
});

testCheck('broad-protocol', {
  fires: [
    {
      name: 'on any protocol',
      facts: { protocolBreadth: 'wider', stage: 'network', kind: 'address' },
      data: { destination: '203.0.113.7', service: 'Any 443', instead: 'TCP 443' },
      messageId: 'wider',
      message:
        "Any 443 in rule 'allow-aks' allows more protocols to 203.0.113.7 than AKS needs. AKS needs TCP 443.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on the protocol that is needed' },
    { name: 'on an entry that nobody needs', facts: { ...unneeded, protocolBreadth: 'wider' } },
  ],
});

expectEveryMessageAndOptionExercised('entry');
