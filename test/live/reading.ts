import * as containers from '@azure/arm-containerservice';
import * as network from '@azure/arm-network';
import * as identity from '@azure/identity';
import { Arm, type ArmOptions } from '../../src/live/arm.ts';
import type { ArmServer } from './arm-server.ts';

/** Reads from the server in this process; pauses between attempts are a hundredth of a second. */
export function armOf(azure: ArmServer, options: Partial<ArmOptions> = {}): Arm {
  let tokens = 0;
  return new Arm(
    { network, containers, identity },
    {
      endpoint: azure.endpoint,
      scope: 'https://management.azure.com/.default',
      credential: {
        getToken: () => {
          tokens += 1;
          return Promise.resolve({ token: `token-${tokens}`, expiresOnTimestamp: Date.now() + 3_600_000 });
        },
      },
      timeout: 5000,
      signal: new AbortController().signal,
      after(milliseconds, act) {
        const timer = setTimeout(act, milliseconds);
        return () => {
          clearTimeout(timer);
        };
      },
      authorities: azure.certificate,
      pause: 10,
      ...options,
    },
  );
}
