import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCompanyChecks } from '../../src/config/company-checks.ts';
import { ConfigError } from '../../src/config/source.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-checks-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const load = () => loadCompanyChecks([{ shown: 'checks', path: folder }]);

/** A check whose only case has these conditions, from line 11 on. */
function checkWith(conditions: string, more = ''): string {
  return `id: no-wide-hosts
target: entry
meta:
  docs: { description: Wide., rationale: Because., fix: Narrow it. }
  messages: { wide: "Too wide." }
${more}
cases:
  - messageId: wide
    conditions:
      all:
        - ${conditions}
`;
}

async function problemsOf(text: string): Promise<string> {
  write('check.yaml', text);
  try {
    await load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return `${error.path}:${error.position?.line ?? '?'}: ${error.message}`;
  }
  return 'no problem';
}

describe('checks of an organisation', () => {
  it('are read from JSON and YAML, in folders inside too, in order of id; other files are left alone', async () => {
    write('b.yaml', checkWith('{ fact: host, operator: equal, value: a.example }'));
    write(
      'team/a.json',
      `// why\n${JSON.stringify({
        id: 'a-check',
        target: 'policy',
        meta: { docs: { description: 'A.', rationale: 'B.', fix: 'C.' }, messages: { one: 'One.' } },
        cases: [
          { messageId: 'one', conditions: { all: [{ fact: 'rules', operator: 'equal', value: 'none' }] } },
        ],
      })}`,
    );
    write('README.md', 'Not a check.');
    write('.hidden/c.yaml', 'not: a check');
    expect((await load()).map(({ id, meta }) => [id, meta.level])).toEqual([
      ['a-check', 'warning'],
      ['no-wide-hosts', 'warning'],
    ]);
  });

  it.each([
    [
      'a misspelled fact',
      '{ fact: hots, operator: equal, value: x }',
      /11: an entry has no fact 'hots'. Expected usage.*Did you mean 'host'\?/,
    ],
    [
      'a fact of another target',
      '{ fact: verdict, operator: equal, value: missing }',
      /It is a fact of a requirement/,
    ],
    [
      'a misspelled path',
      '{ fact: rule, path: $.descripton, operator: notEqual, value: x }',
      /11: fact 'rule' has no '\$\.descripton'. Expected \$\.name.*Did you mean '\$\.description'\?/,
    ],
    [
      'a missing path',
      '{ fact: rule, operator: notEqual, value: x }',
      /has several members: name one by a path/,
    ],
    [
      'a path into one value',
      '{ fact: host, path: $.length, operator: notEqual, value: x }',
      /one value: leave the path out/,
    ],
    [
      'a misspelled operator',
      '{ fact: host, operator: fqdnMatch, value: a.example }',
      /11: there is no operator 'fqdnMatch'. Expected.*Did you mean 'fqdnMatches'\?/,
    ],
    [
      'a decorated operator',
      '{ fact: host, operator: "not:contains", value: x }',
      /there is no operator 'not:contains'/,
    ],
    [
      'an operator for other facts',
      '{ fact: host, operator: contains, value: x }',
      /operator 'contains' is not for facts of this type/,
    ],
    ['in with one value', '{ fact: host, operator: in, value: x }', /found 'x', expected a list/],
    ['equal with a list', '{ fact: host, operator: equal, value: [x] }', /found a list, expected one value/],
    [
      'a value that the fact does not have',
      '{ fact: usage, operator: notEqual, value: unneded }',
      /found 'unneded', expected required.*Did you mean 'unneeded'\?/,
    ],
    [
      'a pattern that matches no host',
      '{ fact: host, operator: fqdnMatches, value: "a.*.example" }',
      /expected a host name/,
    ],
    [
      'an address that is none',
      '{ fact: sources, operator: cidrWithin, value: 10.0.0.300 }',
      /expected an address/,
    ],
    ['a port that is none', '{ fact: ports, operator: portsWithin, value: [443, 70000] }', /expected a port/],
    [
      'an option that is not declared',
      '{ fact: host, operator: fqdnMatches, value: { option: hosts } }',
      /there is no option 'hosts'. The check has no 'meta.schema'/,
    ],
    [
      'a priority, which the engine would heed',
      '{ fact: host, operator: equal, value: x, priority: 2 }',
      /unknown key 'priority'/,
    ],
    ['an empty any, which the engine lets pass', '{ any: [] }', /expected a list of at least one condition/],
    [
      'all beside any, of which the engine ignores one',
      '{ all: [{ fact: host, operator: equal, value: x }], any: [{ fact: host, operator: equal, value: y }] }',
      /'all' and 'any' stand side by side/,
    ],
    ['a condition that does not exist', '{ condition: wide }', /there is no condition 'wide'/],
    [
      'params of a fact that takes none',
      '{ fact: host, params: { name: x }, operator: equal, value: y }',
      /only the fact 'option' takes params/,
    ],
    [
      'a comparison of facts that have nothing in common',
      '{ fact: usage, operator: equal, value: { fact: kind } }',
      /the two facts have no value in common/,
    ],
    [
      'a fact of another type on the right',
      '{ fact: host, operator: fqdnMatches, value: { fact: sources } }',
      /does not compare with a fact of this type/,
    ],
  ])('are refused with %s', async (_, conditions, expected) => {
    const problems = await problemsOf(checkWith(conditions));
    expect(problems).toMatch(/^checks\/check\.yaml:11: /);
    expect(problems).toMatch(expected);
  });

  it('are refused where named conditions lead in a circle or are named by nothing', async () => {
    const circle = 'conditions: { a: { not: { condition: b } }, b: { not: { condition: a } } }';
    expect(await problemsOf(checkWith('{ condition: a }', circle))).toContain(
      "condition 'a' leads back to itself",
    );
    const spare = 'conditions: { spare: { fact: host, operator: equal, value: x } }';
    expect(await problemsOf(checkWith('{ fact: host, operator: equal, value: x }', spare))).toContain(
      "6: nothing names condition 'spare'",
    );
  });

  it('are refused where named conditions in each other grow without bound', async () => {
    const names = Array.from({ length: 12 }, (_, at) => {
      const inner = at === 0 ? '{ fact: host, operator: equal, value: x }' : `{ condition: c${at - 1} }`;
      return `c${at}: { all: [${inner}, ${inner}] }`;
    });
    const text = checkWith('{ condition: c11 }', `conditions: { ${names.join(', ')} }`);
    expect(await problemsOf(text)).toContain('more than 500 conditions');
  });

  it('are refused where conditions are nested without end', async () => {
    const deep = `${'{ not: '.repeat(30)}{ fact: host, operator: equal, value: x }${' }'.repeat(30)}`;
    expect(await problemsOf(checkWith(deep))).toContain('more than 20 conditions inside each other');
  });

  it('are refused with a regular expression in their options', async () => {
    const text = checkWith('{ fact: host, operator: equal, value: x }').replace(
      '  messages',
      '  schema: { type: object, properties: { host: { type: string, pattern: "(a+)+$" } } }\n  messages',
    );
    expect(await problemsOf(text)).toMatch(/5: .*unknown key 'pattern'/);
  });

  it('are refused with an option without default, or a default that is no option', async () => {
    const schema =
      '  schema: { type: object, properties: { hosts: { type: array, items: { type: string } } } }\n';
    const leaf = '{ fact: host, operator: fqdnMatches, value: { option: hosts } }';
    const without = checkWith(leaf).replace('  messages', `${schema}  messages`);
    expect(await problemsOf(without)).toContain("5: option 'hosts' has no default");
    const wrong = checkWith(leaf).replace(
      '  messages',
      `${schema}  defaultOptions: { hosts: ["a.*"] }\n  messages`,
    );
    expect(await problemsOf(wrong)).toMatch(/6: .*expected a host name/);
  });

  it('are refused with a misspelled key, message data or message id', async () => {
    const fine = checkWith('{ fact: host, operator: equal, value: x }');
    expect(await problemsOf(fine.replace('messageId: wide', 'messageId: wild'))).toContain(
      "no message 'wild'",
    );
    expect(await problemsOf(fine.replace('Too wide.', 'Too {{wdie}}.'))).toContain("no data 'wdie'");
    expect(await problemsOf(fine.replace('target:', 'taget:'))).toMatch(
      /unknown key 'taget'.*Did you mean 'target'/s,
    );
    expect(await problemsOf(fine.replace('id: no-wide-hosts', 'id: No Wide'))).toContain(
      'expected: small letters',
    );
  });

  it('are refused where the id is taken', async () => {
    const fine = checkWith('{ fact: host, operator: equal, value: x }');
    write('a.yaml', fine);
    expect(await problemsOf(fine)).toContain("a check in checks/a.yaml with the id 'no-wide-hosts' already");
    rmSync(join(folder, 'a.yaml'));
    expect(await problemsOf(fine.replace('no-wide-hosts', 'no-rules'))).toContain('a built-in check');
  });

  it('are refused where a folder is missing or holds none, instead of passing in silence', async () => {
    await expect(load()).rejects.toThrow('checks holds no check');
    await expect(loadCompanyChecks([{ shown: 'gone', path: join(folder, 'gone') }])).rejects.toThrow(
      'gone cannot be read: no such file or folder',
    );
  });

  it('are refused where a folder lies too deep to be read, instead of being left out in silence', async () => {
    const check = checkWith('{ fact: host, operator: equal, value: x }');
    write('a.yaml', check);
    write(`${'deep/'.repeat(9)}b.yaml`, check.replace('no-wide-hosts', 'another'));
    await expect(load()).rejects.toThrow(`checks/${'deep/'.repeat(8)}deep is more than 8 folders deep`);
  });

  it('are refused where a file is larger than any check', async () => {
    expect(await problemsOf(`# ${'x'.repeat(300_000)}`)).toContain('larger than 256 KB');
  });
});
