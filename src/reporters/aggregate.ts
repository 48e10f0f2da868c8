import { MessageTemplate } from '../checks/message.ts';
import type { CheckDoc, Finding, Level } from './report.ts';

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
