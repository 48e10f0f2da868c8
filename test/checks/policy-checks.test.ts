import { expectEveryMessageAndOptionExercised, testCheck } from './check-tester.ts';

testCheck('policy-not-attached', {
  fires: [
    {
      name: 'where the firewall of the input uses another policy',
      facts: { attached: 'no' },
      messageId: 'detached',
      message: "No firewall in the input uses policy 'hub-policy', so its rules are not in force.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'on a policy in use' },
    { name: 'where the input holds no firewall', facts: { attached: 'unknown' } },
  ],
});

testCheck('no-cluster-sources', {
  fires: [
    {
      name: 'where no source could be chosen',
      facts: { sources: 'none' },
      data: { supply: 'give the node and pod networks with --source' },
      messageId: 'noSources',
      message:
        "Policy 'hub-policy' was not judged for a cluster: no source range was given, and none of its rules is for an AKS endpoint. To have it judged, give the node and pod networks with --source.",
      level: 'warning',
    },
    {
      name: 'as an error in the preset strict, with the candidates',
      facts: { sources: 'none' },
      data: { candidates: '10.1.0.0/24, 10.2.0.0/24' },
      preset: 'strict',
      messageId: 'noSources',
      message:
        "Policy 'hub-policy' was not judged for a cluster: no source range was given, and none of its rules is for an AKS endpoint. Candidates: 10.1.0.0/24, 10.2.0.0/24.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'with sources from the configuration' },
    { name: 'with sources found in the rules', facts: { sources: 'inferred' } },
    { name: 'where there are no rules to look at', facts: { sources: 'none', rules: 'unknown' } },
  ],
});

testCheck('no-rules', {
  fires: [
    {
      name: 'where all rules come from a parameter without value',
      facts: { rules: 'unknown', sources: 'none' },
      data: {
        reason: "parameter 'ruleCollections' has no value",
        supply: 'give its value with --parameters',
      },
      messageId: 'unknown',
      message:
        "The rules of policy 'hub-policy' cannot be read from the input: parameter 'ruleCollections' has no value. To have them judged, give its value with --parameters.",
      level: 'warning',
    },
    {
      name: 'where the policy is empty',
      facts: { rules: 'none', sources: 'none' },
      messageId: 'none',
      message: "Policy 'hub-policy' has no network or application rules, so everything is denied.",
      level: 'warning',
    },
  ],
  silent: [{ name: 'where there are rules' }],
});

expectEveryMessageAndOptionExercised('policy');
