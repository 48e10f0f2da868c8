import { describe, expect, it } from 'vitest';
import { destinations, policyWith, reasons, useFolder } from './folder.ts';

const folder = useFolder();
const MAIN = policyWith('[ host ]', "param host string = 'default.example'\nparam extra string?\n");

describe('a file of parameters that is named', () => {
  it('brings the template of its using', async () => {
    folder.write('infra/main.bicep', MAIN);
    folder.write('params/prod.bicepparam', "using '../infra/main.bicep'\n\nparam host = 'prod.example'\n");
    const parsed = await folder.parse({ names: ['params/prod.bicepparam'] });
    expect(destinations(parsed)).toEqual(['prod.example']);
    expect(parsed.policies[0]?.rules[0]?.destinations[0]?.place).toMatchObject({
      path: 'params/prod.bicepparam',
      pointer: '/variables/host',
    });
    expect(parsed.inputs.map(({ path }) => path)).toEqual(['infra/main.bicep', 'params/prod.bicepparam']);
  });

  it.each([
    [
      'variables, also ones of objects',
      "var env = { host: 'a' }\nparam host = '${env.host}.example'",
      'a.example',
    ],
    ['other parameters', "param extra = 'a'\nparam host = '${extra}.example'", 'a.example'],
    ['functions', "param host = toLower('A.EXAMPLE')", 'a.example'],
    [
      'the default of a variable of the environment',
      "param host = readEnvironmentVariable('HOST', 'a.example')",
      'a.example',
    ],
    ['what is imported', "import { shared } from './shared.bicep'\nparam host = shared", 'shared.example'],
    ['what is loaded', "param host = loadJsonContent('host.json').host", 'loaded.example'],
    ['null, which is the default', 'param host = null', 'default.example'],
    ['a conditional', "param host = true ? 'a.example' : 'b.example'", 'a.example'],
  ])('may use %s', async (_what, lines, expected) => {
    folder.write('main.bicep', MAIN);
    folder.write('shared.bicep', "@export()\nvar shared = 'shared.example'\n");
    folder.write('host.json', '{ "host": "loaded.example" }');
    folder.write('prod.bicepparam', `using 'main.bicep'\n${lines}\n`);
    expect(destinations(await folder.parse({ names: ['prod.bicepparam'] }))).toEqual([expected]);
  });

  it.each([
    ["readEnvironmentVariable('HOST')", "the environment variable 'HOST' is read where it is deployed"],
    ["externalInput('sys.cli', 'host')", 'is known only at the time of the deployment'],
    ["az.getSecret('s', 'rg', 'vault', 'name')", 'gives live state of Azure'],
  ])('leaves open what only the deployment knows: %s', async (value, reason) => {
    folder.write('main.bicep', MAIN);
    folder.write('prod.bicepparam', `using 'main.bicep'\nparam host = ${value}\n`);
    expect(reasons(await folder.parse({ names: ['prod.bicepparam'] })).join()).toContain(reason);
  });

  it('extends another one, whose values it may use', async () => {
    folder.write('main.bicep', policyWith('[ host, extra ]', 'param host string\nparam extra string\n'));
    folder.write(
      'base.bicepparam',
      "using none\nvar zone = 'example'\nparam host = 'base.${zone}'\nparam extra = 'x.${zone}'\n",
    );
    folder.write(
      'prod.bicepparam',
      "using 'main.bicep'\nextends 'base.bicepparam'\nparam extra = 'prod-${base.extra}'\n",
    );
    expect(destinations(await folder.parse({ names: ['prod.bicepparam'] }))).toEqual([
      'base.example',
      'prod-x.example',
    ]);
    expect(destinations(await folder.parse())).toEqual(['base.example', 'prod-x.example']);
  });

  it('names a module of a registry whose inputs are rules', async () => {
    folder.write(
      'prod.bicepparam',
      `using 'br/public:avm/res/network/firewall-policy:0.3.1'
param name = 'hub'
param ruleCollectionGroups = [
  {
    name: 'aks'
    priority: 100
    ruleCollections: []
  }
]
`,
    );
    const { policies } = await folder.parse({ names: ['prod.bicepparam'] });
    expect(policies.map(({ name }) => name)).toEqual(['hub']);
  });

  it('without a template is refused, and is told what to do', async () => {
    folder.write('prod.bicepparam', "using none\nparam host = 'a.example'\n");
    expect((await folder.failure({ names: ['prod.bicepparam'] })).message).toContain(
      'give the template too, and this file with --parameters',
    );
  });

  it('of a template that is not there is refused with the name of that', async () => {
    folder.write('prod.bicepparam', "using 'lost.bicep'\nparam host = 'a.example'\n");
    const error = await folder.failure({ names: ['prod.bicepparam'] });
    expect([error.path, error.message]).toEqual([
      'prod.bicepparam',
      "its 'using' names lost.bicep, and there is no such file",
    ]);
  });

  it('beside another one for the same template is refused', async () => {
    folder.write('main.bicep', MAIN);
    folder.write('dev.bicepparam', "using 'main.bicep'\n");
    folder.write('prod.bicepparam', "using 'main.bicep'\n");
    expect((await folder.failure({ names: ['dev.bicepparam', 'prod.bicepparam'] })).message).toContain(
      'one of several files of parameters for main.bicep (dev.bicepparam, prod.bicepparam): lint them one at a time',
    );
  });
});

