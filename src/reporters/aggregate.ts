import { MessageTemplate } from '../checks/message.ts';
import type { CheckDoc, Finding, Level, Report, RequirementRow } from './report.ts';

/** Most severe first. */
export const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

export function rankOf(level: Level): number {
  return LEVELS.indexOf(level);
}

/** Findings of one check that are shown as one; in the order of the report, and never empty. */
export interface Group {
  readonly check: string;
  readonly level: Level;
  readonly first: Finding;
  readonly findings: readonly Finding[];
}

/** Gathers findings of equal key, in order of first appearance. A group is as severe as its worst finding. */
export function groupFindings(findings: Iterable<Finding>, keyOf: (finding: Finding) => string): Group[] {
  const byKey = new Map<string, { level: Level; first: Finding; findings: Finding[] }>();
  for (const finding of findings) {
    const key = `${finding.check}\n${keyOf(finding)}`;
    const group = byKey.get(key);
    if (group === undefined) {
      byKey.set(key, { level: finding.level, first: finding, findings: [finding] });
    } else {
      group.findings.push(finding);
      if (rankOf(finding.level) < rankOf(group.level)) group.level = finding.level;
    }
  }
  return Array.from(byKey.values(), (group) => ({ check: group.first.check, ...group }));
}

/** Findings of one check, level and place in one group. */
export function groupsByPlace(findings: Iterable<Finding>): Group[] {
  return groupFindings(findings, ({ level, location: at }) =>
    [level, at.path, at.startLine, at.startColumn, at.endLine, at.endColumn].join(' '),
  );
}

export type Related = Finding['related'][number];

/** What the findings of a group refer to, each place and text once. */
export function distinctRelated({ findings }: Group): Related[] {
  const distinct = new Map<string, Related>();
  for (const one of findings.flatMap(({ related }) => related)) {
    const { path, startLine, startColumn } = one.location;
    const key = [path, startLine, startColumn, one.text].join('\n');
    if (!distinct.has(key)) distinct.set(key, one);
  }
  return [...distinct.values()];
}

/** Indices of the runs that a finding is about: an entry of a policy is judged once for all its clusters. */
export function runsOf({ run, clusters = [] }: Finding, { runs }: Report): number[] {
  const policy = runs[run]?.policy;
  const others = runs.flatMap((one, index) =>
    one.policy === policy && one.cluster !== null && clusters.includes(one.cluster) ? [index] : [],
  );
  return [run, ...others];
}

/** What the report knows of a finding's requirement beyond the message: the near miss, or what to supply; else ''. */
export function notesOf({ runs }: Report): (finding: Finding) => string {
  const rows = new Map<string, RequirementRow[]>();
  runs.forEach((run, index) => {
    for (const row of run.requirements) {
      if (row.note === '') continue;
      const key = `${index} ${row.id}`;
      const known = rows.get(key);
      if (known === undefined) rows.set(key, [row]);
      else known.push(row);
    }
  });
  return ({ run, requirement, message }) => {
    const row = rows
      .get(`${run} ${requirement ?? ''}`)
      ?.find(({ destination }) => message.includes(destination));
    return row === undefined || message.includes(row.note) ? '' : row.note;
  };
}

/** The messages of a group without repetition: two runs may say the same of one place. */
export function messagesOf(
  group: Group,
  textOf: (finding: Finding) => string = ({ message }) => message,
): string[] {
  return [...new Set(group.findings.map(textOf))];
}

/** Names at most `most` items: "a, b, c and 4 more". */
export function listItems(items: readonly string[], most: number): string {
  if (items.length <= most) return items.join(', ');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}

/** One sentence for a group of several messages; undefined where the findings have no short names for the list. */
export function manySentence(check: CheckDoc, group: Group, most: number): string | undefined {
  const items: string[] = [];
  for (const finding of group.findings) {
    if (finding.item === undefined) return undefined;
    if (!items.includes(finding.item)) items.push(finding.item);
  }
  return new MessageTemplate(check.many).render({
    count: String(items.length),
    items: listItems(items, most),
  });
}

/** Documentation of the checks by id. */
export function checksById(checks: readonly CheckDoc[]): (id: string) => CheckDoc {
  const byId = new Map(checks.map((check) => [check.id, check]));
  return (id) => {
    const check = byId.get(id);
    if (check === undefined) throw new Error(`A finding names the check '${id}', which is not enabled`);
    return check;
  };
}
