import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { sourcesFor, sourcesFromConfig, sourcesFromFlags, type Sources } from '../../src/profile/index.ts';

const place = { path: 'lint.yaml', pointer: '/sources' };
const errorAt = (pointer: string, message: string): UsageError => new UsageError(`${pointer}: ${message}`);
const fromConfig = (raw: Parameters<typeof sourcesFromConfig>[0]): Sources =>
  sourcesFromConfig(raw, place, errorAt);

describe('sources from flags', () => {
  it('are one list, values with commas split', () => {
    expect(sourcesFromFlags(['10.240.0.0/22', '10.1.0.4, 10.2.0.0-10.2.0.9'])).toEqual({
      from: 'flag',
      byPool: { all: ['10.240.0.0/22', '10.1.0.4', '10.2.0.0-10.2.0.9'] },
    });
  });

  it('are absent where no flag is given', () => {
    expect(sourcesFromFlags([])).toBeUndefined();
  });

  it('are read as networks where host bits are set', () => {
    expect(sourcesFromFlags(['10.240.0.7/22'])?.byPool.all).toEqual(['10.240.0.0/22']);
  });

  it.each(['10.1.2.300', '10.0.0.0/33', '10.0.0.9-10.0.0.1', 'subnet', ''])('refuse %j', (text) => {
    expect(() => sourcesFromFlags([text])).toThrow(`--source: '${text}' is no address range.`);
    expect(() => sourcesFromFlags([text])).toThrow(UsageError);
  });
});

describe('sources from the configuration', () => {
  it('are one list or keyed by kind of pool', () => {
    expect(fromConfig(['10.0.0.0/8'])).toEqual({
      from: 'config',
      path: 'lint.yaml',
      pointer: '/sources',
      byPool: { all: ['10.0.0.0/8'] },
    });
    expect(fromConfig({ linux: ['10.0.0.0/16'], windows: ['10.1.0.0/16'] }).byPool).toEqual({
      linux: ['10.0.0.0/16'],
      windows: ['10.1.0.0/16'],
    });
  });

  it('are refused with their place', () => {
    expect(() => fromConfig(['10.0.0.0/8', '10.1.2.300'])).toThrow(
      "/sources/1: '10.1.2.300' is no address range.",
    );
    expect(() => fromConfig({ gpu: ['x'] })).toThrow('/sources/gpu/0:');
    expect(() => fromConfig({ windws: [] })).toThrow(
      "/sources/windws: there is no kind of pool 'windws'. Did you mean 'windows'?",
    );
  });
});

describe('sourcesFor', () => {
  const keyed = fromConfig({
    linux: ['10.0.0.0/24'],
    windows: ['10.0.1.0/24'],
    gpu: ['10.0.2.0/24'],
    pods: ['10.1.0.0/16'],
  });

  it('judges a row on the pools that need it', () => {
    expect(sourcesFor(keyed, 'windows')).toEqual(['10.0.1.0/24']);
    expect(sourcesFor(keyed, 'gpu')).toEqual(['10.0.2.0/24']);
    expect(sourcesFor(keyed, 'pods')).toEqual(['10.1.0.0/16']);
  });

  it('counts GPU nodes as Linux nodes', () => {
    expect(sourcesFor(keyed, 'linux')).toEqual(['10.0.0.0/24', '10.0.2.0/24']);
  });

  it('judges a row for every node on all node pools, not on pods with subnets of their own', () => {
    expect(sourcesFor(keyed, 'nodes')).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']);
  });

  it('counts pods with subnets of their own to the cluster', () => {
    expect(sourcesFor(keyed, 'all')).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '10.1.0.0/16']);
    expect(sourcesFor(fromConfig({ pods: ['10.1.0.0/16'] }), 'all')).toEqual(['10.1.0.0/16']);
  });

  it('judges every row on a list that is not keyed', () => {
    const flat = fromConfig(['10.0.0.0/8']);
    for (const pool of ['all', 'nodes', 'linux', 'windows', 'gpu', 'pods'] as const)
      expect(sourcesFor(flat, pool)).toEqual(['10.0.0.0/8']);
  });

  it('takes the nodes’ ranges where a pool has none of its own', () => {
    const linux = fromConfig({ linux: ['10.0.0.0/24'] });
    expect(sourcesFor(linux, 'gpu')).toEqual(['10.0.0.0/24']);
    expect(sourcesFor(linux, 'pods')).toEqual(['10.0.0.0/24']);
    expect(sourcesFor(linux, 'windows')).toEqual(['10.0.0.0/24']);
  });
});
