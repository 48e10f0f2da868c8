import type { Check } from '../checks/check.ts';
import { resolveOptions, token } from '../checks/options.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import { filesOf, settingOf, type CheckSettingsById, type Config, type ConfigFile } from './config.ts';

/** What a configuration may name. */
export interface KnownNames {
  /** Ids, those of the configuration's own directories included. */
  readonly checks: readonly string[];
  readonly presets: readonly string[];
  /** Ids of checks that nothing may suppress. */
  readonly notSuppressible: readonly string[];
}

/**
 * Checks the names in a configuration against those that exist.
 * @throws {ConfigError} for the first unknown one, with what is known
 */
export function verifyNames(config: Config, known: KnownNames): void {
  for (const layer of config.layers) {
    if (layer.kind === 'file' || known.presets.includes(layer.id)) continue;
    const { file, pointer } = layer.place;
    throw file.errorAt(
      pointer,
      `there is no preset '${layer.id}'. Expected ${known.presets.join(', ')}, or a file such as ./base.yaml.` +
        didYouMean(layer.id, known.presets),
    );
  }
  const clusters = settingOf(config, 'clusters')?.value.map(({ name }) => name) ?? [];
  for (const file of filesOf(config)) {
    verifyChecks(file.data.checks, '/checks', file, known);
    for (const [at, override] of (file.data.overrides ?? []).entries())
      verifyChecks(override.checks, `/overrides/${at}/checks`, file, known);
    verifySuppressions(file, known, clusters);
  }
}

function verifyChecks(
  checks: CheckSettingsById | undefined,
  pointer: string,
  file: ConfigFile,
  known: KnownNames,
): void {
  for (const id of Object.keys(checks ?? {})) {
    if (known.checks.includes(id)) continue;
    throw file.errorAt(`${pointer}/${token(id)}`, unknownCheck(id, known.checks), true);
  }
}

function verifySuppressions(file: ConfigFile, known: KnownNames, clusters: readonly string[]): void {
  for (const [at, { check, cluster }] of (file.data.suppressions ?? []).entries()) {
    const pointer = `/suppressions/${at}`;
    if (!known.checks.includes(check)) {
      throw file.errorAt(`${pointer}/check`, unknownCheck(check, known.checks));
    }
    if (known.notSuppressible.includes(check)) {
      throw file.errorAt(`${pointer}/check`, `the check '${check}' cannot be suppressed.`);
    }
    if (cluster !== undefined && !clusters.includes(cluster)) {
      const expected = clusters.length === 0 ? 'There are no clusters.' : `Expected ${clusters.join(', ')}.`;
      throw file.errorAt(
        `${pointer}/cluster`,
        `there is no cluster '${cluster}'.${didYouMean(cluster, clusters)} ${expected}`,
      );
    }
  }
}

/**
 * Checks the options that a configuration gives, in overrides too.
 * @throws {ConfigError} for the first option that its check does not have or that has another form
 */
export function verifyOptions(config: Config, checks: readonly Check[]): void {
  for (const file of filesOf(config)) {
    const places = [
      { settings: file.data.checks, pointer: '/checks' },
      ...(file.data.overrides ?? []).map((override, at) => ({
        settings: override.checks,
        pointer: `/overrides/${at}/checks`,
      })),
    ];
    for (const { settings, pointer } of places) {
      for (const [id, setting] of Object.entries(settings ?? {})) {
        const check = checks.find((candidate) => candidate.id === id);
        if (check === undefined || typeof setting === 'string') continue;
        const [problem] = resolveOptions(check, setting[1]).problems;
        if (problem === undefined) continue;
        const place = `${pointer}/${token(id)}/1${problem.pointer}`;
        throw file.errorAt(place, `check '${id}': ${problem.message}`, problem.key);
      }
    }
  }
}

/** With the check that may be meant. */
export function unknownCheck(id: string, checks: readonly string[]): string {
  return `there is no check '${id}'.${didYouMean(id, checks)} 'aks-egress-lint checks' lists them.`;
}
