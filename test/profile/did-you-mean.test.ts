import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../src/profile/did-you-mean.ts';

describe('didYouMean', () => {
  it('finds a name that is a few edits away', () => {
    expect(didYouMean('azure-polcy', ['azure-policy', 'azure-monitor'])).toBe(
      " Did you mean 'azure-policy'?",
    );
    expect(nearest('privte', ['public', 'private', 'network-isolated'])).toBe('private');
  });

  it('overlooks case, spaces, hyphens and underscores', () => {
    expect(nearest('Network Isolated', ['network-isolated'])).toBe('network-isolated');
    expect(nearest('privatecluster', ['privateCluster'])).toBe('privateCluster');
  });

  it('stays silent where nothing is near', () => {
    expect(didYouMean('kubernetes', ['public', 'private'])).toBe('');
    expect(didYouMean('', ['a'])).toBe(" Did you mean 'a'?");
    expect(didYouMean('x', [])).toBe('');
  });

  it('takes the nearest, and the first of equally near ones', () => {
    expect(nearest('eastus', ['eastus3', 'eastus2', 'eastus'])).toBe('eastus');
    expect(nearest('westus4', ['westus2', 'westus3'])).toBe('westus2');
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['archieve', 'archive', 1],
    ['ab', 'ba', 1],
    ['ntp-ubuntu.com', 'ntp.ubuntu.com', 1],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('gives up above the limit', () => {
    expect(editDistance('kitten', 'sitting', 2)).toBeGreaterThan(2);
    expect(editDistance('a', 'abcdefgh', 2)).toBeGreaterThan(2);
  });
});
