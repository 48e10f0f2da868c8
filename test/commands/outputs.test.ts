import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutputPaths, writeOutputs } from '../../src/commands/outputs.ts';
import { UsageError } from '../../src/errors.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-outputs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('output paths', () => {
  it.each([
    ['a folder that is not there', ['gone/x.sarif'], "there is no folder 'gone'"],
    ['a folder instead of a file', ['sub'], "'sub' is a folder"],
    ['one file twice', ['x.sarif', './x.sarif'], "'./x.sarif' is given twice"],
    ['an input', ['policy.json'], "'policy.json' is an input too"],
    ['an input by another name', ['sub/../policy.json'], 'is an input too'],
  ])('must not name %s', (_case, paths, message) => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'policy.json'), '{}');
    const check = (): void => {
      const outputs = paths.map((path) => ({ path, flag: '--output' }));
      checkOutputPaths(outputs, ['policy.json'], folder);
    };
    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });
});

describe('output files', () => {
  it('are all written, and replace what was there', () => {
    writeFileSync(join(folder, 'a.json'), 'old');
    writeOutputs(
      [
        { path: 'a.json', flag: '--output', text: 'new' },
        { path: 'b.sarif', flag: '--output', text: 'too' },
      ],
      folder,
    );
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'b.sarif'), 'utf8')).toBe('too');
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'b.sarif']);
  });

  it('are none where one of them cannot be written', () => {
    writeFileSync(join(folder, 'a.json'), 'old');
    const files = [
      { path: 'a.json', flag: '--output', text: 'new' },
      { path: 'gone/b.sarif', flag: '--output', text: 'too' },
    ];
    expect(() => {
      writeOutputs(files, folder);
    }).toThrow(/'gone\/b\.sarif' cannot be written/);
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('follow a symbolic link to the file it names', () => {
    writeFileSync(join(folder, 'real.json'), 'old');
    symlinkSync('real.json', join(folder, 'link.json'));
    writeOutputs([{ path: 'link.json', flag: '--output', text: 'new' }], folder);
    expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['link.json', 'real.json']);
  });
});
