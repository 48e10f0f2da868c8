import { describe, expect, test } from 'vitest';
import { uriMapper } from '../../src/reporters/uri.ts';

/** A mapper for paths below /work/repo, whose working directory is /work/repo/infra. */
const uriOf = uriMapper('/work/repo', (path) => (path.startsWith('/') ? path : `/work/repo/infra/${path}`));

describe('the URI of a file', () => {
  test.each([
    ['policy.json', 'infra/policy.json'],
    ['./policy.json', 'infra/policy.json'],
    ['../policy.json', 'policy.json'],
    ['a/../b//c.json', 'infra/b/c.json'],
    ['/work/repo/x.json', 'x.json'],
  ])('%s is relative to the root of the repository: %s', (path, uri) => {
    expect(uriOf(path)).toBe(uri);
  });

  test.each([
    ['fire wall.json', 'infra/fire%20wall.json'],
    ['100%.json', 'infra/100%25.json'],
    ['a?b#c.json', 'infra/a%3Fb%23c.json'],
    ['a[1].json', 'infra/a%5B1%5D.json'],
    ['größe.json', 'infra/gr%C3%B6%C3%9Fe.json'],
    ['🔥.json', 'infra/%F0%9F%94%A5.json'],
    ['back\\slash.json', 'infra/back%5Cslash.json'],
    ['half\uD83Dpair.json', 'infra/half%EF%BF%BDpair.json'],
    ['hub@v1+x,y.json', 'infra/hub@v1+x,y.json'],
  ])('%s is percent-encoded: %s', (path, uri) => {
    expect(uriOf(path)).toBe(uri);
  });

  test('a colon in the first segment does not read as a scheme', () => {
    expect(uriOf('/work/repo/c:policy.json')).toBe('c%3Apolicy.json');
  });

  test('outside of the repository is an absolute file URI', () => {
    expect(uriOf('/tmp/policy.json')).toBe('file:///tmp/policy.json');
    expect(uriOf('/work/repository/a b.json')).toBe('file:///work/repository/a%20b.json');
    expect(uriOf('/work/repo')).toBe('file:///work/repo');
  });

  test('of standard input is a name without meaning', () => {
    expect(uriOf('-')).toBe('stdin');
  });

  test('has forward slashes on Windows', () => {
    const windows = uriMapper('C:\\repo', (path) => `C:\\repo\\infra\\${path}`);
    expect(windows('sub\\hub.json')).toBe('infra/sub/hub.json');
    const elsewhere = uriMapper('C:\\repo', () => 'D:\\other\\hub.json');
    expect(elsewhere('hub.json')).toBe('file:///D:/other/hub.json');
  });

  test('below the root of the file system is relative to it', () => {
    expect(uriMapper('/', (path) => `/${path}`)('etc/policy.json')).toBe('etc/policy.json');
  });
});
