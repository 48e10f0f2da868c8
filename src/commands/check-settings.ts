import { resolve } from 'node:path';
import {
  DEFAULT_PRESET,
  presetIds,
  presetSettings,
  withCompanyChecks,
  type CheckSettings,
} from '../checks/catalogue.ts';
import type { Check } from '../checks/check.ts';
import { resolveOptions } from '../checks/options.ts';
import type { OptionValues } from '../conditions/check-condition.ts';
import { resolveChecks, type ChecksByPlace, type ResolvedChecks } from '../config/check-settings.ts';
import { itemsOf, type Config } from '../config/config.ts';
import { verifyNames, verifyOptions } from '../config/names.ts';
import type { Place } from '../model/place.ts';

/** The checks that the configuration brings along, in order of id. */
export async function companyChecksOf(config: Config, cwd: string): Promise<readonly Check[]> {
  const folders = itemsOf(config, 'checkDirectories');
  if (folders.length === 0) return [];
  // Few runs have checks of their own.
  const { loadCompanyChecks } = await import('../config/company-checks.ts');
  return loadCompanyChecks(folders.map(({ value }) => ({ shown: value, path: resolve(cwd, value) })));
}

/** Ids of all checks, and of those that nothing may suppress. */
export function knownChecks(company: readonly Check[]): {
  readonly checks: readonly string[];
  readonly notSuppressible: readonly string[];
} {
  const checks = withCompanyChecks(company);
  return {
    checks: checks.map(({ id }) => id),
    notSuppressible: checks.filter(({ meta }) => meta.suppressible === false).map(({ id }) => id),
  };
}

/** Checks the names and options in a configuration against what there is. */
export function verifyConfig(config: Config, company: readonly Check[]): void {
  if (config.path === undefined) return;
  verifyNames(config, { ...knownChecks(company), presets: presetIds() });
  verifyOptions(config, withCompanyChecks(company));
}

/** What flags and configuration say of the checks, wherever nothing else is said. */
export function resolvedChecks(strict: boolean, config: Config, company: readonly Check[]): ResolvedChecks {
  return resolveChecks(config, (id) => presetSettings(id, company).levels, {
    default: DEFAULT_PRESET,
    ...(strict ? { flag: { name: '--strict', preset: 'strict' } } : {}),
  });
}

/** Settings of the checks as they run, which may differ from place to place; the same object for the same settings. */
export interface SettingsByPlace {
  readonly at: (place: Place) => CheckSettings;
  /** Every variant that was met. */
  readonly variants: () => readonly CheckSettings[];
}

/** @param asOf day of the run, `YYYY-MM-DD` */
export function settingsByPlace(
  byPlace: ChecksByPlace,
  company: readonly Check[],
  asOf: string,
): SettingsByPlace {
  const checks = withCompanyChecks(company);
  const known = new Map<ResolvedChecks, CheckSettings>();
  const settingsOf = (resolved: ResolvedChecks): CheckSettings => {
    let settings = known.get(resolved);
    if (settings === undefined) {
      const levels = new Map(Array.from(resolved, ([id, { level }]) => [id, level]));
      settings = { checks, levels, options: optionsOf(checks, resolved), asOf };
      known.set(resolved, settings);
    }
    return settings;
  };
  return {
    at: (place) => settingsOf(byPlace.at(place)),
    variants: () => byPlace.variants().map(settingsOf),
  };
}

function optionsOf(checks: readonly Check[], resolved: ResolvedChecks): ReadonlyMap<string, OptionValues> {
  const options = new Map<string, OptionValues>();
  for (const check of checks) {
    const given = resolved.get(check.id)?.options;
    if (given !== undefined) options.set(check.id, resolveOptions(check, given).options);
  }
  return options;
}
