import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { withDeadline, type Limits } from './deadline.ts';

/** No token could be had. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/**
 * One token for all clients of a run: each would ask for its own, and `az` takes a second for one. It hands tokens on as
 * expired, so that the clients ask every time and a token that Azure refuses can be replaced.
 */
export class SharedToken implements TokenCredential {
  readonly #credential: TokenCredential;
  readonly #limits: Limits;
  #token: Promise<AccessToken> | undefined;

  constructor(credential: TokenCredential, limits: Limits) {
    this.#credential = credential;
    this.#limits = limits;
  }

  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> {
    // Azure wants another token than the one it was shown: https://learn.microsoft.com/entra/identity-platform/claims-challenge
    if (options.claims !== undefined) this.forget();
    this.#token ??= this.#acquire(scopes, options);
    return { ...(await this.#token), expiresOnTimestamp: 0 };
  }

  forget(): void {
    this.#token = undefined;
  }

  async #acquire(scopes: string | string[], options: GetTokenOptions): Promise<AccessToken> {
    const token = await withDeadline(async (abortSignal) => {
      try {
        return await this.#credential.getToken(scopes, { ...options, abortSignal });
      } catch (error) {
        throw new CredentialError(reasonOf(error));
      }
    }, this.#limits);
    if (token === null) throw new CredentialError('');
    return token;
  }
}

/** What Microsoft Entra ID says, without what only its support understands; a chain of credentials says nothing useful. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /AADSTS\d+: [^\n]*?(?=\s+Trace ID:|\n|$)/.exec(text)?.[0].trim() ?? '';
}
