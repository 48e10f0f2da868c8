import { expectEveryMessageAndOptionExercised, testCheck } from './check-tester.ts';

testCheck('outbound-type-bypasses-firewall', {
  fires: [
    {
      name: 'where a load balancer is the way out and no route leads to a firewall',
      facts: { outbound: 'bypass' },
      data: { outboundType: 'loadBalancer' },
      messageId: 'bypass',
      message:
        "Cluster 'aks' has the outbound type loadBalancer and no default route to a firewall: what no other route leads there bypasses policy 'hub-policy'.",
      level: 'warning',
    },
    {
      name: 'where the input does not show the route that would win over a NAT gateway',
      facts: { outbound: 'maybe-bypass' },
      data: { outboundType: 'managedNATGateway' },
      messageId: 'mayBypass',
      message:
        "Cluster 'aks' has the outbound type managedNATGateway: its traffic passes policy 'hub-policy' only if its node subnet has a default route to the firewall, which the input does not show.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'with userDefinedRouting' },
    { name: 'where nothing leaves at all', facts: { outbound: 'none' } },
    { name: 'where the outbound type is not known', facts: { outbound: 'unknown' } },
  ],
});

testCheck('contradicts-cluster', {
  fires: [
    {
      name: 'where a flag says otherwise than the input',
      facts: { contradiction: 'yes' },
      data: { by: 'the flags', said: 'the cluster is private', shown: 'the cluster is not private' },
      messageId: 'contradiction',
      message:
        "According to the flags, the cluster is private; according to the definition of cluster 'aks', the cluster is not private. The judgement follows the flags.",
      level: 'warning',
    },
  ],
  silent: [{ name: 'where both say the same' }],
});

testCheck('no-route-to-firewall', {
  fires: [
    {
      name: 'where the node subnet has no route table',
      facts: { route: 'no-route-table' },
      messageId: 'noTable',
      message:
        "Subnet 'nodes' of cluster 'aks' has no route table, but the outbound type userDefinedRouting needs a default route to the firewall with policy 'hub-policy'.",
      level: 'error',
    },
    {
      name: 'where the route table has no default route',
      facts: { route: 'no-default-route' },
      messageId: 'noDefault',
      message:
        "The route table of subnet 'nodes' of cluster 'aks' has no route for 0.0.0.0/0, but the outbound type userDefinedRouting needs one to the firewall with policy 'hub-policy'.",
      level: 'error',
    },
    {
      name: 'where the default route leads elsewhere',
      facts: { route: 'elsewhere' },
      data: { hop: 'the appliance 10.9.9.9' },
      messageId: 'elsewhere',
      message:
        "The default route of subnet 'nodes' of cluster 'aks' leads to the appliance 10.9.9.9, not to the firewall with policy 'hub-policy'.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'where the route leads to the firewall' },
    { name: 'where the next hop is not known', facts: { route: 'unknown' } },
  ],
});

testCheck('dns-proxy-not-used', {
  fires: [
    {
      name: 'where the network uses Azure DNS',
      facts: { dns: 'azure' },
      messageId: 'azureDns',
      message:
        "Policy 'hub-policy' has its DNS proxy on, but the virtual network of cluster 'aks' uses Azure DNS: names in network rules may match other addresses than the nodes use.",
      level: 'warning',
    },
    {
      name: 'where the network uses other servers',
      facts: { dns: 'other' },
      data: { servers: "'10.0.0.10'" },
      messageId: 'otherServers',
      message:
        "Policy 'hub-policy' has its DNS proxy on, but the virtual network of cluster 'aks' uses '10.0.0.10': unless these ask the firewall, names in network rules may match other addresses than the nodes use.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'where the network asks the firewall' },
    { name: 'where the proxy is off', facts: { dns: 'azure', dnsProxy: 'off' } },
    { name: 'where the proxy may be off', facts: { dns: 'other', dnsProxy: 'unknown' } },
  ],
});

testCheck('node-public-ip-bypasses-firewall', {
  fires: [
    {
      name: 'where nodes have public addresses',
      facts: { publicIp: 'yes' },
      data: { pool: 'games' },
      messageId: 'public',
      message:
        "Nodes of pool 'games' of cluster 'aks' have public addresses, so that traffic can bypass policy 'hub-policy'.",
      level: 'warning',
    },
    {
      name: 'where nodes may have public addresses',
      facts: { publicIp: 'unknown' },
      data: { pool: 'games' },
      messageId: 'mayBePublic',
      message:
        "Whether nodes of pool 'games' of cluster 'aks' have public addresses, by which traffic can bypass policy 'hub-policy', is not known: give the value of enableNodePublicIP.",
      level: 'warning',
    },
  ],
  silent: [{ name: 'where they have none' }],
});

testCheck('nsg-denies-egress', {
  fires: [
    {
      name: 'where a rule denies the internet',
      facts: { securityRule: 'denies' },
      data: { group: 'nodes', rule: 'no-internet' },
      messageId: 'denies',
      message:
        "Rule 'no-internet' of network security group 'nodes' denies outbound traffic of the nodes of cluster 'aks'. What AKS needs cannot be listed by address: let the firewall with policy 'hub-policy' decide.",
      level: 'warning',
    },
  ],
  silent: [{ name: 'where none does' }],
});

testCheck('http-proxy-needs-rules', {
  fires: [
    {
      name: 'where the cluster has a proxy',
      facts: { httpProxy: 'yes' },
      data: {
        proxy: 'http://10.0.2.4:3128/',
        judged: 'Its rules are judged for the address 10.0.2.4 of the proxy',
      },
      messageId: 'proxy',
      message:
        "Cluster 'aks' sends its HTTP and HTTPS traffic to the proxy 'http://10.0.2.4:3128/', so the proxy must allow what AKS needs, and policy 'hub-policy' must allow it for the proxy. Its rules are judged for the address 10.0.2.4 of the proxy.",
      level: 'warning',
    },
    {
      name: 'where it may have one',
      facts: { httpProxy: 'unknown' },
      messageId: 'mayBeProxy',
      message:
        "Whether cluster 'aks' uses an HTTP proxy is not known, so neither is whether policy 'hub-policy' must allow for nodes or for the proxy what AKS needs: give the value of httpProxyConfig.",
      level: 'warning',
    },
  ],
  silent: [{ name: 'where it has none' }],
});

expectEveryMessageAndOptionExercised('cluster');
