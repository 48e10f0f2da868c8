import { describe, expect, it } from 'vitest';
import { destinations, policyWith, reasons, useFolder } from './folder.ts';

const folder = useFolder();

describe('Bicep that is broken', () => {
  it.each([
    [
      'a list without its end',
      'var x = [\n  1\nvar y = 2\n',
      3,
      "not Bicep: found 'y', expected a comma, a line break or ]",
    ],
    [
      'a variable without a value',
      'var x =\n\nvar y = 1\n',
      1,
      'found the end of the line, expected a value or expression',
    ],
    ['a variable without =', 'var x 1\n', 1, 'expected = and a value'],
    ['a resource without a type', 'resource x = {\n}\n', 1, 'expected a resource type'],
    [
      'a resource without a body',
      "resource x 'a/b@1' = 1\n",
      1,
      'expected { and the body, if (…), or [for …]',
    ],
    [
      'an object without its end',
      "resource x 'a/b@1' = {\n  name: 'a'\n",
      3,
      'found the end of the file, expected the name of a property or }',
    ],
    [
      'a property without a colon',
      'var x = {\n  a 1\n}\n',
      2,
      "found '1', expected : and the value of the property",
    ],
    [
      'a string without its end',
      "var x = 'abc\nvar y = 1\n",
      1,
      "a string that does not end in its line; expected a closing '",
    ],
    [
      'double quotation marks',
      'var x = "abc"\n',
      1,
      'a double quotation mark; Bicep writes strings in single ones',
    ],
    [
      'a string of lines without its end',
      "var x = '''abc\nvar y = 1\n",
      1,
      "a string of several lines that does not end; expected '''",
    ],
    ['an interpolation without its end', "var x = 'a${b'\n", 1, 'not Bicep: found'],
    ['an escape that Bicep has not', "var x = 'a\\d'\n", 1, "the escape sequence '\\d'"],
    ['a comment without its end', 'var x = 1\n/* never\n', 2, 'a comment that does not end'],
    ['a loop without in', 'var x = [for y of z: y]\n', 1, "found 'of', expected in"],
    ['a ternary without its other value', 'var x = a ? b\n', 2, 'expected : and the other value'],
    [
      'a statement of another language',
      'locals x = 1\n',
      1,
      "found 'locals', expected a declaration: param, var, resource",
    ],
    ['a sign that is none', 'var x = 1 ~ 2\n', 1, "found '~'"],
    ['two values', 'var x = 1 2\n', 1, "found '2', expected the end of the line"],
    ['a function without an end', "var x = concat('a', \n", 2, 'expected a value or expression'],
  ])('with %s is refused with the line and what was expected', async (_what, text, line, message) => {
    folder.write('main.bicep', text);
    const error = await folder.failure();
    expect(error.path).toBe('main.bicep');
    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });

  it('tells the lines of further problems, each statement by itself', async () => {
    folder.write(
      'main.bicep',
      "var a = \nvar b = [ 1\n  2, , 3 ]\nvar c = 1\n\nresource d = {}\nvar e = ''\nvar f = )\n",
    );
    const error = await folder.failure();
    expect(error.line).toBe(1);
    expect(error.message).toContain('; more in lines 3, 6, 8');
  });

  it('is refused where a name is declared twice', async () => {
    folder.write('main.bicep', "param x string = 'a'\nvar x = 'b'\n");
    const error = await folder.failure();
    expect([error.line, error.message]).toEqual([
      2,
      "'x' is declared a second time; expected names of their own",
    ]);
  });

  it('is refused where it is nested beyond reason', async () => {
    folder.write('main.bicep', `var x = ${'['.repeat(5000)}${']'.repeat(5000)}\n`);
    expect((await folder.failure()).message).toContain('more than 200 levels');
    folder.write('main.bicep', `var x = ${'!'.repeat(5000)}true\n`);
    expect((await folder.failure()).message).toContain('more than 200 levels');
  });

  it('in a module is refused with the place in that', async () => {
    folder.write('main.bicep', "module rules 'rules.bicep' = {\n  name: 'rules'\n}\n");
    folder.write('rules.bicep', policyWith("[ 'a.example'"));
    expect((await folder.failure()).path).toBe('rules.bicep');
  });

  it('is refused in a folder too where it speaks of firewalls, and skipped where it does not', async () => {
    folder.write('hub/main.bicep', policyWith("[ 'a.example' ]"));
    folder.write('other/main.bicep', 'var x = [\n');
    const { policies, skipped } = await folder.parse();
    expect(policies).toHaveLength(1);
    expect(skipped.map(({ path }) => path)).toEqual(['other/main.bicep']);
    folder.write('other/main.bicep', policyWith("[ 'a.example'"));
    expect((await folder.failure({ names: ['.'] })).path).toBe('other/main.bicep');
  });

  it('is refused where its bytes are no text', async () => {
    folder.write('main.bicep', new Uint8Array([0x76, 0x61, 0x72, 0x20, 0x78, 0x3d, 0x27, 0xe9, 0x27]));
    expect((await folder.failure()).message).toContain('not valid UTF-8; expected Bicep');
  });

  it('is refused where there is no firewall in it', async () => {
    folder.write(
      'main.bicep',
      "resource s 'Microsoft.Storage/storageAccounts@2024-01-01' = {\n  name: 's'\n}\n",
    );
    expect((await folder.failure()).message).toContain(
      'no firewall policy, rule collection group or classic firewall in it',
    );
  });
});

