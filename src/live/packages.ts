import type * as containers from '@azure/arm-containerservice';
import type * as network from '@azure/arm-network';
import type * as identity from '@azure/identity';
import { UsageError } from '../errors.ts';

/** What reading Azure needs beside this program; package.json names them as optional peers. */
export const PACKAGES = [
  '@azure/arm-network@36.0.0',
  '@azure/arm-containerservice@25.3.0',
  '@azure/identity@4.13.1',
];

export interface Packages {
  readonly network: typeof network;
  readonly containers: typeof containers;
  readonly identity: typeof identity;
}

/** Loads the clients. Throws a UsageError that says how to install them where one is missing. */
export async function loadPackages(): Promise<Packages> {
  try {
    const [forNetwork, forContainers, forIdentity] = await Promise.all([
      import('@azure/arm-network'),
      import('@azure/arm-containerservice'),
      import('@azure/identity'),
    ]);
    return { network: forNetwork, containers: forContainers, identity: forIdentity };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    const missing = /(?:package|module) '([^']+)'/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new UsageError(missingPackages(missing));
  }
}

/** What to say where they are not installed. They are found beside this program, so each way of installing has its own. */
export function missingPackages(missing: string | undefined): string {
  const all = PACKAGES.join(' ');
  return [
    `Reading from Azure needs Microsoft's clients, which are not installed with this program since they take 142 MB${missing === undefined ? '' : ` (not found: ${missing})`}. Install them:`,
    `  npm install ${all}`,
    'Where the program is installed globally, or runs by npx:',
    `  npm install --global aks-egress-lint ${all}`,
    `  npx ${['aks-egress-lint', ...PACKAGES].map((name) => `-p ${name}`).join(' ')} aks-egress-lint azure …`,
  ].join('\n');
}
