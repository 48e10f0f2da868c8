import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { destinations, policyWith, reasons, useFolder } from './folder.ts';

const folder = useFolder();
const RULES =
  policyWith('hosts', "param hosts array\nparam suffix string = 'example'\n") +
  'output first string = hosts[0]\noutput policyId string = policy.id\n';

describe('a module', () => {
  it('gets its parameters, and its rules stand in its file', async () => {
    folder.write('modules/rules.bicep', RULES);
    folder.write(
      'main.bicep',
      "module rules 'modules/rules.bicep' = {\n  name: 'rules'\n  params: { hosts: [ 'a.example' ] }\n}\n",
    );
    const parsed = await folder.parse({ names: ['main.bicep'] });
    expect(destinations(parsed)).toEqual(['a.example']);
    const [rule] = parsed.policies[0]?.rules ?? [];
    expect(rule?.place.path).toBe('modules/rules.bicep');
    expect(rule?.destinations[0]?.place.path).toBe('main.bicep');
    expect(parsed.inputs.map(({ path, format }) => [path, format])).toEqual([
      ['main.bicep', 'bicep'],
      ['modules/rules.bicep', 'bicep'],
    ]);
  });

  it('yields outputs that other parts use', async () => {
    folder.write(
      'names.bicep',
      "param n string\noutput host string = '${n}.example'\noutput all array = [ '${n}.test' ]\n",
    );
    const call = (name: string, n: string): string =>
      `module ${name} 'names.bicep' = {\n  name: '${name}'\n  params: { n: '${n}' }\n}\n`;
    folder.write(
      'main.bicep',
      policyWith("concat([ one.outputs.host ], two.outputs['all'])", call('one', 'a') + call('two', 'b')),
    );
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(['a.example', 'b.test']);
  });

  it('in a loop is deployed for each item, and each copy has outputs', async () => {
    folder.write('names.bicep', "param n string\noutput host string = '${n}.example'\n");
    const loop =
      "module all 'names.bicep' = [for n in [ 'a', 'b' ]: {\n  name: 'm-${n}'\n  params: { n: n }\n}]\n";
    folder.write('main.bicep', policyWith('[for i in range(0, 2): all[i].outputs.host]', loop));
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(['a.example', 'b.example']);
  });

  it('whose condition is false is not deployed', async () => {
    folder.write('rules.bicep', RULES);
    folder.write(
      'main.bicep',
      `${policyWith("[ 'a.example' ]")}module rules 'rules.bicep' = if (false) {\n  name: 'rules'\n  params: { hosts: [ 'b.example' ] }\n}\n`,
    );
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(['a.example']);
  });

  it('without a name is deployed too, also in a loop and through a module', async () => {
    folder.write('rules.bicep', RULES.replace("name: 'hub'", "name: 'hub-${suffix}'"));
    folder.write(
      'between.bicep',
      "param hosts array\nmodule rules 'rules.bicep' = [for s in [ 'x', 'y' ]: {\n  params: { hosts: hosts, suffix: s }\n}]\n",
    );
    folder.write(
      'main.bicep',
      "targetScope = 'subscription'\nmodule between 'between.bicep' = {\n  scope: resourceGroup('rg')\n  params: { hosts: [ 'a.example' ] }\n}\n",
    );
    const parsed = await folder.parse({ names: ['main.bicep'] });
    expect(parsed.policies.map(({ name }) => name)).toEqual(['hub-x', 'hub-y']);
  });

  it('gets parameters that are spread', async () => {
    folder.write('rules.bicep', RULES);
    folder.write(
      'main.bicep',
      "var shared = { hosts: [ 'a.example' ] }\nmodule rules 'rules.bicep' = {\n  name: 'r'\n  params: { ...shared, suffix: 'x' }\n}\n",
    );
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(['a.example']);
  });

  it('that is a template in JSON is read as that', async () => {
    folder.write(
      'names.json',
      JSON.stringify({
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        resources: [],
        outputs: { host: { type: 'string', value: "[concat('a', '.example')]" } },
      }),
    );
    folder.write(
      'main.bicep',
      policyWith('[ names.outputs.host ]', "module names 'names.json' = {\n  name: 'names'\n}\n"),
    );
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(['a.example']);
  });

  it('that is not there leaves open what hangs on it, and says which file is missing', async () => {
    folder.write(
      'main.bicep',
      policyWith('[ names.outputs.host ]', "module names 'lost.bicep' = {\n  name: 'names'\n}\n"),
    );
    const parsed = await folder.parse({ names: ['main.bicep'] });
    expect(reasons(parsed)).toContain("module 'names' is 'lost.bicep', where there is no file");
    const { unknowns = [] } = parsed.policies[0] ?? {};
    expect(unknowns.map(({ supply }) => supply)).toContain('add that file');
  });

  it('that is all there is and is not there is refused with what is missing', async () => {
    folder.write('main.bicep', "module rules 'lost.bicep' = {\n  name: 'rules'\n}\n");
    expect((await folder.failure()).message).toContain(
      "module 'rules' is 'lost.bicep', where there is no file",
    );
  });

  it('outside of the repository is not read', async () => {
    folder.write('repo/.git/HEAD', '');
    folder.write('outside.bicep', "output host string = 'secret.example'\n");
    folder.write(
      'repo/main.bicep',
      policyWith('[ names.outputs.host ]', "module names '../outside.bicep' = {\n  name: 'names'\n}\n"),
    );
    const parsed = await folder.parse({ names: ['repo/main.bicep'] });
    expect(destinations(parsed).join()).not.toContain('secret');
    expect(reasons(parsed).join()).toContain('lies outside of the repository, so it is not read');
  });

  it('of a registry that nobody knows says how to get it', async () => {
    folder.write(
      'main.bicep',
      policyWith(
        '[ names.outputs.host ]',
        "module names 'br:x.azurecr.io/bicep/names:v1' = {\n  name: 'names'\n}\n",
      ),
    );
    expect(reasons(await folder.parse({ names: ['main.bicep'] })).join()).toContain(
      "module 'names' comes from br:x.azurecr.io/bicep/names:v1, which is not in the local cache",
    );
  });
});

