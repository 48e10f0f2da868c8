import { loadConfig, settingOf } from '../config/config.ts';
import { featureTitle } from '../profile/index.ts';
import {
  ageNotices,
  dateOfData,
  requirementNotes,
  requirementRows,
  requirementsFor,
  type Correction,
  type RequirementListRow,
} from '../requirements/index.ts';
import { printable, wrap } from '../reporters/text-layout.ts';
import type { ObjectFormat } from '../reporters/object-forms.ts';
import { painter, type Paint } from '../reporters/paint.ts';
import type { RequirementsArguments } from './arguments.ts';
import { companyChecksOf, verifyConfig } from './check-settings.ts';
import { describedClusters } from './described-clusters.ts';
import { EXIT } from './exit.ts';
import { useColor, type Io } from './io.ts';
import { OBJECT_FORMATS, type RequirementFormat } from './options.ts';
import type { Cluster } from './pipeline.ts';

/** The rows for one cluster; its name is null where there is only one. */
interface Listing {
  readonly cluster: string | null;
  readonly rows: readonly RequirementListRow[];
}

/** Lists what clusters need: the rows that apply or may apply, with `--all` every row of the data. */
export async function requirements(args: RequirementsArguments, io: Io): Promise<number> {
  if (args.diff !== undefined) {
    const { requirementsDiff } = await import('./requirements-diff.ts');
    return requirementsDiff(args.diff, args, io);
  }
  const config = await loadConfig(args.config, io.cwd);
  verifyConfig(config, await companyChecksOf(config, io.cwd));
  const asOf = args.asOf ?? settingOf(config, 'asOf')?.value;
  const clusters = await describedClusters(args, config, io);
  const listings: Listing[] = [];
  for (const cluster of clusters) {
    listings.push({ cluster: cluster.name, rows: await rowsFor(cluster, args.all, asOf) });
  }
  const { format } = args;
  if (isObjectFormat(format)) {
    const { objectForm } = await import('../reporters/object-forms.ts');
    const { text, notices } = objectForm(
      format,
      listings.flatMap(({ rows }) => rows),
    );
    io.stdout.write(text);
    for (const notice of notices) io.stderr.write(`aks-egress-lint: ${notice}\n`);
  } else io.stdout.write(textOf(listings, format, args, io));
  // Beside the list, which programs read.
  for (const notice of new Set([...clusters.flatMap(noticesOf), ...ageNotices(asOf ?? io.today)]))
    io.stderr.write(`aks-egress-lint: ${notice}\n`);
  return EXIT.ok;
}

/** Finished sentences. */
function noticesOf({ name, profile: { notes, contradictions } }: Cluster): string[] {
  return [
    ...notes,
    ...contradictions.map(({ said, shown, saidBy }) => {
      const by = saidBy.from === 'flag' ? 'the flags' : 'the configuration';
      return `According to ${by}, ${said}; according to the definition of cluster '${name ?? ''}', ${shown}. The list follows ${by}.`;
    }),
  ];
}

async function rowsFor(
  { profile }: Cluster,
  all: boolean,
  asOf: string | undefined,
): Promise<RequirementListRow[]> {
  const rows = await requirementsFor(profile, { allClouds: all, ...(asOf === undefined ? {} : { asOf }) });
  return requirementRows(rows).filter((row) => all || row.applies !== 'no');
}

function isObjectFormat(format: RequirementFormat): format is ObjectFormat {
  return OBJECT_FORMATS.some((one) => one === format);
}

function textOf(
  listings: readonly Listing[],
  format: Exclude<RequirementFormat, ObjectFormat>,
  args: RequirementsArguments,
  io: Io,
): string {
  switch (format) {
    case 'json': {
      const rows = listings.flatMap((listing) =>
        listing.cluster === null
          ? listing.rows
          : listing.rows.map((row) => ({ cluster: listing.cluster, ...row })),
      );
      return `${JSON.stringify(rows, null, 2)}\n`;
    }
    case 'markdown':
      return [...listings.map(markdown), markdownNotes()].join('\n');
    case 'pretty': {
      const paint = painter(useColor(args.color, io.env, io.stdout));
      const width = io.stdout.columns > 0 ? Math.min(Math.max(io.stdout.columns, 40), 120) : 100;
      return [...listings.map((listing) => pretty(listing, paint, width)), prettyNotes(paint, width)].join(
        '\n',
      );
    }
  }
}

function byFeature(rows: readonly RequirementListRow[]): Map<string, RequirementListRow[]> {
  const groups = new Map<string, RequirementListRow[]>();
  for (const row of rows) {
    const group = groups.get(row.feature);
    if (group === undefined) groups.set(row.feature, [row]);
    else group.push(row);
  }
  return groups;
}

const MARKS = { yes: '✔', no: '–', unknown: '?' } as const;
const STYLES = { yes: 'green', no: 'dim', unknown: 'magenta' } as const;

