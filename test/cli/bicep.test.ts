import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { policyWith, ruleFor } from '../parsers/bicep/folder.ts';
import { counting, Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const SHOP = "'shop.example.com'";
const PAY = "'pay.example.com'";
const IGNORE = 'aks-egress-lint-ignore unneeded-entry -- known';

/** The text that a finding points at. */
function tokenOf({ location }: Finding): string {
  const line = repository.read(location.path).split(/\r?\n/)[location.startLine - 1] ?? '';
  return line.slice(location.startColumn - 1, location.endColumn - 1);
}

function about(report: Report, check: string): Finding[] {
  return report.findings.filter((finding) => finding.check === check && !finding.suppressed);
}

/** A policy that lets AKS live and has two hosts that nothing needs, with texts around them. */
function hosts(
  more: Partial<Record<'before' | 'behind' | 'between' | 'list' | 'resource' | 'rule', string>> = {},
): string {
  const text = policyWith(`[
              ${more.before ?? ''}
              ${SHOP} ${more.behind ?? ''}
              ${more.between ?? ''}
              ${PAY}
            ] ${more.list ?? ''}`);
  return text
    .replace('resource group', `${more.resource ?? ''}\nresource group`)
    .replace("name: 'rule'", `${more.rule ?? ''}\n            name: 'rule'`)
    .replace(
      'rules: [',
      `rules: [
          {
            ruleType: 'ApplicationRule'
            name: 'aks'
            sourceAddresses: [ '10.0.0.0/16' ]
            protocols: [ { protocolType: 'Https', port: 443 } ]
            fqdnTags: [ 'AzureKubernetesService' ]
          }`,
    );
}

describe('a comment in Bicep', () => {
  const unneeded = async (text: string): Promise<string[]> => {
    repository.write('main.bicep', text);
    return counting(await repository.report('main.bicep'), 'unneeded-entry');
  };
  const both = ['pay.example.com', 'shop.example.com'];

  it.each([
    ['nothing, where there is none', hosts(), both],
    ['the item that follows it', hosts({ before: `// ${IGNORE}` }), ['pay.example.com']],
    ['the item before it on the line', hosts({ behind: `// ${IGNORE}` }), ['pay.example.com']],
    [
      'the item that follows it, among other comments',
      hosts({ between: `// The bank.\n// ${IGNORE}\n// Until then.` }),
      ['shop.example.com'],
    ],
    ['the item that follows it, in /* */', hosts({ between: `/* ${IGNORE} */` }), ['shop.example.com']],
    ['the property whose list ends on the line', hosts({ list: `// ${IGNORE}` }), []],
    ['the resource that follows it', hosts({ resource: `// ${IGNORE}` }), []],
    [
      'the resource that follows its decorators',
      hosts({ resource: `// ${IGNORE}\n@description('groups')` }),
      [],
    ],
    [
      'the next line, as a directive of the linter of Bicep',
      hosts({ between: `#disable-next-line ${IGNORE}` }),
      ['shop.example.com'],
    ],
    ['the rule, in its description', hosts({ rule: `description: '${IGNORE}'` }), []],
    ['nothing, in a decorator', hosts({ resource: `@description('${IGNORE}')` }), both],
    [
      'nothing, in another string',
      hosts({ between: `'// ${IGNORE}'` }).replace(`'// ${IGNORE}'`, `'x-${IGNORE.slice(0, 3)}.test'`),
      [...both, 'x-aks.test'].sort(),
    ],
    ['a line of Windows', hosts({ behind: `// ${IGNORE}` }).replaceAll('\n', '\r\n'), ['pay.example.com']],
    [
      'what it stands at, after a byte order mark',
      `\uFEFF${hosts({ behind: `// ${IGNORE}` })}`,
      ['pay.example.com'],
    ],
  ])('is about %s', async (_what, text, expected) => {
    expect(await unneeded(text)).toEqual(expected);
  });

  it('that names no check is told with its line', async () => {
    repository.write('main.bicep', hosts({ before: '// aks-egress-lint-ignore unneded-entry -- x' }));
    const { notices } = await repository.report('main.bicep');
    expect(notices.join()).toMatch(/main\.bicep:\d+:\d+: aks-egress-lint-ignore suppresses nothing/);
  });

  it('in a module is heard too', async () => {
    repository.write('rules.bicep', hosts({ before: `// ${IGNORE}` }));
    repository.write('main.bicep', "module rules 'rules.bicep' = {\n  name: 'rules'\n}\n");
    expect(counting(await repository.report('main.bicep'), 'unneeded-entry')).toEqual(['pay.example.com']);
  });
});

describe('a finding in Bicep', () => {
  it('stands at the token, also where it comes through parameters and modules', async () => {
    repository.write(
      'rules.bicep',
      policyWith('concat(hosts, [ last ])', 'param hosts array\nparam last string\n'),
    );
    repository.write(
      'main.bicep',
      `param last string = ${PAY}\nvar hosts = [\n  ${SHOP}\n]\nmodule rules 'rules.bicep' = {\n  name: 'rules'\n  params: { hosts: hosts, last: last }\n}\n`,
    );
    const found = about(await repository.report('main.bicep', '--source', '10.0.0.0/16'), 'unneeded-entry');
    expect(found.map(tokenOf)).toEqual([PAY, SHOP]);
    expect(found.map(({ location }) => location.startLine)).toEqual([1, 3]);
  });

  it('about the sources of a rule stands at their key, and one about the rule at its name', async () => {
    const open = hosts().replaceAll("sourceAddresses: [ '10.0.0.0/16' ]", "sourceAddresses: [ '*' ]");
    repository.write(
      'main.bicep',
      open.replace("name: 'rule'\n", "name: 'rule'\n            terminateTLS: true\n"),
    );
    const report = await repository.report('main.bicep', '--source', '10.0.0.0/16');
    expect(about(report, 'broad-source').map(tokenOf)).toEqual(['sourceAddresses', 'sourceAddresses']);
    const twice = policyWith(`[ ${SHOP} ]`).replace('rules: [', `rules: [\n${ruleFor(SHOP)}`);
    repository.write('twice.bicep', twice.replace("name: 'rule'", "name: 'first'"));
    const again = await repository.report('twice.bicep', '--source', '10.0.0.0/16');
    expect(about(again, 'redundant-rule').map(tokenOf)).toEqual(["'rule'"]);
  });

  it('has the fingerprint that it has in the compiled template, so a baseline fits both', async () => {
    const TEMPLATE = JSON.stringify(compiledHosts());
    repository.write('main.bicep', hosts());
    repository.write('other/main.json', TEMPLATE);
    const [own, compiled] = [
      await repository.report('main.bicep'),
      await repository.report('other/main.json'),
    ];
    const prints = (report: Report): string[] => report.findings.map(({ fingerprint }) => fingerprint).sort();
    expect(prints(own)).toEqual(prints(compiled));
    await repository.run('main.bicep', '--write-baseline', 'baseline.json');
    const left = await repository.report('other/main.json', '--baseline', 'baseline.json');
    expect(left.findings.filter(({ suppressed }) => !suppressed)).toEqual([]);
  });
});

const POLICIES = 'Microsoft.Network/firewallPolicies';

/** What the compiler makes of hosts(), with a further host where `more` says so. */
function compiledHosts(more: readonly string[] = []): object {
  const rule = (name: string, target: object): object => ({
    ruleType: 'ApplicationRule',
    name,
    sourceAddresses: ['10.0.0.0/16'],
    protocols: [{ protocolType: 'Https', port: 443 }],
    ...target,
  });
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    metadata: { _generator: { name: 'bicep', version: '0.38.33.27573', templateHash: '12345' } },
    resources: [
      { type: POLICIES, apiVersion: '2024-05-01', name: 'hub', location: 'westeurope' },
      {
        type: `${POLICIES}/ruleCollectionGroups`,
        apiVersion: '2024-05-01',
        name: "[format('{0}/{1}', 'hub', 'aks')]",
        properties: {
          priority: 200,
          ruleCollections: [
            {
              ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
              name: 'names',
              priority: 300,
              action: { type: 'Allow' },
              rules: [
                rule('aks', { fqdnTags: ['AzureKubernetesService'] }),
                rule('rule', { targetFqdns: ['shop.example.com', 'pay.example.com', ...more] }),
              ],
            },
          ],
        },
        dependsOn: [`[resourceId('${POLICIES}', 'hub')]`],
      },
    ],
  };
}

