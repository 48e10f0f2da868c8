import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputError, InterruptedError } from '../../src/errors.ts';
import type { Arm, ArmOptions } from '../../src/live/arm.ts';
import { failureOf } from '../../src/live/failure.ts';
import { parseArmId, type ArmId } from '../../src/live/ids.ts';
import { readEndpoints, readExtensions, readOne, readRuleCollectionGroups } from '../../src/live/requests.ts';
import { ArmServer, EXPIRED, forbidden, json, refusal, throttled, type Answer } from './arm-server.ts';
import { CLUSTER, ENDPOINTS, EXTENSIONS, POLICY, policy } from './estate.ts';
import { armOf } from './reading.ts';

const GROUPS = `${POLICY}/ruleCollectionGroups`;

function idOf(text: string): ArmId {
  const id = parseArmId(text);
  if (id === undefined) throw new Error(text);
  return id;
}

let azure: ArmServer;
let end: AbortController;
beforeEach(async () => {
  azure = await ArmServer.start();
  end = new AbortController();
});
afterEach(async () => {
  end.abort();
  await azure.stop();
});

const arm = (options: Partial<ArmOptions> = {}): Arm => armOf(azure, { signal: end.signal, ...options });

const readPolicy = (options: Partial<ArmOptions> = {}): Promise<object> =>
  readOne(arm(options), 'microsoft.network/firewallpolicies', idOf(POLICY));

async function problem(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw error instanceof Error ? error : new Error('no error');
  return `${error.path}: ${error.message}`;
}

describe('answers', () => {
  it('are kept as they were sent, with what no client knows', async () => {
    const body = { ...policy, properties: { ...policy.properties, invented: { Some_Name: [null, 1.5] } } };
    azure.on(POLICY, json(body));
    expect(await readPolicy()).toEqual(body);
  });

  it.each([
    ['of a network', GROUPS, (): Promise<readonly object[]> => readRuleCollectionGroups(arm(), idOf(POLICY))],
    ['of clusters', ENDPOINTS, (): Promise<readonly object[]> => readEndpoints(arm(), idOf(CLUSTER))],
    [
      'that no client knows',
      EXTENSIONS,
      (): Promise<readonly object[]> => readExtensions(arm(), idOf(CLUSTER)),
    ],
  ])('in pages are joined in order, in a list %s', async (_, path, read) => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ id: `${path}/${name}`, properties: { X: name } }));
    if (a === undefined || b === undefined || c === undefined) throw new Error();
    azure.onList(path, [a, b], [], [c]);
    expect(await read()).toEqual([a, b, c]);
    expect(azure.pathsAsked()).toEqual([path, `${path}#1`, `${path}#2`]);
  });

  it('are not asked for in a compressed form, in which the end of a broken one would never be seen', async () => {
    const seen: unknown[] = [];
    azure.on(POLICY, (request, response) => {
      seen.push(request.headers['accept-encoding']);
      json(policy)(request, response);
    });
    await readPolicy();
    expect(seen).toEqual([undefined]);
  });
});

/** The head, half of the body, and then nothing but the end of the connection. */
const half: Answer = (_request, response) => {
  const body = Buffer.from(JSON.stringify(policy));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.write(body.subarray(0, body.length / 2), () => {
    response.socket?.destroy();
  });
};

