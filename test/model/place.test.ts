import { describe, expect, test } from 'vitest';
import { child, keyIn, keyOf, type Place } from '../../src/model/place.ts';

const said = ({ path, pointer, key }: Place): unknown[] => [path, pointer, key];

describe('a place inside another', () => {
  const file: Place = { path: 'policy.json', pointer: '' };

  test('adds a reference token, escaped as RFC 6901 says', () => {
    expect(said(child(child(file, 'rules'), 0))).toEqual(['policy.json', '/rules/0', undefined]);
    expect(child(file, 'a/b~c').pointer).toBe('/a~1b~0c');
    expect(child(child(file, ''), 'x').pointer).toBe('//x');
  });

  test('is a key where the key of a member is meant', () => {
    expect(said(keyIn(child(file, 'rules'), 'name'))).toEqual(['policy.json', '/rules/name', true]);
    expect(said(keyOf(child(file, 'rules')))).toEqual(['policy.json', '/rules', true]);
    expect(said(keyOf(child(file, 3)))).toEqual(['policy.json', '/3', true]);
  });

  test('keeps where a key stands in formats whose pointers do not tell', () => {
    const written: Place = { path: 'main.tf', pointer: '/a', span: { start: 1, end: 4 } };
    expect(keyOf(written)).toEqual({ ...written, key: true });
    expect(child(written, 'b').span).toBeUndefined();
  });
});
