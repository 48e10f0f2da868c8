import type { ArtifactLocation, Location as SarifLocation, Result, Suppression } from 'sarif';
import { lineHashes } from '../locate/index.ts';
import { distinctRelated, groupFindings, manySentence, messagesOf, rankOf } from './aggregate.ts';
import type { Group, Related } from './aggregate.ts';
import { digest } from './digest.ts';
import type { CheckDoc, Finding, Location, ReportContext } from './report.ts';
import { isAzureId } from './uri.ts';
import { escapeMessage, link, messageWithClusters, sentence } from './sarif-text.ts';

/** GitHub rejects a run with more results; of these it keeps the 5,000 most severe. */
export const MOST_RESULTS = 25_000;
/** Names in the first sentence of a result for several findings, and messages after it. */
const MOST_ITEMS = 10;
const MOST_MESSAGES = 50;
const MOST_RELATED = 20;

/** Where relative URIs begin. GitHub does not resolve it; other viewers ask the user. */
export const ROOT_ID = '%SRCROOT%';

export interface Results {
  readonly results: Result[];
  /** Findings whose results did not fit. */
  readonly left: number;
}

/**
 * The most severe results first. GitHub tells alerts apart by rule, file and line hash, so several findings of a check
 * on one line are one result: otherwise all but one would vanish.
 */
export function resultsOf(
  findings: readonly Finding[],
  check: (id: string) => CheckDoc,
  context: ReportContext,
): Results {
  const groups = groupFindings(findings, (finding) => {
    const { path, startLine } = finding.location;
    return `${String(finding.suppressed)}\n${startLine}\n${context.uriOf(path)}`;
  });
  groups.sort((a, b) => compareGroups(a, b, context));
  const kept = groups.slice(0, MOST_RESULTS);
  const hashes = hashesOf(kept, context);
  return {
    results: kept.map((group) => resultOf(group, check(group.check), hashes, context)),
    left: groups.slice(MOST_RESULTS).reduce((sum, group) => sum + group.findings.length, 0),
  };
}

function compareGroups(a: Group, b: Group, context: ReportContext): number {
  const [one, two] = [a.first.location, b.first.location];
  return (
    rankOf(a.level) - rankOf(b.level) ||
    compareText(context.uriOf(one.path), context.uriOf(two.path)) ||
    one.startLine - two.startLine ||
    one.startColumn - two.startColumn ||
    compareText(a.check, b.check) ||
    Number(a.first.suppressed) - Number(b.first.suppressed)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Hashes = ReadonlyMap<string, ReadonlyMap<number, string>>;

function hashesOf(groups: readonly Group[], context: ReportContext): Hashes {
  const lines = new Map<string, Set<number>>();
  for (const { first } of groups) {
    const { path, startLine } = first.location;
    const known = lines.get(path);
    if (known === undefined) lines.set(path, new Set([startLine]));
    else known.add(startLine);
  }
  const hashes = new Map<string, ReadonlyMap<number, string>>();
  for (const [path, wanted] of lines) {
    const text = context.textOf(path);
    if (text !== undefined) hashes.set(path, lineHashes(text, wanted));
  }
  return hashes;
}

function resultOf(group: Group, check: CheckDoc, hashes: Hashes, context: ReportContext): Result {
  const { location } = group.first;
  const related = distinctRelated(group).slice(0, MOST_RELATED);
  const hash = hashes.get(location.path)?.get(location.startLine);
  return {
    ruleId: check.id,
    level: group.level,
    message: { text: messageOf(group, check, related) },
    locations: [{ physicalLocation: physicalLocation(location, context), ...logicalLocations(location) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map(({ text, location: place }, index) => ({
            id: index + 1,
            physicalLocation: physicalLocation(place, context),
            message: { text: escapeMessage(sentence(text)) },
          })),
        }),
    partialFingerprints: {
      ...(hash === undefined ? {} : { primaryLocationLineHash: hash }),
      'aksEgressLint/v1': fingerprintOf(group),
    },
    // With a suppressed result in the log every result must say whether it is one.
    ...(context.includeSuppressed === true ? { suppressions: suppressionsOf(group) } : {}),
  };
}

/** One for each reason that a finding of the group is suppressed for. */
function suppressionsOf({ first, findings }: Group): Suppression[] {
  if (!first.suppressed) return [];
  const distinct = new Map(
    findings.flatMap(({ suppression }) =>
      suppression === undefined ? [] : [[`${suppression.kind} ${suppression.reason}`, suppression]],
    ),
  );
  if (distinct.size === 0) return [{ kind: 'external' }];
  return [...distinct.values()].map(({ kind, reason }) => ({
    kind: kind === 'inline' ? 'inSource' : 'external',
    justification: reason,
  }));
}

function messageOf(group: Group, check: CheckDoc, related: readonly Related[]): string {
  const text = escapeMessage(bodyOf(group, check));
  if (related.length === 0) return text;
  return `${text} See: ${related.map((one, index) => link(one.text, index + 1)).join(', ')}.`;
}

function bodyOf(group: Group, check: CheckDoc): string {
  const messages = messagesOf(group, messageWithClusters);
  const [only = ''] = messages;
  if (messages.length === 1) return sentence(only);
  const first = manySentence(check, group, MOST_ITEMS) ?? `${messages.length} findings of ${check.id} here`;
  const listed = messages
    .slice(0, MOST_MESSAGES)
    .map((message, index) => `(${index + 1}) ${sentence(message)}`);
  const left = messages.length - listed.length;
  return [sentence(first), ...listed, ...(left > 0 ? [`And ${left} more.`] : [])].join(' ');
}

function fingerprintOf(group: Group): string {
  const fingerprints = [...new Set(group.findings.map((finding) => finding.fingerprint))].sort();
  const [only = ''] = fingerprints;
  if (fingerprints.length === 1) return only;
  return digest(fingerprints.join('\n'));
}

function physicalLocation(location: Location, context: ReportContext): SarifLocation['physicalLocation'] {
  return {
    artifactLocation: artifactLocation(context.uriOf(location.path)),
    region: {
      startLine: location.startLine,
      startColumn: location.startColumn,
      endLine: location.endLine,
      endColumn: location.endColumn,
    },
  };
}

/** Which resource a line of a plan or state is about, or which part of which resource of Azure. */
function logicalLocations({ address }: Location): Pick<SarifLocation, 'logicalLocations'> {
  return address === undefined
    ? {}
    : { logicalLocations: [{ fullyQualifiedName: address, kind: 'resource' }] };
}

function artifactLocation(uri: string): ArtifactLocation {
  return uri.startsWith('file:') || isAzureId(uri) ? { uri } : { uri, uriBaseId: ROOT_ID };
}
