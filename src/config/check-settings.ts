import type { LevelSetting } from '../checks/check.ts';
import type { Place } from '../model/place.ts';
import { itemsOf, type CheckSettingsById, type Config, type ConfigPlaceOf } from './config.ts';
import { placePatterns, type Folders } from './place-pattern.ts';

/** What decides the level of a check. */
export type SettingOrigin =
  | { readonly from: 'default'; readonly preset: string }
  | { readonly from: 'flag'; readonly flag: string; readonly preset: string }
  | ({ readonly from: 'preset'; readonly preset: string } & ConfigPlaceOf)
  | ({ readonly from: 'config' } & ConfigPlaceOf);

/** A check's level and the options that the configuration gives it. */
export interface ResolvedCheck {
  readonly level: LevelSetting;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of the level. */
  readonly origin: SettingOrigin;
}

export type ResolvedChecks = ReadonlyMap<string, ResolvedCheck>;

/** Levels of every check by preset. */
export type Presets = (id: string) => ReadonlyMap<string, LevelSetting>;

/**
 * Levels and options of the checks: the default preset, or the one of a flag, which stands for all presets of the
 * configuration; then what the configuration says, the most general first. A level alone keeps the options given before.
 */
export function resolveChecks(
  config: Config,
  presets: Presets,
  preset: { readonly default: string; readonly flag?: { readonly name: string; readonly preset: string } },
): ResolvedChecks {
  const checks = new Map<string, ResolvedCheck>();
  const setPreset = (id: string, origin: SettingOrigin): void => {
    for (const [check, level] of presets(id)) checks.set(check, { ...checks.get(check), level, origin });
  };
  if (preset.flag === undefined) setPreset(preset.default, { from: 'default', preset: preset.default });
  else setPreset(preset.flag.preset, { from: 'flag', flag: preset.flag.name, preset: preset.flag.preset });
  for (const layer of config.layers) {
    if (layer.kind === 'file') apply(checks, layer.file.data.checks ?? {}, layer.file, '/checks');
    else if (preset.flag === undefined)
      setPreset(layer.id, { from: 'preset', preset: layer.id, ...layer.place });
  }
  return checks;
}

function apply(
  checks: Map<string, ResolvedCheck>,
  settings: CheckSettingsById,
  file: ConfigPlaceOf['file'],
  pointer: string,
): void {
  for (const [id, setting] of Object.entries(settings)) {
    const [level, given] = typeof setting === 'string' ? [setting] : setting;
    const options = given ?? checks.get(id)?.options;
    const token = id.replaceAll('~', '~0').replaceAll('/', '~1');
    checks.set(id, {
      level,
      ...(options === undefined ? {} : { options }),
      origin: { from: 'config', file, pointer: `${pointer}/${token}` },
    });
  }
}

/** Settings of checks that may differ from place to place. */
export interface ChecksByPlace {
  readonly at: (place: Place) => ResolvedChecks;
  /** Every variant: what holds everywhere, then each combination of overrides that was met. */
  readonly variants: () => readonly ResolvedChecks[];
}

/** The settings with the configuration's overrides; equal overrides give the same object. */
export async function checksByPlace(
  base: ResolvedChecks,
  config: Config,
  folders: Folders,
): Promise<ChecksByPlace> {
  const overrides = itemsOf(config, 'overrides');
  if (overrides.length === 0) return { at: () => base, variants: () => [base] };
  const compiled = await Promise.all(
    overrides.map(async (override) => ({
      override,
      patterns: await placePatterns(override.value.files, folders),
    })),
  );
  const known = new Map<string, ResolvedChecks>([['', base]]);
  return {
    at(place) {
      const holding = compiled.filter(({ patterns }) => patterns.some((pattern) => pattern.matches(place)));
      const key = holding.map((one) => compiled.indexOf(one)).join(' ');
      let checks = known.get(key);
      if (checks === undefined) {
        const changed = new Map(base);
        for (const { override } of holding)
          apply(changed, override.value.checks, override.file, `${override.pointer}/checks`);
        checks = changed;
        known.set(key, checks);
      }
      return checks;
    },
    variants: () => [...known.values()],
  };
}
