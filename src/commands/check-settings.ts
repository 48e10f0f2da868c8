import {
  CHECKS,
  DEFAULT_PRESET,
  presetIds,
  presetSettings,
  type CheckSettings,
} from '../checks/catalogue.ts';
import { resolveChecks, type ResolvedChecks } from '../config/check-settings.ts';
import type { Config } from '../config/config.ts';

/** Ids of all checks, and of those that nothing may suppress. */
export function knownChecks(): {
  readonly checks: readonly string[];
  readonly notSuppressible: readonly string[];
} {
  return {
    checks: CHECKS.map(({ id }) => id),
    notSuppressible: CHECKS.filter(({ meta }) => meta.suppressible === false).map(({ id }) => id),
  };
}

/** Checks the names in a configuration against what there is. */
export async function verifyConfig(config: Config): Promise<void> {
  if (config.path === undefined) return;
  const { verifyNames } = await import('../config/names.ts');
  verifyNames(config, { ...knownChecks(), presets: presetIds() });
}

/** What flags and configuration say of the checks, wherever nothing else is said. */
export function resolvedChecks(strict: boolean, config: Config): ResolvedChecks {
  return resolveChecks(config, (id) => presetSettings(id).levels, {
    default: DEFAULT_PRESET,
    ...(strict ? { flag: { name: '--strict', preset: 'strict' } } : {}),
  });
}

const settings = new WeakMap<ResolvedChecks, CheckSettings>();

/** As the checks take it; the same object for the same settings. */
export function checkSettings(checks: ResolvedChecks): CheckSettings {
  let known = settings.get(checks);
  if (known === undefined) {
    known = { levels: new Map(Array.from(checks, ([id, { level }]) => [id, level])) };
    settings.set(checks, known);
  }
  return known;
}
