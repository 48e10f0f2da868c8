import checkFiles from '../../rules/checks?directory';
import presetFiles from '../../rules/presets?directory';
import { UsageError } from '../errors.ts';
import type { Check, CheckDoc, Level, LevelSetting, Preset } from './check.ts';

const DOCS = 'https://github.com/aks-egress-lint/aks-egress-lint/blob/main/docs/checks';

/** Built-in checks in alphabetical order. Their form is proven by the tests against schemas/check.schema.json. */
export const CHECKS: readonly Check[] = checkFiles.filter(isCheck);

const PRESETS: readonly Preset[] = presetFiles.filter(isPreset);

function isCheck(file: unknown): file is Check {
  return typeof file === 'object' && file !== null && 'cases' in file;
}

function isPreset(file: unknown): file is Preset {
  return typeof file === 'object' && file !== null && 'levels' in file;
}

/** How much each check weighs. A check that is not named keeps its default level. */
export interface CheckSettings {
  readonly levels: ReadonlyMap<string, LevelSetting>;
}

export const DEFAULT_PRESET = 'recommended';

export function presetIds(): string[] {
  return PRESETS.map((preset) => preset.id);
}

/** The levels of a preset: recommended, strict or audit. */
export function presetSettings(id: string): CheckSettings {
  const preset = PRESETS.find((candidate) => candidate.id === id);
  if (preset === undefined) {
    throw new UsageError(`Unknown preset '${id}': expected one of ${presetIds().join(', ')}.`);
  }
  return { levels: new Map(Object.entries(preset.levels)) };
}

/** Metadata of every built-in check for reporters, in alphabetical order. */
export function checkDocs(): CheckDoc[] {
  return CHECKS.map(({ id, meta }) => ({
    id,
    name: pascalCase(id),
    description: meta.docs.description,
    rationale: meta.docs.rationale,
    fix: meta.docs.fix,
    url: `${DOCS}/${id}.md`,
    defaultLevel: meta.level,
    tags: meta.tags,
    ...(meta.securitySeverity === undefined ? {} : { securitySeverity: meta.securitySeverity }),
    precision: meta.precision,
    many: meta.many,
  }));
}

/** The level of a check under some settings; undefined where it is off. */
export function levelOf(check: Check, settings: CheckSettings): Level | undefined {
  const setting = settings.levels.get(check.id) ?? check.meta.level;
  return setting === 'off' ? undefined : setting;
}

function pascalCase(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
