import { describeSources, type Judgement } from '../coverage/index.ts';
import { showSymbols } from '../model/symbol.ts';
import { locateAll, type SourceTexts } from '../locate/index.ts';
import type { Parsed } from '../parsers/index.ts';
import type { Run } from '../reporters/report.ts';
import type { Judged } from './findings.ts';
import { formatPlace } from './exit.ts';
import type { Cluster } from './pipeline.ts';

interface Context {
  readonly clusters: readonly Cluster[];
  readonly parsed: readonly Parsed[];
  readonly judged: readonly Judged[];
  readonly runs: readonly Run[];
  readonly sources: SourceTexts;
}

/** What a reader should know beside the findings: what was assumed, left out or tolerated. Finished sentences. */
export function noticesOf(context: Context): string[] {
  const notices = [
    ...context.clusters.flatMap(({ profile }) => profile.notes),
    ...context.clusters.flatMap((cluster) => unserved(cluster, context)),
    ...context.judged.flatMap(assumptions),
    ...located(context.parsed, context.sources),
    ...context.parsed.slice(0, 1).flatMap(skipped),
  ];
  return [...new Set(notices)];
}

/** What the parsers tolerated, each with its line where it is about a part of the file. */
function located(parsed: readonly Parsed[], sources: SourceTexts): string[] {
  const notes = parsed.flatMap((one) => one.notes);
  const regions = locateAll(
    sources,
    notes.map(({ place }) => place),
  );
  return notes.map(({ message, place }, at) => {
    const region = place.pointer === '' ? undefined : regions[at];
    const position = region && { line: region.startLine, column: region.startColumn };
    return `${formatPlace(place.path, position)}: ${message}`;
  });
}

function unserved({ name }: Cluster, { judged }: Context): string[] {
  return name === null || judged.some(({ cluster }) => cluster === name)
    ? []
    : [`No policy of the input serves cluster '${name}', so it was not judged.`];
}

/** What the rules, not the user, said about the cluster. */
function assumptions({ judgement, cluster }: Judged): string[] {
  const policy = `policy '${showSymbols(judgement.policy.name)}'`;
  const subject = cluster === null ? policy : `${policy} and cluster '${cluster}'`;
  const [first, ...others] = judgement.runs;
  if (first === undefined || first.sourcesFrom === 'none') return [];
  const region = showSymbols(first.region);
  if (others.length > 0) {
    return [
      `The rules of ${subject} show several networks that may be a cluster's, and each was judged: ` +
        `${judgement.runs.map(networkOf).join('; ')}. --source names the right one.`,
      ...(first.regionFrom === 'inferred' ? [`The region ${region} was taken from the rules.`] : []),
    ];
  }
  const taken = [
    ...(first.sourcesFrom === 'inferred'
      ? [{ what: `the network ${networkOf(first)}`, flag: '--source' }]
      : []),
    ...(first.regionFrom === 'inferred' ? [{ what: `the region ${region}`, flag: '--region' }] : []),
  ];
  const notices =
    taken.length === 0
      ? []
      : [
          `For ${subject}, ${taken.map(({ what }) => what).join(' and ')} ${taken.length === 1 ? 'was' : 'were'} ` +
            `taken from the rules; ${taken.map(({ flag }) => flag).join(' and ')} can name another.`,
        ];
  if (first.regionFrom === 'none') {
    notices.push(`For ${subject}, no region is known: rules for any one region would do. --region names it.`);
  }
  return notices;
}

function networkOf({ sources }: Judgement): string {
  return sources === undefined ? 'none' : describeSources(sources).join(', ');
}

/** A folder's other files are nobody's mistake; what looks like an input and is not used is. */
function skipped({ skipped: files }: Parsed): string[] {
  const others = files.filter(({ reason }) => reason.startsWith('not recognised'));
  const worthNaming = files.filter((file) => !others.includes(file));
  return [
    ...worthNaming.map(({ path, reason }) => `${path} was skipped: ${reason}.`),
    ...(others.length === 0
      ? []
      : [
          `${others.length} ${others.length === 1 ? 'file' : 'files'} without a firewall ${others.length === 1 ? 'was' : 'were'} skipped.`,
        ]),
  ];
}
