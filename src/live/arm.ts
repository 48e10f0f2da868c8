import { AsyncLocalStorage } from 'node:async_hooks';
import type { NetworkManagementClient } from '@azure/arm-network';
import type { ContainerServiceClient } from '@azure/arm-containerservice';
import type { TokenCredential } from '@azure/identity';
import type { ArmCloud } from './cloud.ts';
import { SharedToken } from './credential.ts';
import { interruption, withDeadline, type Limits } from './deadline.ts';
import { failureOf, ForeignLinkError, PauseError, type Asked, type Refusal } from './failure.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import type { Packages } from './packages.ts';

/** Azure asks for a pause of more than this: then the run ends and says so. */
export const LONGEST_WAIT = 120;

export interface ArmOptions extends Pick<ArmCloud, 'endpoint' | 'scope'>, Limits {
  readonly credential: TokenCredential;
  readonly onAnswer?: () => void;
  /** Azure throttles, or does not answer: what is asked for is tried again, after so many seconds where it said so. */
  readonly onWait?: (seconds: number | undefined) => void;
  /** Of tests: their authority, and shorter pauses between attempts, in milliseconds. */
  readonly authorities?: string;
  readonly pause?: number;
}

type Request = Parameters<Parameters<ContainerServiceClient['pipeline']['sendRequest']>[0]['sendRequest']>[0];
type Response = Awaited<ReturnType<ContainerServiceClient['pipeline']['sendRequest']>>;
/** Is it what was asked for? */
type Judge = (body: JsonObject) => boolean;
type Next = (request: Request) => Promise<Response>;

/**
 * Azure Resource Manager through Microsoft's clients, which know addresses and versions, authenticate, page and repeat. Their
 * models rename properties and drop those that they do not know, so what counts is what came over the wire: a policy in each
 * client's pipeline keeps the bodies.
 */
export class Arm {
  readonly #packages: Packages;
  readonly #options: ArmOptions;
  readonly #token: SharedToken;
  readonly #exchanges = new AsyncLocalStorage<Exchange>();
  readonly #networks = new Map<string, NetworkManagementClient>();
  readonly #containers = new Map<string, ContainerServiceClient>();

  constructor(packages: Packages, options: ArmOptions) {
    this.#packages = packages;
    this.#options = options;
    this.#token = new SharedToken(options.credential, options);
  }

  network(subscription: string): NetworkManagementClient {
    return kept(this.#networks, subscription, () => {
      const { NetworkManagementClient: Client } = this.#packages.network;
      const { endpoint, scope: credentialScopes } = this.#options;
      return new Client(this.#token, subscription, { ...this.#common(), endpoint, credentialScopes });
    });
  }