describe('the cache of modules', () => {
  const names = (host: string): string =>
    JSON.stringify({
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources: [],
      outputs: { host: { type: 'string', value: host } },
    });

  it.each([
    ['br:x.azurecr.io/bicep/names:v1', 'br/x.azurecr.io/bicep$names/v1$/main.json'],
    ['br:x.azurecr.io/bicep/names:V1b', 'br/x.azurecr.io/bicep$names/V1b$1/main.json'],
    ['br:x.azurecr.io/names@sha256:ab', 'br/x.azurecr.io/names/sha256#ab/main.json'],
    ['br/public:avm/utl/names:1.0.0', 'br/mcr.microsoft.com/bicep$avm$utl$names/1.0.0$/main.json'],
    ['br/ours:names:2', 'br/ours.azurecr.io/team$modules$names/2$/main.json'],
    ['ts:0000/RG/Names:1.0', 'ts/0000/rg/names/1.0/main.json'],
    ['ts/specs:Names:1.0', 'ts/1111/rg-specs/names/1.0/main.json'],
  ])('holds %s', async (reference, path) => {
    folder.write(
      'bicepconfig.json',
      `{
      // ours
      "moduleAliases": {
        "br": { "ours": { "registry": "ours.azurecr.io", "modulePath": "team/modules" } },
        "ts": { "specs": { "subscription": "1111", "resourceGroup": "rg-specs" } }
      }
    }`,
    );
    folder.write(`cache/${path}`, names('cached.example'));
    folder.write(
      'infra/main.bicep',
      policyWith('[ names.outputs.host ]', `module names '${reference}' = {\n  name: 'names'\n}\n`),
    );
    const flags = { cache: join(folder.path(), 'cache') };
    expect(destinations(await folder.parse({ names: ['infra/main.bicep'], flags }))).toEqual([
      'cached.example',
    ]);
  });

  it('is not left by a reference that climbs', async () => {
    folder.write('cache/br/x/names/1$/main.json', names('a.example'));
    folder.write('br/secret/1$/main.json', names('secret.example'));
    folder.write(
      'main.bicep',
      policyWith('[ names.outputs.host ]', "module names 'br:../../br/secret:1' = {\n  name: 'names'\n}\n"),
    );
    const flags = { cache: join(folder.path(), 'cache') };
    expect(destinations(await folder.parse({ names: ['main.bicep'], flags })).join()).not.toContain(
      'secret.example',
    );
  });
});

describe('what is imported', () => {
  const SHARED = `@export()
var hosts = [ own, '\${name('b')}' ]
var own = 'a.example'
@export()
func name(n string) string => '\${n}.example'
@export()
type maybe = string[]?
`;

  it.each([
    ['a variable', "import { hosts } from './shared.bicep'", 'hosts', ['a.example', 'b.example']],
    [
      'one under another name',
      "import { hosts as all } from './shared.bicep'",
      'all',
      ['a.example', 'b.example'],
    ],
    ['a function', "import { name } from './shared.bicep'", "[ name('c') ]", ['c.example']],
    [
      'all of a file',
      "import * as shared from './shared.bicep'",
      "concat(shared.hosts, [ shared.name('c') ])",
      ['a.example', 'b.example', 'c.example'],
    ],
    [
      'a type',
      "import { maybe } from './shared.bicep'\nparam x maybe",
      "x ?? [ 'd.example' ]",
      ['d.example'],
    ],
    [
      'a type of all of a file',
      "import * as shared from './shared.bicep'\nparam x shared.maybe",
      "x ?? [ 'd.example' ]",
      ['d.example'],
    ],
  ])('is known: %s', async (_what, declaration, expression, expected) => {
    folder.write('shared.bicep', SHARED);
    folder.write('main.bicep', policyWith(expression, declaration));
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(expected);
  });

  it('through a module keeps the names of its own file', async () => {
    folder.write('shared.bicep', SHARED);
    folder.write(
      'names.bicep',
      "import { hosts } from './shared.bicep'\nvar own = 'x'\noutput all array = concat([ own ], hosts)\n",
    );
    folder.write(
      'main.bicep',
      policyWith('names.outputs.all', "module names 'names.bicep' = {\n  name: 'names'\n}\n"),
    );
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual([
      'x',
      'a.example',
      'b.example',
    ]);
  });

  it('from a file that is not there is not known, and the file is named', async () => {
    folder.write('main.bicep', policyWith('hosts', "import { hosts } from './lost.bicep'"));
    expect(reasons(await folder.parse({ names: ['main.bicep'] })).join()).toContain(
      "'lost.bicep' is imported from, and there is no such file",
    );
  });
});

