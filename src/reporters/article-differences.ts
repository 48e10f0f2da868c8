import type { Change, Comparison, Difference, DifferenceKind } from '../requirements/article/difference.ts';
import { VERSION } from '../version.ts';
import { code, words } from './markdown-text.ts';
import { plural, type Paint } from './paint.ts';
import { printable, wrap } from './text-layout.ts';

/** What differs between the catalogue of requirements and a copy of the article, in three forms. */

/** @param path as the user named it */
export function differencesAsJson(path: string, comparison: Comparison): string {
  const { date, catalogue, same, differences, notes } = comparison;
  const report = {
    schemaVersion: 1,
    tool: { name: 'aks-egress-lint', version: VERSION },
    article: { path, date: date ?? null },
    catalogue: {
      document: catalogue.document,
      url: catalogue.url,
      date: catalogue.date,
      read: catalogue.read,
    },
    summary: { same, ...countsOf(differences) },
    differences,
    notes,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

interface Kind {
  /** In the summary of the JSON. */
  readonly key: string;
  readonly mark: string;
  /** Of one difference. */
  readonly says: string;
  /** "2 rows added": what is counted, and what happened to it. */
  readonly counted: readonly [string, string];
}

const KINDS: Readonly<Record<DifferenceKind, Kind>> = {
  'row-added': { key: 'rowsAdded', mark: '+', says: 'added', counted: ['row', 'added'] },
  'row-removed': { key: 'rowsRemoved', mark: '-', says: 'removed', counted: ['row', 'removed'] },
  'row-changed': { key: 'rowsChanged', mark: '~', says: 'changed', counted: ['row', 'changed'] },
  'row-moved': { key: 'rowsMoved', mark: '>', says: 'moved here', counted: ['row', 'moved'] },
  'table-added': { key: 'tablesAdded', mark: '+', says: 'table added', counted: ['table', 'added'] },
  'table-removed': { key: 'tablesRemoved', mark: '-', says: 'table removed', counted: ['table', 'removed'] },
  'table-moved': { key: 'tablesMoved', mark: '>', says: 'table moved', counted: ['table', 'moved'] },
  'heading-changed': {
    key: 'headingsChanged',
    mark: '~',
    says: 'heading changed',
    counted: ['heading', 'changed'],
  },
  'not-understood': {
    key: 'notUnderstood',
    mark: '?',
    says: 'not understood',
    counted: ['part', 'not understood, to be read by a person'],
  },
};

function countsOf(differences: readonly Difference[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(KINDS).map(([kind, { key }]) => [
      key,
      differences.filter((one) => one.kind === kind).length,
    ]),
  );
}

const STYLES: Readonly<Record<string, Parameters<Paint>[0]>> = {
  '+': 'green',
  '-': 'red',
  '~': 'yellow',
  '>': 'blue',
  '?': 'magenta',
};

export function differencesAsText(path: string, comparison: Comparison, paint: Paint, width: number): string {
  const lines: string[] = [];
  for (const [heading, group] of byHeading(comparison.differences)) {
    lines.push(paint('bold', printable(heading)));
    for (const one of group) {
      const { mark } = KINDS[one.kind];
      const [first = '', ...rest] = wrap(headOf(one, path), width - 4);
      lines.push(`  ${paint(STYLES[mark] ?? 'dim', mark)} ${first}`, ...rest.map((line) => `    ${line}`));
      for (const text of detailsOf(one)) {
        lines.push(...wrap(printable(text), width - 6).map((line) => `      ${paint('dim', line)}`));
      }
    }
    lines.push('');
  }
  for (const text of [verdictOf(comparison), ...comparison.notes]) lines.push(...wrap(text, width));
  return `${lines.join('\n')}\n`;
}

export function differencesAsMarkdown(comparison: Comparison): string {
  const { document, url } = comparison.catalogue;
  const lines = [
    '# The catalogue and the article',
    '',
    `The article is [${words(document)}](<${url}>). ${words(verdictOf(comparison))}`,
    '',
  ];
  for (const note of comparison.notes) lines.push(words(note), '');
  for (const [heading, group] of byHeading(comparison.differences)) {
    lines.push(`## ${words(heading)}`, '');
    for (const one of group) {
      const { says } = KINDS[one.kind];
      const names = one.destinations.map(code).join(', ');
      const services = one.services.map(words).join(', ');
      const place = one.line === null ? '' : ` (line ${one.line})`;
      const head = [namesOf(one).map(code).join(' '), names, services]
        .filter((part) => part !== '')
        .join(' ');
      lines.push(`- **${says}**${place}${head === '' ? '' : `: ${head}`}`);
      for (const text of detailsOf(one)) lines.push(`  - ${words(text)}`);
    }
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** In order of first mention, by the path of headings. */
function byHeading(differences: readonly Difference[]): Map<string, Difference[]> {
  const groups = new Map<string, Difference[]>();
  for (const one of differences) {
    const heading = one.headings.length === 0 ? 'Before the first heading' : one.headings.join(' > ');
    const group = groups.get(heading);
    if (group === undefined) groups.set(heading, [one]);
    else group.push(one);
  }
  return groups;
}

function headOf(one: Difference, path: string): string {
  const place = one.line === null ? [] : [`${path === '-' ? '<stdin>' : path}:${one.line}`];
  const subject = [namesOf(one).join(' '), one.destinations.join(', '), one.services.join(', ')];
  const text = subject.filter((part) => part !== '').join('  ');
  return printable([...place, text, KINDS[one.kind].says].filter((part) => part !== '').join('  '));
}

/** The number of the row and its ids. */
function namesOf({ kind, row, table, requirements }: Difference): string[] {
  const number = row ?? (kind.startsWith('table') ? table : null);
  return [...(number === null ? [] : [number]), ...requirements];
}

function detailsOf({ changes, notes }: Difference): string[] {
  return [...changes.map(changeText), ...notes];
}

function changeText({ what, old, new: found }: Change): string {
  if (what === 'purpose') {
    const text = found.join(' ');
    const now = text === '' ? 'the article says nothing' : `the article says '${text}'`;
    return old.length === 0
      ? `purpose: ${now}`
      : `purpose, not in the words that the catalogue was made from: ${now}; the catalogue has '${old.join("', '")}'`;
  }
  const separator = what === 'heading' || what === 'table' ? ' > ' : ', ';
  return `${what}: ${old.join(separator)} → ${found.join(separator)}`;
}

function verdictOf({ date, catalogue, same, differences }: Comparison): string {
  const copy = date === undefined ? 'The copy of the article' : `The article of ${date}`;
  const of = `the catalogue, which was read on ${catalogue.read}`;
  if (differences.length === 0) return `${copy} does not differ from ${of}: ${plural(same, 'row')} compared.`;
  const parts = Object.entries(KINDS).flatMap(([kind, { counted }]) => {
    const [noun, happened] = counted;
    const count = differences.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${plural(count, noun)} ${happened}`];
  });
  return `${copy} against ${of}: ${parts.join(', ')}; ${plural(same, 'row')} as ${same === 1 ? 'it was' : 'they were'}.`;
}
