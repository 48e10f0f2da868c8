import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { parseBicep } from '../../../src/parsers/bicep/syntax/parse.ts';
import type { BicepFile, Expression, Statement } from '../../../src/parsers/bicep/syntax/tree.ts';

/**
 * A second opinion on places: the grammar of Bicep for tree-sitter, where it knows the language. It does not know files of
 * parameters, spread, `$'''`, extensions, resourceInput<> and typed variables.
 */
let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('tree-sitter-bicep/package.json'));
  parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(join(folder, 'tree-sitter-bicep.wasm'))));
});

const KINDS: ReadonlyMap<string, string> = new Map([
  ['parameter_declaration', 'param'],
  ['variable_declaration', 'var'],
  ['resource_declaration', 'resource'],
  ['module_declaration', 'module'],
  ['output_declaration', 'output'],
]);

/** `kind name place` of declarations, and `string start end` of strings without interpolation, in order of the text. */
function theirs(root: Node): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    // Decorators and types are read by both, and kept by neither reader of places.
    if (node.type === 'decorators' || node.type === 'type') return;
    const kind = KINDS.get(node.type);
    const name = node.namedChildren.find((child) => child.type === 'identifier');
    if (kind !== undefined) found.push(`${kind} ${name?.text ?? ''} ${name?.startIndex ?? ''}`);
    const isKey = node.parent?.type === 'object_property' && node.parent.namedChildren[0]?.equals(node);
    if (
      node.type === 'string' &&
      isKey !== true &&
      !node.namedChildren.some(({ type }) => type === 'interpolation')
    ) {
      found.push(`string ${node.startIndex} ${node.endIndex}`);
    }
    node.namedChildren.forEach(visit);
  };
  root.namedChildren.filter(({ type }) => KINDS.has(type)).forEach(visit);
  return found.sort();
}

function ours({ statements }: BicepFile): string[] {
  const found: string[] = [];
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'string':
        found.push(`string ${expression.start} ${expression.end}`);
        break;
      case 'interpolation':
        expression.parts.forEach((part) => {
          if (typeof part !== 'string') visit(part);
        });
        break;
      case 'array':
        expression.items.forEach((item) => {
          visit(item.kind === 'spread' ? item.of : item);
        });
        break;
      case 'object':
        expression.properties.forEach((one) => {
          visit(one.kind === 'spread' ? one.of : one.value);
        });
        expression.resources.forEach(statement);
        break;
      case 'call':
        if (expression.of !== undefined) visit(expression.of);
        expression.arguments.forEach(visit);
        break;
      case 'member':
      case 'nested':
        visit(expression.of);
        break;
      case 'index':
        [expression.of, expression.index].forEach(visit);
        break;
      case 'group':
        visit(expression.inner);
        break;
      case 'unary':
        visit(expression.operand);
        break;
      case 'binary':
        [expression.left, expression.right].forEach(visit);
        break;
      case 'conditional':
        [expression.condition, expression.then, expression.otherwise].forEach(visit);
        break;
      case 'lambda':
        visit(expression.body);
        break;
      case 'for':
        [expression.collection, expression.body].forEach(visit);
        if (expression.condition !== undefined) visit(expression.condition);
        break;
      default:
    }
  };
  const statement = (one: Statement): void => {
    switch (one.kind) {
      case 'param':
        if (one.value !== undefined) visit(one.value);
        break;
      case 'var':
      case 'output':
        visit(one.value);
        break;
      case 'resource':
      case 'module': {
        visit(one.kind === 'resource' ? one.type : one.path);
        if (one.loop !== undefined) visit(one.loop);
        else {
          if (one.condition !== undefined) visit(one.condition);
          visit(one.body);
        }
        break;
      }
      default:
        return;
    }
    found.push(`${one.kind} ${one.name} ${one.nameSpan.start}`);
  };
  statements.forEach(statement);
  return found.sort();
}

/** Both readings of a text; undefined where the grammar does not know the language. */
function readings(text: string): { ours: string[]; theirs: string[] } | undefined {
  const tree = parser.parse(text);
  if (tree === null || tree.rootNode.hasError) return undefined;
  const both = { ours: ours(parseBicep('main.bicep', text)), theirs: theirs(tree.rootNode) };
  tree.delete();
  return both;
}

describe('what both know', () => {
  it.each([
    "param a string = 'x'\n",
    "@description('d')\nparam a string = 'x'\n\n@secure()\nparam b object\n",
    "var a = [\n  'x'\n  'y${1}'\n]\n",
    "var a = true ? 'x' : 'y'\nvar b = a ?? 'z'\n",
    "var a = [for (x, i) in ['p', 'q']: '${x}']\n",
    "var a = map(['x'], n => toLower(n))\n",
    "var a = '''\nx\n'''\n",
    "resource r 'A.B/c@2024-01-01' = {\n  name: 'n'\n  properties: { a: [ 'x' ] }\n}\n",
    "resource r 'A.B/c@2024-01-01' existing = {\n  name: 'n'\n  scope: resourceGroup('rg')\n}\n",
    "resource r 'A.B/c@2024-01-01' = if (a == 'x') {\n  name: 'n'\n}\n",
    "resource r 'A.B/c@2024-01-01' = [for x in ['p']: {\n  name: 'n${x}'\n}]\n",
    "module m 'm.bicep' = {\n  name: 'n'\n  params: {\n    a: 'x'\n  }\n}\n",
    "output o string = r.properties['a'].b\n",
    "// c\nvar a = /* 'x' */ 'y' // 'z'\n",
  ])('stands at the same places: %j', (text) => {
    const both = readings(text);
    expect(both).toBeDefined();
    expect(both?.ours).toEqual(both?.theirs);
    expect(both?.ours.length).toBeGreaterThan(0);
  });

  it('stands at the same places in the modules that are known', () => {
    const folder = 'rules/bicep-modules';
    const agreed = readdirSync(folder).flatMap((name) => {
      const both = readings(readFileSync(join(folder, name), 'utf8'));
      if (both === undefined) return [];
      expect(both.ours).toEqual(both.theirs);
      return [name];
    });
    expect(agreed.length).toBeGreaterThan(1);
  });
});

const MIRROR = process.env['MIRROR'];

it.skipIf(MIRROR === undefined)(
  'both stand at the same places in public repositories (needs --mirror)',
  () => {
    const names = readdirSync(MIRROR ?? '', { recursive: true, encoding: 'utf8' });
    // Samples of the compiler with its own remarks in the middle of strings.
    const files = names.filter((name) => /^[^.]+(?:\.test)?\.bicep$/.test(name.split('/').at(-1) ?? ''));
    let agreed = 0;
    for (const name of files) {
      const text = readFileSync(join(MIRROR ?? '', name), 'utf8');
      const both = /^\uFEFF/.test(text) || /invalid/i.test(name) ? undefined : readings(text);
      if (both === undefined) continue;
      expect({ name, places: both.ours }).toEqual({ name, places: both.theirs });
      agreed += 1;
    }
    process.stdout.write(`${agreed} of ${files.length} files are read by both\n`);
    expect(agreed).toBeGreaterThan(0);
  },
);