describe('a folder', () => {
  it('is deployed with the only file of parameters for its template', async () => {
    folder.write('main.bicep', MAIN);
    folder.write('main.bicepparam', "using 'main.bicep'\nparam host = 'prod.example'\n");
    expect(destinations(await folder.parse())).toEqual(['prod.example']);
  });

  it('with several of them is deployed with none, and they are named', async () => {
    folder.write('main.bicep', MAIN);
    folder.write('dev.bicepparam', "using 'main.bicep'\nparam host = 'dev.example'\n");
    folder.write('prod.bicepparam', "using 'main.bicep'\nparam host = 'prod.example'\n");
    const parsed = await folder.parse();
    expect(destinations(parsed)).toEqual(['default.example']);
    expect(parsed.skipped.map(({ path }) => path)).toEqual(['dev.bicepparam', 'prod.bicepparam']);
  });

  it('with modules has as roots what no other file deploys', async () => {
    folder.write('modules/rules.bicep', policyWith('hosts', 'param hosts array\n'));
    folder.write(
      'main.bicep',
      "module rules 'modules/rules.bicep' = {\n  name: 'r'\n  params: { hosts: [ 'a.example' ] }\n}\n",
    );
    folder.write(
      'other/storage.bicep',
      "resource s 'Microsoft.Storage/storageAccounts@2024-01-01' = {\n  name: 's'\n}\n",
    );
    const parsed = await folder.parse();
    expect(destinations(parsed)).toEqual(['a.example']);
    expect(parsed.skipped).toEqual([
      { path: 'other/storage.bicep', reason: 'not recognised: Bicep without a firewall' },
    ]);
  });

  it('does not name what only has web application firewalls or modules of other things', async () => {
    folder.write('hub/main.bicep', MAIN);
    folder.write(
      'app/main.bicep',
      "resource waf 'Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies@2024-05-01' = {\n  name: 'waf'\n}\nmodule s 'br:x.azurecr.io/storage:1' = {\n  name: 's'\n}\n",
    );
    const { skipped } = await folder.parse();
    expect(skipped).toEqual([{ path: 'app/main.bicep', reason: 'not recognised: Bicep without a firewall' }]);
  });

  it('names what may hold one in a module that is not read', async () => {
    folder.write('hub/main.bicep', MAIN);
    folder.write('app/main.bicep', "module f 'br:x.azurecr.io/firewall:1' = {\n  name: 'f'\n}\n");
    const { skipped } = await folder.parse();
    expect(skipped.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("not followed: module 'f' comes from br:x.azurecr.io/firewall:1"),
    ]);
  });

  it('reads compiled JSON only where its source is not beside it', async () => {
    const compiled = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      metadata: { _generator: { name: 'bicep', version: '0.30.23', templateHash: '1' } },
      resources: [{ type: 'Microsoft.Network/firewallPolicies', apiVersion: '2024-05-01', name: 'stale' }],
    };
    folder.write('main.bicep', MAIN);
    folder.write('main.json', JSON.stringify(compiled));
    const parsed = await folder.parse();
    expect(parsed.policies.map(({ name }) => name)).toEqual(['hub']);
    expect(parsed.skipped).toEqual([
      { path: 'main.json', reason: 'compiled from main.bicep, which is read itself' },
    ]);
    expect((await folder.parse({ names: ['main.json'] })).policies.map(({ name }) => name)).toEqual([
      'stale',
    ]);
  });
});

describe('--parameters', () => {
  it.each([
    ['a file of Bicep', 'p.bicepparam', "using none\nparam host = 'given.example'\n"],
    ['one with another template', 'p.bicepparam', "using 'elsewhere.bicep'\nparam host = 'given.example'\n"],
    ['a file in JSON', 'p.json', '{ "parameters": { "host": { "value": "given.example" } } }'],
  ])('takes %s', async (_what, path, text) => {
    folder.write('main.bicep', MAIN);
    folder.write(path, text);
    expect(destinations(await folder.parse({ names: ['main.bicep'], parameters: [path] }))).toEqual([
      'given.example',
    ]);
  });

  it('takes a file of Bicep for a template in JSON', async () => {
    folder.write('p.bicepparam', "using none\nparam policy = 'given'\n");
    folder.write(
      'main.json',
      JSON.stringify({
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        parameters: { policy: { type: 'string' } },
        resources: [
          {
            type: 'Microsoft.Network/firewallPolicies',
            apiVersion: '2024-05-01',
            name: "[parameters('policy')]",
          },
        ],
      }),
    );
    const { policies } = await folder.parse({ names: ['main.json'], parameters: ['p.bicepparam'] });
    expect(policies.map(({ name }) => name)).toEqual(['given']);
  });

  it('wins over the file of parameters that is linted', async () => {
    folder.write('main.bicep', MAIN);
    folder.write('prod.bicepparam', "using 'main.bicep'\nparam host = 'prod.example'\n");
    folder.write('p.json', '{ "parameters": { "host": { "value": "given.example" } } }');
    const parsed = await folder.parse({ names: ['prod.bicepparam'], parameters: ['p.json'] });
    expect(destinations(parsed)).toEqual(['given.example']);
  });

  it('says which value no template takes', async () => {
    folder.write('main.bicep', MAIN);
    folder.write('p.bicepparam', "using none\nparam hots = 'a'\n");
    const { notes } = await folder.parse({ names: ['main.bicep'], parameters: ['p.bicepparam'] });
    expect(notes.map(({ message }) => message)).toEqual([
      "no template here has a parameter 'hots': its value is not used",
    ]);
  });
});