describe('--source-root with a template that was compiled', () => {
  it.each([
    ['a folder', 'infra', 'infra/main.bicep'],
    ['the file', 'infra/main.bicep', 'infra/main.bicep'],
  ])('that is %s has its findings in the source', async (_what, root, path) => {
    repository.write('build/main.json', compiledHosts());
    repository.write('infra/main.bicep', hosts());
    const report = await repository.report('build/main.json', '--source-root', root);
    const found = about(report, 'unneeded-entry');
    expect(found.map(({ location }) => location.path)).toEqual([path, path]);
    expect(found.map(tokenOf)).toEqual([SHOP, PAY]);
  });

  it('has what the source does not have at what is around it', async () => {
    repository.write('build/main.json', compiledHosts(['late.example.com']));
    repository.write('infra/main.bicep', hosts());
    const report = await repository.report('build/main.json', '--source-root', 'infra');
    const late = about(report, 'unneeded-entry').find(({ message }) => message.includes('late.example.com'));
    expect(late?.location.path).toBe('infra/main.bicep');
  });

  it('hears the comments of the source', async () => {
    repository.write('build/main.json', compiledHosts());
    repository.write('infra/main.bicep', hosts({ before: `// ${IGNORE}` }));
    const report = await repository.report('build/main.json', '--source-root', 'infra');
    expect(counting(report, 'unneeded-entry')).toEqual(['pay.example.com']);
  });

  it('that holds no source is refused', async () => {
    repository.write('build/main.json', compiledHosts());
    repository.write('infra/other.bicep', hosts());
    const { code, stderr } = await repository.run('build/main.json', '--source-root', 'infra');
    expect([code, stderr]).toEqual([
      3,
      'infra: --source-root: there is no main.bicep to find the places of build/main.json in\n',
    ]);
  });
});

