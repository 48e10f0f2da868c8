import { itemsOf, type Config, type ConfigSuppression, type Setting } from './config.ts';
import { placePatterns, type Folders, type PlacePattern } from './place-pattern.ts';
import type { RuleLookup, Suppressible, Suppression } from './suppression.ts';

/** Between the parts of an entry's id; `>` is what a keyboard has. */
const SEPARATOR = ' › ';

/** The suppressions of the configuration, the most general file first. */
export async function configSuppressions(config: Config, folders: Folders): Promise<readonly Suppression[]> {
  const settings = itemsOf(config, 'suppressions');
  const patterns = await placePatterns(
    settings.flatMap(({ value }) => value.at ?? []),
    folders,
  );
  const next = patterns.values();
  return settings.map((setting) => {
    const pattern = setting.value.at === undefined ? undefined : next.next().value;
    return suppressionOf(setting, pattern);
  });
}

function suppressionOf(
  { value, file, pointer }: Setting<ConfigSuppression>,
  pattern: PlacePattern | undefined,
): Suppression {
  const position = file.positionOf(pointer);
  const entry = value.entry === undefined ? undefined : normalised(value.entry);
  return {
    kind: 'config',
    check: value.check,
    reason: value.reason,
    until: value.until,
    where: position === undefined ? file.path : `${file.path}:${position.line}:${position.column}`,
    covers: (finding, rules) =>
      (value.requirement === undefined || value.requirement === finding.requirement) &&
      (value.policy === undefined || isPolicy(finding, value.policy)) &&
      (value.cluster === undefined || isOnlyFor(finding, value.cluster)) &&
      (entry === undefined || isEntry(finding, entry, rules)) &&
      (value.collection === undefined || rules.isInCollection(finding, value.collection)) &&
      (pattern?.matches(finding.place) ?? true),
    isInReach: (paths) => pattern === undefined || paths.some(pattern.matchesFile),
  };
}

function isPolicy({ policy }: Suppressible, name: string): boolean {
  return [policy.name, policy.id].some((known) => known.toLowerCase() === name.toLowerCase());
}

/** What concerns another cluster too is not accepted for one alone. */
function isOnlyFor({ clusters }: Suppressible, name: string): boolean {
  return clusters.length > 0 && clusters.every((cluster) => cluster === name);
}

/** The id of an entry, or its beginning: the rule, or the rule and its destination. */
function isEntry(finding: Suppressible, wanted: string, rules: RuleLookup): boolean {
  const id = finding.entry ?? finding.rule ?? rules.ruleOf(finding)?.id;
  if (id === undefined) return false;
  const own = normalised(id);
  return own === wanted || own.startsWith(wanted + SEPARATOR);
}

function normalised(id: string): string {
  return id
    .toLowerCase()
    .split(/\s+[›>]\s+/)
    .map((part) => part.trim())
    .join(SEPARATOR);
}
