import type { ConfigAzure } from '../config/config.ts';
import { UsageError } from '../errors.ts';
import type { LintArguments } from './arguments.ts';
import { withHelp, type ParsedValues } from './parsed-values.ts';

/** Lints what is read from Azure. */
export interface AzureArguments {
  readonly command: 'azure';
  /** Without files. */
  readonly lint: LintArguments;
  readonly firewallPolicy: string | undefined;
  readonly firewall: string | undefined;
  readonly clusters: readonly string[];
  readonly subscription: string | undefined;
  readonly armEndpoint: string | undefined;
  readonly armAudience: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly save: string | undefined;
}

/** The flag that says the same as a key of `azure` in the configuration. */
export function azureFlag(key: keyof ConfigAzure): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const DEFAULT_TIMEOUT = '60';
const LONGEST_TIMEOUT = 3600;

export function azureArguments(
  values: ParsedValues,
  shared: Omit<LintArguments, 'files' | 'clusters'>,
): AzureArguments {
  const timeout = values.one('timeout') ?? DEFAULT_TIMEOUT;
  if (!/^[1-9]\d{0,3}$/.test(timeout) || Number(timeout) > LONGEST_TIMEOUT) {
    throw new UsageError(
      withHelp(`--timeout: '${timeout}' is no number of seconds. Expected 1 to ${LONGEST_TIMEOUT}.`),
    );
  }
  return {
    command: 'azure',
    lint: { ...shared, files: [], clusters: [] },
    firewallPolicy: values.one('firewall-policy'),
    firewall: values.one('firewall'),
    clusters: values.many('cluster'),
    subscription: values.one('subscription'),
    armEndpoint: values.one('arm-endpoint'),
    armAudience: values.one('arm-audience'),
    timeout: Number(timeout),
    save: values.one('save'),
  };
}
