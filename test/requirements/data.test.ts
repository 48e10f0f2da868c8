import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { factsNamed } from '../../src/conditions/grammar.ts';
import { evaluate } from '../../src/conditions/unknown-facts.ts';
import { isDay } from '../../src/model/day.ts';
import { FACTS } from '../../src/profile/facts.ts';
import { FEATURES } from '../../src/profile/features.ts';
import { allRows, requirementNotes } from '../../src/requirements/index.ts';
import { NOTES, RECORDS, sourceOf } from '../../src/requirements/records.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8'));
const schema = read('schemas/requirement.schema.json') as { $defs: { booleanFact: { enum: string[] } } };
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: true }).compile(schema);

/** A valid file with one requirement, changed. */
function fileWith(change: Record<string, unknown>): unknown {
  const row = {
    id: 'core/example',
    feature: 'core',
    clouds: ['AzureCloud'],
    necessity: 'required',
    destinations: ['mcr.microsoft.com'],
    protocol: 'HTTPS',
    port: 443,
    purpose: 'images',
    condition: { all: [{ fact: 'networkIsolated', operator: 'equal', value: false }] },
    source: 'aks-outbound-rules',
  };
  return { requirements: [{ ...row, ...change }] };
}

describe('schemas/requirement.schema.json', () => {
  const files = readdirSync(fileURLToPath(new URL('../../rules/requirements', import.meta.url)));

  it.each(files)('accepts rules/requirements/%s', (name) => {
    validate(read(`rules/requirements/${name}`));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('accepts the example that the next tests change', () => {
    expect(validate(fileWith({}))).toBe(true);
  });

  const leaf = { fact: 'networkIsolated', operator: 'equal', value: false };
  it.each([
    ['an unknown key', { destination: ['x.example.com'] }],
    ['destinations beside anyOf', { anyOf: ['*'] }],
    ['no destination', { destinations: [] }],
    ['a host with a wildcard inside', { destinations: ['foo.*.example.com'] }],
    ['a wildcard without a dot', { destinations: ['*mcr.microsoft.com'] }],
    ['a host in capitals', { destinations: ['MCR.microsoft.com'] }],
    ['an unknown placeholder', { destinations: ['<api-ip>'] }],
    ['a port of 0', { port: 0 }],
    ['an unknown cloud', { clouds: ['AzureGermanCloud'] }],
    ['an empty any, which the engine passes', { condition: { any: [] } }],
    ['an empty all', { condition: { all: [] } }],
    ['all beside any, of which the engine drops one', { condition: { all: [leaf], any: [leaf] } }],
    ['a leaf at the top', { condition: leaf }],
    ['a fact that does not exist', { condition: { all: [{ ...leaf, fact: 'networkisolated' }] } }],
    ['an operator that does not exist', { condition: { all: [{ ...leaf, operator: 'equals' }] } }],
    ['a string where a fact is true or false', { condition: { all: [{ ...leaf, value: 'false' }] } }],
    ['`in` without a list', { condition: { all: [{ fact: 'cloud', operator: 'in', value: 'AzureCloud' }] } }],
    ['a path', { condition: { all: [{ ...leaf, path: '$.x' }] } }],
    ['a reference', { condition: { condition: 'isolated' } }],
    ['a date that is no day', { until: '2026-8-18' }],
    [
      'evidence that is no sentence',
      { corrections: [{ destinations: ['mcr.microsoft.com'], standing: 'documented', evidence: 'wrong' }] },
    ],
  ])('refuses %s', (_, change) => {
    expect(validate(fileWith(change))).toBe(false);
  });

  it('enumerates exactly the facts of the profile', () => {
    const facts = [...FACTS].filter(([, { values }]) => values.includes(true)).map(([name]) => name);
    expect(schema.$defs.booleanFact.enum).toEqual(facts);
    const others = [...FACTS.keys()].filter((name) => !facts.includes(name));
    expect(others).toEqual(['cloud', 'nodeOsUpgradeChannel']);
  });
});

describe('rules/requirements', () => {
  it('has as many rows per table as the article', () => {
    const rows = new Map<string, Set<string>>();
    for (const { row } of RECORDS) {
      if (row === undefined) continue;
      const table = row.slice(0, 3);
      rows.set(table, (rows.get(table) ?? new Set()).add(row));
    }
    const counts = Object.fromEntries([...rows].map(([table, set]) => [table, set.size]));
    expect(counts).toEqual({
      T01: 5,
      T02: 8,
      T03: 6,
      T04: 9,
      T05: 5,
      T06: 8,
      T07: 2,
      T08: 3,
      T09: 2,
      T10: 1,
      T11: 3,
      T12: 2,
      T13: 1,
      T14: 10,
      T15: 8,
      T16: 8,
      T17: 3,
      T18: 2,
      T19: 2,
      T20: 2,
      T21: 10,
      T22: 2,
    });
    expect([...rows.values()].reduce((sum, set) => sum + set.size, 0)).toBe(102);
  });

  it('has 130 rows of the article once each cloud is counted', () => {
    expect(allRows().filter(({ record }) => record.row !== undefined)).toHaveLength(130);
  });

  it('numbers rows without gaps', () => {
    const numbers = [...new Set(RECORDS.flatMap(({ row }) => (row === undefined ? [] : [row])))].sort();
    numbers.forEach((number, at) => {
      const before = numbers[at - 1];
      const expected = before?.slice(0, 3) === number.slice(0, 3) ? Number(before.slice(4)) + 1 : 1;
      expect(Number(number.slice(4)), number).toBe(expected);
    });
  });

  it('has each id once per cloud', () => {
    const keys = allRows().map(({ record, cloud }) => `${record.id} ${cloud}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has each row of the article once per cloud', () => {
    const keys = allRows().flatMap(({ record, cloud }) =>
      record.row === undefined ? [] : [`${record.row} ${cloud}`],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('begins every id with its feature, or with the file that the feature belongs to', () => {
    const groups: Record<string, string> = { 'amd-ma35d': 'gpu', 'azure-files-nfs': 'azure-files' };
    for (const { id, feature } of RECORDS) expect(id.split('/')[0]).toBe(groups[feature] ?? feature);
  });

  it('names features that exist', () => {
    const known = ['core', 'advisories', 'ubuntu-updates', ...FEATURES.map(({ id }) => id)];
    expect(RECORDS.map(({ feature }) => feature).filter((feature) => !known.includes(feature))).toEqual([]);
  });

  it('names facts that exist in conditions and notes', () => {
    const facts = new Set<string>(FACTS.keys());
    const unknown = RECORDS.flatMap(({ condition }) => factsNamed(condition)).filter(
      (fact) => !facts.has(fact),
    );
    expect(unknown).toEqual([]);
  });

  it('has conditions that hold for some cluster and not for every one', async () => {
    const anything = new Map([...FACTS].map(([name, { values }]) => [name, { oneOf: values }]));
    for (const { id, condition } of RECORDS) {
      const [outcome] = await evaluate([condition], anything);
      expect(outcome?.answer, id).toBe('unknown');
    }
  });

  it('cites every source that it lists', () => {
    const { sources } = read('rules/requirements/sources.json') as { sources: object };
    const cited = new Set([...RECORDS, ...NOTES].map(({ source }) => source));
    expect(Object.keys(sources).filter((id) => !cited.has(id))).toEqual([]);
  });

  it('has no correction of a destination that the row neither needs nor prints', () => {
    for (const {
      id,
      corrections = [],
      destinations = [],
      anyOf = [],
      documentedDestinations = [],
    } of RECORDS) {
      const known = [...destinations, ...anyOf, ...documentedDestinations];
      for (const one of corrections) expect(known, id).toEqual(expect.arrayContaining([...one.destinations]));
    }
  });

  it('replaces what it calls replaced by a destination of the same row', () => {
    for (const { corrections = [], destinations = [] } of RECORDS) {
      for (const one of corrections.filter(({ standing }) => standing === 'replaced')) {
        expect(destinations).toContain(one.replacement);
      }
    }
  });

  it('keeps the printed value wherever a correction changes what it deserves', () => {
    for (const { id, row, corrections = [], documentedDestinations } of RECORDS) {
      const changes = corrections.some(({ standing }) => standing !== 'required');
      if (row !== undefined && changes) expect(documentedDestinations, id).toBeDefined();
    }
  });

  it('lets only its own destinations stand for hosts, and only wildcards', () => {
    for (const { id, standsForHosts = [], destinations = [], anyOf = [] } of RECORDS) {
      for (const one of standsForHosts) {
        expect([...destinations, ...anyOf], id).toContain(one);
        expect(one).toMatch(/^\*\./);
      }
    }
  });

  it('never lets the registry of system images stand for hosts that the user would know', () => {
    const hosts = RECORDS.flatMap(({ standsForHosts = [] }) => standsForHosts);
    expect(hosts).not.toContain('*.data.mcr.microsoft.com');
    expect(hosts).toContain('*.hcp.<region>.azmk8s.io');
  });

  it('prints nothing beside the corrected destinations that no correction explains', () => {
    for (const { id, destinations, anyOf = [], documentedDestinations = [], corrections = [] } of RECORDS) {
      const needed = destinations ?? anyOf;
      const explained = corrections.flatMap((one) => one.destinations);
      const unexplained = documentedDestinations.filter((one) => ![...needed, ...explained].includes(one));
      // The capital of "AzureCloud.Region" is a typing error, not another destination.
      expect(
        unexplained.filter((one) => one !== 'AzureCloud.Region'),
        id,
      ).toEqual([]);
    }
  });

  it('cites a source that exists, with the table’s heading for rows of the article', () => {
    for (const record of RECORDS) {
      const source = sourceOf(record);
      expect(isDay(source.read), record.id).toBe(true);
      if (record.row !== undefined) expect(source.table, record.id).toMatch(/required|recommended/);
    }
  });
});

describe('the notes of the article', () => {
  const notes = new Map(requirementNotes().map((note) => [note.id, note]));

  it('cite sources that exist', () => {
    for (const note of requirementNotes()) expect(sourceOf(note).url, note.id).toMatch(/^https:/);
  });

  it('call managed disk endpoints safe to block, and the Linux agent’s not', () => {
    expect(notes.get('managed-disks')).toMatchObject({
      destinations: ['md-*.blob.storage.azure.net'],
      safeToBlock: true,
    });
    expect(notes.get('vm-agent-manifests')).toMatchObject({
      destinations: ['umsa*.blob.core.windows.net'],
      safeToBlock: false,
    });
  });

  it('cover the API server’s address, ALPN, network security groups and network isolated clusters', () => {
    for (const id of ['api-server-by-ip', 'api-server-ip-may-change', 'alpn', 'nsg', 'network-isolated'])
      expect(notes.get(id)?.text).toBeTruthy();
  });
});