describe('a circle', () => {
  it('of variables is refused with their names and the line', async () => {
    folder.write('main.bicep', policyWith('[ a ]', "var a = '${b}.x'\nvar b = '${a}.y'\n"));
    const error = await folder.failure();
    expect(error.message).toContain(
      "variable 'a' refers to itself: variable 'a' → variable 'b' → variable 'a'",
    );
    expect(error.line).toBeGreaterThan(0);
  });

  it('of parameters is refused', async () => {
    folder.write('main.bicep', policyWith('[ a ]', 'param a string = b\nparam b string = a\n'));
    expect((await folder.failure()).message).toContain("parameter 'a' refers to itself");
  });

  it('of modules is refused with their files', async () => {
    const call = (path: string): string => `module next '${path}' = {\n  name: 'n'\n}\n`;
    folder.write('main.bicep', call('a.bicep'));
    folder.write('a.bicep', call('b.bicep'));
    folder.write('b.bicep', call('a.bicep'));
    expect((await folder.failure()).message).toContain(
      'modules lead in a circle: a.bicep → b.bicep → a.bicep',
    );
  });

  it('of imports ends', async () => {
    folder.write('a.bicep', "import { y } from './b.bicep'\n@export()\nvar x = y\n");
    folder.write('b.bicep', "import { x } from './a.bicep'\n@export()\nvar y = x\n");
    folder.write('main.bicep', policyWith('[ x ]', "import { x } from './a.bicep'\n"));
    expect((await folder.failure()).message).toContain('refers to itself');
  });
});

describe('what Bicep does not have', () => {
  it.each([
    ['a function', "[ shout('a') ]", '', 'there is no function shout()'],
    ['a function of templates', "[ createArray('a')[0] ]", '', 'there is no function createArray()'],
    ['a name', '[ lost ]', '', "there is no parameter, variable, resource or module 'lost' in this file"],
    [
      'a decorator of a parameter',
      '[ x ]',
      "@loud()\nparam x string = 'a.example'\n",
      "'x' has a decorator @loud() that is not known",
    ],
    [
      'a decorator of a variable',
      '[ x ]',
      "@loud()\nvar x = 'a.example'\n",
      "'x' has a decorator @loud() that is not known",
    ],
    [
      'a function of its own with too few arguments',
      '[ f() ]',
      'func f(a string) string => a\n',
      '__bicep.f() takes 1 arguments, found 0',
    ],
  ])('is not known and named, and the rest is read: %s', async (_what, expression, declarations, reason) => {
    folder.write('main.bicep', policyWith(expression, declarations));
    const parsed = await folder.parse({ names: ['main.bicep'] });
    expect(reasons(parsed).join()).toContain(reason);
    expect(parsed.policies[0]?.rules).toHaveLength(1);
  });

  it('as a decorator of a resource leaves open whether that is made', async () => {
    folder.write(
      'main.bicep',
      policyWith("[ 'a.example' ]").replace('resource group', '@loud()\nresource group'),
    );
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    expect(policies[0]?.rules[0]?.conditional?.reason).toContain(
      "'group' has a decorator @loud() that is not known",
    );
  });
});

describe('any text', () => {
  it.each([
    ['with a byte order mark', (text: string) => `\uFEFF${text}`],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with tabs', (text: string) => text.replaceAll('  ', '\t')],
    ['without a line break at its end', (text: string) => text.trimEnd()],
  ])('%s is read, and places are exact', async (_what, changed) => {
    const text = changed(policyWith("[\n  'a.example'\n]"));
    folder.write('main.bicep', text);
    const parsed = await folder.parse({ names: ['main.bicep'] });
    expect(destinations(parsed)).toEqual(['a.example']);
    const span = parsed.policies[0]?.rules[0]?.destinations[0]?.place.span;
    expect(parsed.inputs[0]?.text.slice(span?.start, span?.end)).toBe("'a.example'");
  });

  it('of a megabyte is read in reasonable time', async () => {
    const rules = Array.from(
      { length: 12_000 },
      (_, at) => `  'host-${at}.some-longer-name.of-a-workload.example-${at}.com' // team ${at}\n`,
    );
    const text = policyWith('hosts', `var hosts = [\n${rules.join('')}]\n`);
    expect(text.length).toBeGreaterThan(900_000);
    folder.write('main.bicep', text);
    const before = process.cpuUsage();
    expect(destinations(await folder.parse({ names: ['main.bicep'] }))).toHaveLength(12_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
