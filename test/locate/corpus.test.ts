import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@humanwhocodes/momoa';
import type { MemberNode, ValueNode } from '@humanwhocodes/momoa';
import { describe, expect, test } from 'vitest';
import { locate } from '../../src/locate/index.ts';
import type { Region } from '../../src/locate/index.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const FOLDERS = ['arm-json', 'bicep-compiled', 'checkpoint', 'tf-plan', 'tf-state'];
const files = existsSync(CORPUS)
  ? FOLDERS.flatMap((folder) => readdirSync(join(CORPUS, folder)).map((name) => join(CORPUS, folder, name)))
  : [];

interface Expected {
  readonly pointer: string;
  readonly key?: boolean;
  readonly region: Region;
}

/** The parser's place of a token; of a token over several lines, the part on its first line. */
function regionOf({ loc }: ValueNode | MemberNode['name'], text: string): Region {
  const { line, column } = loc.start;
  const [first = ''] = text.slice(loc.start.offset, loc.end.offset).split(/\r?\n/);
  return { startLine: line, startColumn: column, endLine: line, endColumn: column + first.length };
}

/** Every key and scalar where an independent parser, which keeps positions of everything, sees it. */
function tokens(node: ValueNode, pointer: string, text: string, found: Expected[]): Expected[] {
  if (node.type === 'Array') {
    node.elements.forEach((element, index) => tokens(element.value, `${pointer}/${index}`, text, found));
  } else if (node.type === 'Object') {
    for (const { name, value } of node.members) {
      const key = name.type === 'String' ? name.value : name.name;
      const below = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      found.push({ pointer: below, key: true, region: regionOf(name, text) });
      tokens(value, below, text, found);
    }
  } else {
    found.push({ pointer, region: regionOf(node, text) });
  }
  return found;
}

describe.skipIf(files.length === 0)('real configurations', () => {
  test.each(files.map((path) => [path.slice(CORPUS.length + 1), path]))(
    '%s: every key and value is found',
    (_name, path) => {
      const text = readFileSync(path, 'utf8');
      const bare = text.replace(/^\uFEFF/, '');
      const ast = parse(bare, { mode: 'jsonc', allowTrailingCommas: true });
      const expected = tokens(ast.body, '', bare, []);
      expect(expected.length).toBeGreaterThan(0);
      expect(locate(text, expected)).toEqual(expected.map(({ region }) => region));
    },
  );
});