  containers(subscription: string): ContainerServiceClient {
    return kept(this.#containers, subscription, () => {
      const { ContainerServiceClient: Client } = this.#packages.containers;
      const { endpoint, scope } = this.#options;
      return new Client(this.#token, subscription, {
        ...this.#common(),
        endpoint,
        credentials: { scopes: [scope] },
      });
    });
  }

  /**
   * The one answer to a request of a client. Throws an InputError, for an answer that is not what was asked for too: what a
   * gateway makes up would count as a policy that says nothing.
   */
  async get(asked: Asked, request: () => Promise<unknown>, isIt: Judge): Promise<JsonObject> {
    const [answer] = await this.#answers(asked, request);
    if (answer === undefined || !isIt(answer))
      throw this.#failure(new SyntaxError('an answer to something else'), asked);
    return answer;
  }

  /** The members of all pages of a list. Throws an InputError, as above. */
  async list(
    asked: Asked,
    request: () => AsyncIterable<unknown>,
    isMember: Judge = () => true,
  ): Promise<readonly JsonObject[]> {
    const pages = await this.#answers(asked, async () => {
      const items = request()[Symbol.asyncIterator]();
      while ((await items.next()).done !== true);
    });
    return pages.flatMap(({ value }) => {
      if (isList(value) && value.every(isObject) && value.every(isMember)) return value;
      throw this.#failure(new SyntaxError("a list without 'value'"), asked);
    });
  }

  /** A list of a service that none of the clients knows. */
  async listAt(asked: Asked, path: string, apiVersion: string): Promise<readonly JsonObject[]> {
    return this.list(asked, () => this.#pages(`${path}?api-version=${apiVersion}`));
  }

  async *#pages(path: string): AsyncGenerator {
    const sender = this.network('') as unknown as Sender;
    for (let next = path; next !== '';) {
      yield await sender.sendOperationRequest({}, { path: next, httpMethod: 'GET', responses: { 200: {} } });
      const page = parsed(this.#exchanges.getStore()?.bodies.at(-1) ?? '');
      next = typeof page['nextLink'] === 'string' ? page['nextLink'] : '';
    }
  }

  async #answers(asked: Asked, request: () => Promise<unknown>): Promise<JsonObject[]> {
    const first = await this.#attempt(request);
    if (first.refusal?.status !== 401) return this.#parsed(first, asked);
    // A token that was kept somewhere may have expired or been revoked since.
    this.#token.forget();
    return this.#parsed(await this.#attempt(request), asked);
  }

  async #attempt(request: () => Promise<unknown>): Promise<Exchange> {
    const exchange: Exchange = { bodies: [], answered: new Set() };
    try {
      await this.#exchanges.run(exchange, request);
    } catch (error) {
      exchange.error = error;
    }
    return exchange;
  }

  #parsed({ bodies, error, refusal }: Exchange, asked: Asked): JsonObject[] {
    if (error !== undefined) throw this.#failure(error, asked, refusal);
    try {
      return bodies.map(parsed);
    } catch (problem) {
      throw this.#failure(problem, asked);
    }
  }

  #failure(error: unknown, asked: Asked, refusal?: Refusal): Error {
    const { endpoint, timeout, signal } = this.#options;
    if (signal.aborted) return interruption(signal);
    return failureOf({ error, refusal }, asked, { endpoint, timeout });
  }

  #common(): object {
    const { authorities, pause = 800 } = this.#options;
    const policy = { name: 'aksEgressLint', sendRequest: this.#send.bind(this) };
    return {
      additionalPolicies: [{ policy, position: 'perRetry' as const }],
      retryOptions: { maxRetries: 3, retryDelayInMs: pause, maxRetryDelayInMs: 10 * pause },
      userAgentOptions: { userAgentPrefix: 'aks-egress-lint' },
      ...(authorities === undefined ? {} : { tlsOptions: { ca: authorities } }),
    };
  }

  async #send(request: Request, next: Next): Promise<Response> {
    const { endpoint, onAnswer, onWait, signal } = this.#options;
    if (new URL(request.url).origin !== new URL(endpoint).origin) {
      throw new ForeignLinkError(new URL(request.url).host);
    }
    const exchange = this.#exchanges.getStore() ?? { bodies: [], answered: new Set() };
    delete exchange.refusal;
    if (exchange.answered.has(request.url)) throw new SyntaxError('a list that leads in a circle');
    // Of a compressed answer that breaks off, the client would never see the end.
    request.headers.delete('Accept-Encoding');
    try {
      const response = await withDeadline((attempt) => {
        request.abortSignal = attempt;
        return next(request);
      }, this.#options);
      const { status, bodyAsText = '' } = response;
      if (status === 200) {
        onAnswer?.();
        exchange.bodies.push(bodyAsText ?? '');
        exchange.answered.add(request.url);
        return response;
      }
      exchange.refusal = { status, body: bodyAsText ?? '' };
      if ([408, 429, 500, 502, 503, 504].includes(status)) {
        const seconds = pauseOf(response.headers);
        if (seconds !== undefined && seconds > LONGEST_WAIT) throw new PauseError(seconds);
        onWait?.(seconds);
      }
      return response;
    } catch (error) {
      // A body that breaks off is a lost connection too, and worth another attempt.
      if (isBrokenOff(error)) Object.assign(error, { code: 'ECONNRESET' });
      throw error;
    } finally {
      // Of the pause before the next attempt.
      request.abortSignal = signal;
    }
  }
}

/** What went over the wire for one thing that was asked for. */
interface Exchange {
  readonly bodies: string[];
  /** Addresses that gave them: a client would follow a list that leads in a circle without end. */
  readonly answered: Set<string>;
  /** Of the last attempt. */
  refusal?: Refusal;
  error?: unknown;
}

/** Of the clients' base class, as far as it is used: its type wants a serializer, which nothing here needs. */
interface Sender {
  sendOperationRequest(
    values: object,
    operation: { path: string; httpMethod: 'GET'; responses: Record<number, object> },
  ): Promise<unknown>;
}

function kept<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

function parsed(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  if (isObject(value)) return value;
  throw new SyntaxError('an answer that is no object');
}

/**
 * How long Azure asks to wait, in seconds; an hour of the day counts from the hour of the answer. What cannot be understood is
 * taken out of the headers, since the client would wait for as long as it understands.
 */
function pauseOf(headers: Response['headers']): number | undefined {
  const milliseconds = ['retry-after-ms', 'x-ms-retry-after-ms'].map((name) => headers.get(name));
  const written = headers.get('Retry-After');
  const [given] = milliseconds.filter((text) => text !== undefined);
  const seconds =
    given === undefined
      ? Number(written ?? NaN) || (Date.parse(written ?? '') - Date.parse(headers.get('Date') ?? '')) / 1000
      : Number(given) / 1000;
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms', 'Retry-After']) headers.delete(name);
  if (Number.isNaN(seconds)) return written === '0' ? 0 : undefined;
  headers.set('Retry-After', String(Math.max(0, seconds)));
  return Math.max(0, seconds);
}

function isBrokenOff(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('Error reading response as text');
}