function pretty({ cluster, rows }: Listing, paint: Paint, width: number): string {
  const lines: string[] = cluster === null ? [] : [paint('bold', `Cluster '${printable(cluster)}'`), ''];
  for (const [feature, group] of byFeature(rows)) {
    lines.push(paint('bold', titleOf(feature)));
    for (const row of group) {
      const mark = paint(STYLES[row.applies], MARKS[row.applies]);
      const head = `${destinationsOf(row)}  ${row.protocol} ${row.port}`;
      const [first = '', ...rest] = wrap(head, width - 4);
      lines.push(`  ${mark} ${first}`, ...rest.map((line) => `    ${line}`));
      lines.push(...wrap(detailOf(row), width - 4).map((line) => `    ${paint('dim', line)}`));
    }
    lines.push('');
  }
  const count = (applies: RequirementListRow['applies']): number =>
    rows.filter((row) => row.applies === applies).length;
  const parts = [`${count('yes')} apply`, `${count('unknown')} may apply`];
  if (count('no') > 0) parts.push(`${count('no')} do not apply`);
  lines.push(`${rows.length} rows: ${parts.join(', ')}`, catalogueDay());
  const article = rows.find((row) => row.row !== undefined)?.source;
  if (article !== undefined) {
    // Table and row; the tables of the article have no numbers of their own.
    lines.push(
      ...wrap(`T01.01 is the first row of the first table of ${article.document}:`, width),
      article.url,
    );
  }
  return `${lines.join('\n')}\n`;
}

function titleOf(feature: string): string {
  const title = featureTitle(feature);
  return title === feature ? feature : `${feature}: ${title}`;
}

function destinationsOf({ destinations, anyOf }: RequirementListRow): string {
  return anyOf === undefined ? (destinations ?? []).join(', ') : anyOf.join(' or ');
}

function detailOf(row: RequirementListRow): string {
  const source = row.row ?? row.source.document;
  const because = row.why === '' ? '' : ` because ${row.why}`;
  return [
    `${row.id}: ${row.purpose}.`,
    `${standingOf(row)}${because}.`,
    ...remarksOf(row),
    `Source: ${source}.`,
  ].join(' ');
}

function standingOf(row: RequirementListRow): string {
  if (row.applies !== 'yes') return row.applies === 'no' ? 'Does not apply' : 'May apply';
  const lowered = (row.corrections ?? [])
    .filter(({ standing }) => standing === 'documented' || standing === 'recommended')
    .flatMap(({ destinations }) => destinations);
  const isLowered = namesOf(row).every((name) => lowered.includes(name));
  return isLowered ? `Documented as ${row.necessity}` : capital(row.necessity);
}

/** What else a reader should know, finished sentences: how to decide an open row, what is wrong with the article. */
function remarksOf(row: RequirementListRow): string[] {
  return [
    ...(row.supply === undefined ? [] : [`To decide it, ${row.supply}.`]),
    ...(row.corrections ?? []).map((one) => `${judgementOf(one, namesOf(row))}${one.evidence}`),
    ...(row.note === undefined ? [] : [row.note]),
  ];
}

/** What the evidence comes to: a sentence and a space, or nothing where the row stands as it is. */
function judgementOf({ standing, destinations, replacement }: Correction, needed: readonly string[]): string {
  if (standing === 'required') return '';
  const names = destinations.map((name) => `'${name}'`).join(' or ');
  if (!destinations.some((name) => needed.includes(name))) {
    const way = replacement !== undefined && needed.includes(replacement) ? 'instead' : 'too';
    return `The article prints ${names} ${way}. `;
  }
  return `${names} is ${standing === 'recommended' ? 'recommended only' : 'not needed as far as is known'}. `;
}

function namesOf({ destinations, anyOf }: RequirementListRow): readonly string[] {
  return destinations ?? anyOf ?? [];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function markdown({ cluster, rows }: Listing): string {
  const lines: string[] = cluster === null ? [] : [`# Cluster ${cluster}`, ''];
  for (const [feature, group] of byFeature(rows)) {
    lines.push(`## ${titleOf(feature)}`, '');
    lines.push('| Destination | Port | Purpose | Necessity | Applies | Why | Remarks | Source |');
    lines.push('| --- | --- | --- | --- | --- | --- | --- | --- |');
    for (const row of group) {
      const names = namesOf(row).map((name) => `\`${name}\``);
      const source = `[${row.row ?? row.source.document}](${row.source.url})`;
      const cells = [
        names.join(row.anyOf === undefined ? '<br>' : ' or '),
        `${row.protocol} ${row.port}`,
        ...[row.purpose, row.necessity, row.applies, row.why, remarksOf(row).join(' ')].map(cell),
        source,
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

function cell(text: string): string {
  return text.replaceAll(/[|<>*_]/g, '\\$&');
}

function catalogueDay(): string {
  return `The catalogue was read on ${dateOfData()}.`;
}

const NOTES_TITLE = 'What else the article and other pages say';

function prettyNotes(paint: Paint, width: number): string {
  const lines = requirementNotes().flatMap(({ destinations = [], text }) =>
    wrap((destinations.length === 0 ? '' : `${destinations.join(', ')}: `) + text, width - 4).map(
      (line, at) => `  ${at === 0 ? '•' : ' '} ${line}`,
    ),
  );
  return `${paint('bold', NOTES_TITLE)}\n${lines.join('\n')}\n`;
}

function markdownNotes(): string {
  const lines = requirementNotes().map(({ destinations = [], text }) => {
    const names = destinations.map((name) => `\`${name}\``).join(', ');
    return `- ${names === '' ? '' : `${names}: `}${cell(text)}`;
  });
  return `## ${NOTES_TITLE}\n\n${lines.join('\n')}\n\n${catalogueDay()}\n`;
}