describe('a file that is loaded', () => {
  it.each([
    ['JSON', "loadJsonContent('data.json')", 'data.json', '[ "a.example" ]', ['a.example']],
    [
      'a part of JSON',
      "loadJsonContent('data.json', '.a[1].b')",
      'data.json',
      '{ "a": [ 1, { "b": [ "a.example" ] } ] }',
      ['a.example'],
    ],
    [
      'a part of JSON by a path with a root',
      "loadJsonContent('data.json', '$.a')",
      'data.json',
      '{ "a": [ "a.example" ] }',
      ['a.example'],
    ],
    [
      'JSON with a text that looks like an expression',
      "loadJsonContent('data.json')",
      'data.json',
      `[ "[concat('a')]" ]`,
      ["[concat('a')]"],
    ],
    ['YAML', "loadYamlContent('data.yaml').hosts", 'data.yaml', 'hosts:\n  - a.example\n', ['a.example']],
    [
      'text',
      "split(loadTextContent('data.txt'), ',')",
      'data.txt',
      'a.example,b.example',
      ['a.example', 'b.example'],
    ],
    ['bytes', "[ base64ToString(loadFileAsBase64('data.txt')) ]", 'data.txt', 'a.example', ['a.example']],
    [
      'one whose path is a variable',
      "loadJsonContent('${dir}/data.json')",
      'x/data.json',
      '[ "a.example" ]',
      ['a.example'],
    ],
  ])('gives its values: %s', async (_what, expression, path, content, expected) => {
    folder.write(path, content);
    folder.write('main.bicep', policyWith(expression, "var dir = 'x'\n"));
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toEqual(expected);
  });

  it('stands in its own lines', async () => {
    folder.write('data/hosts.json', '[\n  "a.example"\n]');
    folder.write('main.bicep', policyWith("loadJsonContent('data/hosts.json')"));
    const { policies, inputs } = await folder.parse({ names: ['main.bicep'] });
    expect(policies[0]?.rules[0]?.destinations[0]?.place).toEqual({ path: 'data/hosts.json', pointer: '/0' });
    expect(inputs.map(({ path }) => path)).toContain('data/hosts.json');
  });

  it('is read from below a folder that is named, and from no other', async () => {
    folder.write('secret.json', '[ "secret.example" ]');
    folder.write('infra/hub/main.bicep', policyWith("loadJsonContent('../shared/hosts.json')"));
    folder.write('infra/shared/hosts.json', '[ "a.example" ]');
    expect(destinations(await folder.parse({ names: ['infra'] }))).toEqual(['a.example']);
    const alone = await folder.parse({ names: ['infra/hub/main.bicep'] });
    expect(reasons(alone).join()).toContain(
      "'../shared/hosts.json' lies outside of the folders that are linted",
    );
  });

  it('is not read through a symbolic link that leads out', async () => {
    folder.write('secret.json', '[ "secret.example" ]');
    folder.write('infra/main.bicep', policyWith("loadJsonContent('hosts.json')"));
    symlinkSync('../secret.json', join(folder.path(), 'infra/hosts.json'));
    const parsed = await folder.parse({ names: ['infra/main.bicep'] });
    expect(destinations(parsed).join()).not.toContain('secret');
    expect(reasons(parsed).join()).toContain('lies outside of the folders that are linted');
  });

  it.each([
    ['that is not there', "loadJsonContent('lost.json')", "there is no file 'lost.json'"],
    ['that is broken', "loadJsonContent('broken.json')", "'broken.json' cannot be loaded: not JSON"],
    [
      'by a path that selects more',
      "loadJsonContent('good.json', '.a[?(@.b)]')",
      "the path '.a[?(@.b)]' is more than names and numbers",
    ],
    ['by a path to nothing', "loadJsonContent('good.json', '.b')", "there is nothing at the path '.b'"],
    ['by a path that is not known before', 'loadJsonContent(policy.name)', 'takes a literal path'],
  ])('%s is not known, and why is said', async (_what, expression, reason) => {
    folder.write('broken.json', '{');
    folder.write('good.json', '{ "a": [] }');
    folder.write('main.bicep', policyWith(expression));
    expect(reasons(await folder.parse({ names: ['main.bicep'] })).join()).toContain(reason);
  });
});