describe('a request that fails for a while', () => {
  it.each<[string, Answer]>([
    ['is throttled', throttled(0)],
    ['meets a server error', refusal(503, 'ServiceUnavailable', 'try later')],
    ['loses its connection', (request) => void request.socket.destroy()],
    ['gets half an answer', half],
  ])('succeeds where it %s and is tried again', async (_, answer) => {
    azure.on(POLICY, answer, answer, json(policy));
    expect(await readPolicy({ timeout: 1000 })).toEqual(policy);
    expect(azure.asked).toHaveLength(3);
  });

  it('tells how long Azure wants it to wait, and waits that long', async () => {
    azure.on(POLICY, throttled(1), json(policy));
    const onWait = vi.fn();
    const started = performance.now();
    await readPolicy({ onWait });
    expect(performance.now() - started).toBeGreaterThan(990);
    expect(onWait.mock.calls).toEqual([[1]]);
  });

  // https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
  it.each([
    [{ Date: 'Thu, 26 Nov 2026 14:00:00 GMT', 'Retry-After': 'Thu, 26 Nov 2026 14:00:01 GMT' }, 1],
    [{ 'x-ms-retry-after-ms': '1000', 'Retry-After': '3600' }, 1],
    [{ 'Retry-After': '0' }, 0],
  ])('understands %j', async (headers, seconds) => {
    azure.on(POLICY, refusal(429, 'TooManyRequests', '', headers), json(policy));
    const onWait = vi.fn();
    await readPolicy({ onWait });
    expect(onWait.mock.calls).toEqual([[seconds]]);
  });

  it('does not wait until a day that is far away', async () => {
    const headers = { Date: 'Thu, 26 Nov 2026 14:00:00 GMT', 'Retry-After': 'Fri, 27 Nov 2026 14:00:00 GMT' };
    azure.on(POLICY, refusal(429, 'TooManyRequests', '', headers));
    expect(await problem(readPolicy())).toContain(
      'asks for a pause of 86400 s, longer than this program waits',
    );
  });

  it('gets a new token where Azure does not take the first', async () => {
    azure.on(POLICY, EXPIRED, json(policy));
    await readPolicy();
    expect(azure.asked.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  });

  it('gets a token with the claims that Azure asks for', async () => {
    const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString('base64');
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${claims}"`;
    azure.on(
      POLICY,
      refusal(401, 'TokenRevoked', 'revoked', { 'WWW-Authenticate': challenge }),
      json(policy),
    );
    const getToken = vi.fn((_scopes: string | string[], options?: { claims?: string }) =>
      Promise.resolve({
        token: options?.claims === undefined ? 'token-1' : 'token-2',
        expiresOnTimestamp: 0,
      }),
    );
    await readPolicy({ credential: { getToken } });
    expect(azure.asked.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  });
});

const HOST = /localhost:\d+/g;

describe('a request that fails for good', () => {
  it.each<[string, Answer, number, string]>([
    [
      'for want of a role',
      forbidden('Microsoft.Network/firewallPolicies/read', POLICY),
      1,
      `Azure answered 403 AuthorizationFailed: the action Microsoft.Network/firewallPolicies/read is not allowed; let the role Reader be assigned for ${POLICY}. Azure says: The client 'linter' with object id '0b5e' does not have authorization to perform action 'Microsoft.Network/firewallPolicies/read' over scope '${POLICY}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ],
    [
      'since it is not there',
      refusal(404, 'ResourceNotFound', 'was not found'),
      1,
      'Azure answered 404 ResourceNotFound: it does not exist, or not in this subscription and cloud; check the id, --subscription and --cloud. Azure says: was not found',
    ],
    [
      'since its tokens are refused',
      EXPIRED,
      2,
      "Azure answered 401 ExpiredAuthenticationToken: it does not take the token, which may be expired, or for another tenant or cloud; sign in with 'az login', or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run where there is a managed identity, and check --cloud. Azure says: The access token expiry UTC time '11/26/2026 1:00:00 PM' is earlier than current UTC time '11/26/2026 2:00:00 PM'.",
    ],
    [
      'since it is always throttled',
      throttled(0),
      4,
      'Azure answered 429 TooManyRequests: it throttles requests, after several attempts too; run it again later. Azure says: Number of requests exceeded the limit. Please try again later.',
    ],
    [
      'since it would have to wait too long',
      throttled(3600),
      1,
      'Azure throttles requests and asks for a pause of 3600 s, longer than this program waits; run it again later',
    ],
    [
      'since Azure is broken',
      refusal(500, 'InternalServerError', ''),
      4,
      'Azure answered 500 InternalServerError after several attempts; run it again later.',
    ],
    [
      'since the answer is no JSON',
      (_request, response) => void response.end('<html>proxy</html>'),
      1,
      'HOST answered with what is no valid JSON or has another form than documented; check --arm-endpoint',
    ],
    [
      'since the answer is broken JSON',
      (_request, response) =>
        void response.setHeader('Content-Type', 'application/json').end('{"id": "/subscr'),
      1,
      'HOST answered with what is no valid JSON or has another form than documented; check --arm-endpoint',
    ],
    [
      'since its connection is lost every time',
      (request) => void request.socket.destroy(),
      4,
      'the connection to HOST fails (ECONNRESET), after several attempts too; check the network, HTTPS_PROXY, --cloud and --arm-endpoint',
    ],
    [
      'since nothing comes within the time',
      () => undefined,
      1,
      'HOST did not answer within 0.2 s; try again, or give it longer with --timeout',
    ],
    [
      'since the answer stops on the way',
      (_request, response) => void response.writeHead(200, { 'Content-Length': 100 }).write('{'),
      1,
      'HOST did not answer within 0.2 s; try again, or give it longer with --timeout',
    ],
    [
      'since Azure leads elsewhere',
      (_request, response) =>
        void response.writeHead(307, { Location: 'https://elsewhere.invalid/' }).end('{}'),
      1,
      'Azure answered 307.',
    ],
  ])('says so %s', async (_, answer, attempts, expected) => {
    azure.on(POLICY, answer);
    const timeout = expected.includes('did not answer') ? 200 : 5000;
    const said = (await problem(readPolicy({ timeout }))).replaceAll(HOST, 'HOST');
    expect(said).toBe(`${POLICY}: firewall policy 'hub' cannot be read: ${expected}`);
    expect(azure.asked).toHaveLength(attempts);
  });

  it.each([
    ['of a network', GROUPS, (): Promise<unknown> => readRuleCollectionGroups(arm(), idOf(POLICY))],
    ['of clusters', ENDPOINTS, (): Promise<unknown> => readEndpoints(arm(), idOf(CLUSTER))],
  ])('sends no token to another host, where a list %s goes on there', async (_, path, read) => {
    azure.on(path, json({ value: [], nextLink: 'https://elsewhere.invalid/next?api-version=1' }));
    expect(await problem(read())).toMatch(
      /cannot be read: the list goes on at another host, elsewhere\.invalid, to which no token is sent; check --arm-endpoint$/,
    );
  });

  it.each([
    ['of a network', GROUPS, (): Promise<unknown> => readRuleCollectionGroups(arm(), idOf(POLICY))],
    ['of clusters', ENDPOINTS, (): Promise<unknown> => readEndpoints(arm(), idOf(CLUSTER))],
    ['that no client knows', EXTENSIONS, (): Promise<unknown> => readExtensions(arm(), idOf(CLUSTER))],
  ])('ends where a list %s leads in a circle', async (_, path, read) => {
    const nextLink = `${azure.endpoint}${path}?api-version=1&%24skipToken=1`;
    azure.on(path, json({ value: [], nextLink })).on(`${path}#1`, json({ value: [], nextLink }));
    expect(await problem(read())).toMatch(/has another form than documented/);
    expect(azure.asked).toHaveLength(2);
  });

  it.each([
    ['of nothing', {}],
    ['of something else', { ...policy, id: `${POLICY}-2` }],
    ['without its properties', { ...policy, properties: null }],
  ])('takes no answer %s for the policy, which would then inherit nothing', async (_, body) => {
    azure.on(POLICY, json(body));
    expect(await problem(readPolicy())).toMatch(/firewall policy 'hub' cannot be read: .* another form/);
  });

  it.each([
    ['without an id', { name: 'aks', properties: { priority: 200, ruleCollections: [] } }],
    ['of another policy', { id: `${POLICY}-2/ruleCollectionGroups/aks`, properties: {} }],
    ['without its properties', { id: `${GROUPS}/aks` }],
  ])('takes no rule collection group %s', async (_, group) => {
    azure.onList(GROUPS, [group]);
    expect(await problem(readRuleCollectionGroups(arm(), idOf(POLICY)))).toMatch(/another form/);
  });

  it('takes an id in whatever case Azure writes it', async () => {
    const body = { ...policy, id: POLICY.replace('resourceGroups', 'resourcegroups') };
    azure.on(POLICY, json(body));
    expect(await readPolicy()).toEqual(body);
  });

  it('says so of a list without a list', async () => {
    azure.on(GROUPS, json({ values: [] }));
    expect(await problem(readRuleCollectionGroups(arm(), idOf(POLICY)))).toMatch(
      /has another form than documented/,
    );
  });

  it('names the second page where that fails', async () => {
    azure
      .onList(ENDPOINTS, [{ category: 'a' }], [])
      .on(`${ENDPOINTS}#1`, refusal(403, 'AuthorizationFailed', 'no'));
    expect(await problem(readEndpoints(arm(), idOf(CLUSTER)))).toMatch(
      /^\S+managedClusters\/shop: the endpoint list of cluster 'shop' cannot be read: Azure answered 403 AuthorizationFailed: the action Microsoft\.ContainerService\/managedClusters\/outboundNetworkDependenciesEndpoints\/read/,
    );
  });

  it('does not trust a certificate of nobody, and does not send a token there', async () => {
    const reading = readOne(arm({ authorities: '' }), 'microsoft.network/firewallpolicies', idOf(POLICY));
    expect(await problem(reading)).toMatch(
      /the certificate of localhost:\d+ cannot be verified, .* \(DEPTH_ZERO_SELF_SIGNED_CERT\); .* NODE_EXTRA_CA_CERTS$/,
    );
    expect(azure.asked).toEqual([]);
  });

  it('says what Microsoft Entra ID says, without what only its support understands', async () => {
    const text =
      'invalid_client: 7000222 - AADSTS7000222: The provided client secret keys for app are expired. Trace ID: 4e3f Correlation ID: 5d Timestamp: 2026-11-26';
    const credential = { getToken: () => Promise.reject(new Error(text)) };
    expect(await problem(readPolicy({ credential }))).toContain(
      'there is no token for Azure (AADSTS7000222: The provided client secret keys for app are expired.); sign in',
    );
  });

  it('names the host that cannot be resolved', () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const asked = { what: "firewall policy 'hub'", id: POLICY, action: '' };
    const failure = failureOf({ error, refusal: undefined }, asked, {
      endpoint: 'https://management.chinacloudapi.cn',
      timeout: 1000,
    });
    expect(failure.message).toBe(
      "firewall policy 'hub' cannot be read: the name management.chinacloudapi.cn cannot be resolved (ENOTFOUND); check the network, HTTPS_PROXY, --cloud and --arm-endpoint",
    );
  });
});

describe('an interrupted run', () => {
  it.each<[string, Answer, Partial<ArmOptions>]>([
    ['while an answer is awaited', () => undefined, {}],
    ['while it waits for its turn', throttled(60), {}],
    [
      'while a token is awaited',
      json(policy),
      { credential: { getToken: () => new Promise(() => undefined) } },
    ],
  ])('ends %s', async (_, answer, options) => {
    azure.on(POLICY, answer);
    const reading = readPolicy(options).catch((error: unknown) => error);
    setTimeout(() => {
      end.abort(new InterruptedError('SIGTERM'));
    }, 300);
    const started = performance.now();
    expect(await reading).toEqual(new InterruptedError('SIGTERM'));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