describe('--bicep cli', () => {
  /** A program of that name on PATH. */
  function program(name: string, script: string): { env: Record<string, string> } {
    repository.write(`bin/${name}`, `#!${process.execPath}\n${script}`);
    chmodSync(join(repository.root, 'bin', name), 0o755);
    return { env: { PATH: join(repository.root, 'bin') } };
  }

  const COMPILER = `
const [verb, ...rest] = process.argv.slice(2);
if (verb !== 'build' || rest[0] !== '--stdout') process.exit(9);
process.stdout.write(require('fs').readFileSync(rest.at(-1).replace('.bicep', '.compiled'), 'utf8'));
`;

  async function reportWith(world: { env: Record<string, string> }): Promise<Report> {
    const { stdout, stderr } = await repository.runIn(
      world,
      'main.bicep',
      '--bicep',
      'cli',
      '--format',
      'json',
    );
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Report;
  }

  it('judges what the compiler writes, at the places of the source', async () => {
    repository.write('main.bicep', hosts());
    repository.write('main.compiled', compiledHosts(['late.example.com']));
    const report = await reportWith(program('bicep', COMPILER));
    const found = about(report, 'unneeded-entry');
    expect(found.map(({ message }) => /'([^']*)'/.exec(message)?.[1]).sort()).toEqual([
      'late.example.com',
      'pay.example.com',
      'shop.example.com',
    ]);
    expect(found.map(({ location }) => location.path)).toEqual(['main.bicep', 'main.bicep', 'main.bicep']);
    expect(found.map(tokenOf)).toEqual(expect.arrayContaining([SHOP, PAY]));
  });

  it('runs az bicep where there is no bicep', async () => {
    repository.write('main.bicep', hosts());
    repository.write('main.compiled', compiledHosts());
    const script = COMPILER.replace('process.argv.slice(2)', 'process.argv.slice(3)').replace(
      'const [verb',
      "if (process.argv[2] !== 'bicep') process.exit(8);\nconst [verb",
    );
    expect(about(await reportWith(program('az', script)), 'unneeded-entry')).toHaveLength(2);
  });

  it('says what the compiler says where it fails', async () => {
    repository.write('main.bicep', hosts());
    const world = program(
      'bicep',
      "process.stderr.write('main.bicep(1,1) : Error BCP007\\n');\nprocess.exit(1);\n",
    );
    const { code, stderr } = await repository.runIn(world, 'main.bicep', '--bicep', 'cli');
    expect([code, stderr]).toEqual([
      3,
      'main.bicep: bicep build --stdout fails: main.bicep(1,1) : Error BCP007\n',
    ]);
  });

  it('without a compiler on PATH says what to do', async () => {
    repository.write('main.bicep', hosts());
    const { code, stderr } = await repository.runIn(
      { env: { PATH: join(repository.root, 'none') } },
      'main.bicep',
      '--bicep',
      'cli',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('--bicep cli: neither bicep nor az is on PATH.');
  });

  it('is not asked for unless the flag is given', async () => {
    repository.write('main.bicep', hosts());
    const world = program('bicep', 'process.exit(1);\n');
    const { code } = await repository.runIn(world, 'main.bicep', '--fail-on', 'never');
    expect(code).toBe(0);
  });
});

describe('the cloud', () => {
  it('is told by literal names and regions in Bicep', async () => {
    repository.write(
      'main.bicep',
      policyWith(
        "[ 'mcr.azk8s.cn', 'management.chinacloudapi.cn' ]",
        "param location string = 'chinanorth3'\n",
      ),
    );
    const { runs } = await repository.report('main.bicep');
    expect(runs.map(({ profile }) => profile.cloud)).toMatchObject([
      { value: 'AzureChinaCloud', from: 'inferred' },
    ]);
  });
});

describe('two roots of one folder', () => {
  it('that deploy one module with other values are two policies, each with its own rules', async () => {
    repository.write(
      'shared/policy.bicep',
      "resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {\n  name: 'hub'\n}\noutput name string = policy.name\n",
    );
    repository.write(
      'shared/rules.bicep',
      policyWith('hosts', 'param hosts array\nparam policyName string\n').replace(
        /resource policy [^]*?\n}\n/,
        "resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' existing = {\n  name: policyName\n}\n",
      ),
    );
    const root = (host: string): string =>
      `module p 'shared/policy.bicep' = {\n  name: 'p'\n}\nmodule r 'shared/rules.bicep' = {\n  name: 'r'\n  params: { policyName: p.outputs.name, hosts: [ '${host}' ] }\n}\n`;
    repository.write('dev.bicep', root('dev.example.com'));
    repository.write('prod.bicep', root('prod.example.com'));
    const report = await repository.report('.', '--source', '10.0.0.0/16');
    expect(report.runs).toHaveLength(2);
    expect(
      about(report, 'unneeded-entry').map(({ run, message }) => [run, /'([^']*)'/.exec(message)?.[1]]),
    ).toEqual([
      [0, 'dev.example.com'],
      [1, 'prod.example.com'],
    ]);
  });
});
