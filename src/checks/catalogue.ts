import checkFiles from '../../rules/checks?directory';
import presetFiles from '../../rules/presets?directory';
import type { OptionValues } from '../conditions/check-condition.ts';
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

/** The built-in checks with an organisation's, in alphabetical order. */
export function withCompanyChecks(company: readonly Check[]): readonly Check[] {
  if (company.length === 0) return CHECKS;
  return [...CHECKS, ...company].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Which checks run, how much each weighs, and with which options. */
export interface CheckSettings {
  /** In alphabetical order. */
  readonly checks: readonly Check[];
  /** A check that is not named keeps its default level. */
  readonly levels: ReadonlyMap<string, LevelSetting>;
  /** Complete options of checks that have some; a check that is not named has its defaults. */
  readonly options: ReadonlyMap<string, OptionValues>;
  /** Day of the run, `YYYY-MM-DD`, for conditions on the age of something. */
  readonly asOf: string;
}

export const DEFAULT_PRESET = 'recommended';

export function presetIds(): string[] {
  return PRESETS.map((preset) => preset.id);
}

/** The levels of a preset: recommended, strict or audit. An organisation's checks say themselves what theirs are. */
export function presetSettings(id: string, company: readonly Check[] = []): CheckSettings {
  const preset = PRESETS.find((candidate) => candidate.id === id);
  if (preset === undefined) {
    throw new UsageError(`Unknown preset '${id}': expected one of ${presetIds().join(', ')}.`);
  }
  const own = company.map(({ id: check, meta }) => [check, meta.presets?.[id] ?? meta.level] as const);
  return {
    checks: withCompanyChecks(company),
    levels: new Map([...Object.entries(preset.levels), ...own]),
    options: new Map(),
    asOf: '',
  };
}

/** Metadata of checks for reporters, in their order. */
export function checkDocs(checks: readonly Check[] = CHECKS): CheckDoc[] {
  return checks.map((check) => {
    const { id, meta } = check;
    const url = urlOf(check);
    return {
      id,
      name: pascalCase(id),
      description: meta.docs.description,
      rationale: meta.docs.rationale,
      fix: meta.docs.fix,
      ...(url === undefined ? {} : { url }),
      defaultLevel: meta.level,
      tags: meta.tags,
      ...(meta.securitySeverity === undefined ? {} : { securitySeverity: meta.securitySeverity }),
      precision: meta.precision,
      many: meta.many,
    };
  });
}

/** Where the documentation of a check is; an organisation's may have none. */
export function urlOf(check: Check): string | undefined {
  return CHECKS.includes(check) ? `${DOCS}/${check.id}.md` : check.meta.docs.url;
}

/** The level of a check under some settings; undefined where it is off. */
export function levelOf(check: Check, settings: Pick<CheckSettings, 'levels'>): Level | undefined {
  const setting = settings.levels.get(check.id) ?? check.meta.level;
  return setting === 'off' ? undefined : setting;
}

function pascalCase(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
