import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { localhostCertificate } from './certificate.ts';

/** An answer of the server: a body with status 200, a page of a list, or what is written by hand. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** As Azure Resource Manager words it: https://github.com/cloud-and-ai-microsoft/resource-provider-contract */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return json({ error: { code, message } }, status, headers);
}

export function throttled(seconds: number): Answer {
  const message = 'Number of requests exceeded the limit. Please try again later.';
  return refusal(429, 'TooManyRequests', message, { 'Retry-After': String(seconds) });
}

/** The answer to an expired token, with the challenge of RFC 6750. */
export const EXPIRED = refusal(
  401,
  'ExpiredAuthenticationToken',
  "The access token expiry UTC time '11/26/2026 1:00:00 PM' is earlier than current UTC time '11/26/2026 2:00:00 PM'.",
  {
    'WWW-Authenticate':
      'Bearer authorization_uri="https://login.microsoftonline.com/organizations", error="invalid_token", error_description="The access token has expired."',
  },
);

export function forbidden(action: string, scope: string): Answer {
  return refusal(
    403,
    'AuthorizationFailed',
    `The client 'linter' with object id '0b5e' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

export interface ArmResource {
  readonly id: string;
  readonly [name: string]: unknown;
}

interface Asked {
  readonly path: string;
  readonly apiVersion: string;
  readonly token: string;
}

/**
 * Azure Resource Manager on loopback, over HTTPS, and beside it the endpoint of a managed identity as App Service has it,
 * over HTTP: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export class ArmServer {
  readonly certificate: string;
  /** Every request that came, in order. */
  readonly asked: Asked[] = [];
  /** Seconds for which the tokens hold. */
  tokenLife = 3600;
  tokens = 0;
  tokenAnswer: Answer | undefined;
  readonly #arm: Server;
  readonly #identity: Server;
  readonly #answers = new Map<string, Answer[]>();
  readonly #sockets = new Set<Socket>();

  private constructor() {
    const { key, certificate } = localhostCertificate();
    this.certificate = certificate;
    this.#arm = createHttpsServer({ key, cert: certificate }, (request, response) => {
      this.#answer(request, response);
    });
    this.#identity = createHttpServer((request, response) => {
      this.#token(request, response);
    });
    for (const server of [this.#arm, this.#identity]) {
      for (const event of ['connection', 'secureConnection']) {
        server.on(event, (socket: Socket) => {
          this.#sockets.add(socket);
        });
      }
    }
  }

  static async start(): Promise<ArmServer> {
    const server = new ArmServer();
    for (const one of [server.#arm, server.#identity]) {
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    }
    return server;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of [this.#arm, this.#identity]) {
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get endpoint(): string {
    return `https://localhost:${portOf(this.#arm)}`;
  }

  /** What App Service tells programs of their identity. */
  get identity(): Record<string, string> {
    return {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${portOf(this.#identity)}/msi/token`,
      IDENTITY_HEADER: 'secret-of-the-identity',
    };
  }

  /** Answers to requests for a path, in order; the last one stays. Paths compare without case, as in Azure. */
  on(path: string, ...answers: readonly Answer[]): this {
    this.#answers.set(path.toLowerCase(), [...answers]);
    return this;
  }

  /** A list in pages, each with a link to the next one. */
  onList(path: string, ...pages: readonly (readonly object[])[]): this {
    pages.forEach((value, index) => {
      const isLast = index === pages.length - 1;
      const link = `${this.endpoint}${path}?api-version=2020-01-01&%24skipToken=${index + 1}`;
      const own = index === 0 ? path : `${path}#${index}`;
      this.on(own, json({ value, ...(isLast ? {} : { nextLink: link }) }));
    });
    return this;
  }

  /** Resources, each at its own id. */
  onResources(...resources: readonly ArmResource[]): this {
    for (const resource of resources) this.on(resource.id, json(resource));
    return this;
  }

  pathsAsked(): string[] {
    return this.asked.map(({ path }) => path);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.endpoint);
    const page = url.searchParams.get('$skipToken');
    const path = page === null ? url.pathname : `${url.pathname}#${page}`;
    const apiVersion = url.searchParams.get('api-version') ?? '';
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    this.asked.push({ path, apiVersion, token });
    if (apiVersion === '') {
      refusal(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      )(request, response);
      return;
    }
    if (!/^token-\d+$/.test(token)) {
      refusal(
        401,
        'AuthenticationFailed',
        "Authentication failed. The 'Authorization' header is missing.",
      )(request, response);
      return;
    }
    const answers = this.#answers.get(decodeURIComponent(path).toLowerCase()) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    const missing = refusal(404, 'ResourceNotFound', `The Resource '${path}' was not found.`);
    (answer ?? missing)(request, response);
  }

  #token(request: IncomingMessage, response: ServerResponse): void {
    if (this.tokenAnswer !== undefined) {
      this.tokenAnswer(request, response);
      return;
    }
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    if (
      request.headers['x-identity-header'] !== 'secret-of-the-identity' ||
      !url.searchParams.has('resource')
    ) {
      json({ statusCode: 400, message: 'wrong request' }, 400)(request, response);
      return;
    }
    this.tokens += 1;
    json({
      access_token: `token-${this.tokens}`,
      expires_on: String(Math.floor(Date.now() / 1000) + this.tokenLife),
      resource: url.searchParams.get('resource'),
      token_type: 'Bearer',
      client_id: '5e29463d-71da-4fe0-8e69-999b57db23b0',
    })(request, response);
  }
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo;
  return address.port;
}
