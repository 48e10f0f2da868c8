import { InputError, InterruptedError } from '../errors.ts';
import { CredentialError } from './credential.ts';
import { TimeoutError } from './deadline.ts';
import { textAt, type Json } from './json.ts';

/** What is asked of Azure, for messages. */
export interface Asked {
  /** A noun with its name: "firewall policy 'hub'". */
  readonly what: string;
  /** The resource or the scope, as an id. */
  readonly id: string;
  /** What one must be allowed to do, such as Microsoft.Network/firewallPolicies/read. */
  readonly action: string;
}

/** An answer that is no success. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

/** Azure asks for a pause that is too long. */
export class PauseError extends Error {
  override readonly name = 'PauseError';
  readonly seconds: number;

  constructor(seconds: number) {
    super('throttled');
    this.seconds = seconds;
  }
}

/** A list goes on at another host, to which no token must go. */
export class ForeignLinkError extends Error {
  override readonly name = 'ForeignLinkError';
}

/** Azure answered, and does not give what was asked for: the path is that of the resource. */
export class RefusedError extends InputError {
  readonly status: number;
  /** The code of Azure's answer, such as AuthorizationFailed. */
  readonly code: string;
  readonly asked: Asked;

  constructor(message: string, asked: Asked, { status, body }: Refusal) {
    super(asked.id, message);
    this.status = status;
    this.code = saidBy(body).code;
    this.asked = asked;
  }
}

export const SIGN_IN =
  "sign in with 'az login', or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run where there is a managed identity";

/** What to say, and with which exit code to end, where Azure does not answer with what was asked for. */
export function failureOf(
  { error, refusal }: { readonly error: unknown; readonly refusal: Refusal | undefined },
  asked: Asked,
  { endpoint, timeout }: { readonly endpoint: string; readonly timeout: number },
): Error {
  const { host } = new URL(endpoint);
  const cannot = `${asked.what} cannot be read`;
  const fail = (problem: string): InputError => new InputError(asked.id, `${cannot}: ${problem}`);
  if (error instanceof InterruptedError || error instanceof InputError) return error;
  if (error instanceof CredentialError) {
    return fail(
      `there is no token for Azure${error.message === '' ? '' : ` (${error.message})`}; ${SIGN_IN}`,
    );
  }
  if (error instanceof TimeoutError) {
    return fail(
      `${host} did not answer within ${timeout / 1000} s; try again, or give it longer with --timeout`,
    );
  }
  if (error instanceof PauseError) {
    return fail(
      `Azure throttles requests and asks for a pause of ${error.seconds} s, longer than this program waits; run it again later`,
    );
  }
  if (error instanceof ForeignLinkError) {
    return fail(
      `the list goes on at another host, ${error.message}, to which no token is sent; check --arm-endpoint`,
    );
  }
  if (refusal !== undefined) return new RefusedError(`${cannot}: ${refused(refusal, asked)}`, asked, refusal);
  if (error instanceof SyntaxError || codeOf(error) === 'PARSE_ERROR') {
    return fail(
      `${host} answered with what is no valid JSON or has another form than documented; check --arm-endpoint`,
    );
  }
  return fail(connectionProblem(error, host));
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
function refused(refusal: Refusal, { action, id }: Asked): string {
  const { status } = refusal;
  const { code, message } = saidBy(refusal.body);
  const answer = `Azure answered ${status}${code === '' ? '' : ` ${code}`}`;
  const detail = message === '' ? '' : ` Azure says: ${message}`;
  switch (status) {
    case 401:
      return `${answer}: it does not take the token, which may be expired, or for another tenant or cloud; ${SIGN_IN}, and check --cloud.${detail}`;
    case 403:
      return `${answer}: the action ${action} is not allowed; let the role Reader be assigned for ${id}.${detail}`;
    case 404:
      return `${answer}: it does not exist, or not in this subscription and cloud; check the id, --subscription and --cloud.${detail}`;
    case 429:
      return `${answer}: it throttles requests, after several attempts too; run it again later.${detail}`;
    default:
      return status >= 500
        ? `${answer} after several attempts; run it again later.${detail}`
        : `${answer}.${detail}`;
  }
}

/** `{"error": {"code", "message"}}`; one line of it, of which nothing is a secret. */
function saidBy(body: string): { code: string; message: string } {
  try {
    const answer = JSON.parse(body) as Json;
    const message = textAt(answer, 'error', 'message').replaceAll(/\s+/g, ' ').trim();
    const isShort = message.length <= MOST_SAID;
    return {
      code: textAt(answer, 'error', 'code'),
      message: isShort ? message : `${message.slice(0, MOST_SAID)}…`,
    };
  } catch {
    return { code: '', message: '' };
  }
}

const MOST_SAID = 400;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function connectionProblem(error: unknown, host: string): string {
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved (${code}); check the network, HTTPS_PROXY, --cloud and --arm-endpoint`;
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `the connection to ${host} fails (${code}), after several attempts too; check the network, HTTPS_PROXY, --cloud and --arm-endpoint`;
    default:
      if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)) {
        return `the certificate of ${host} cannot be verified, or no secure connection be made (${code}); where a proxy or Azure Stack has an authority of its own, give it with NODE_EXTRA_CA_CERTS`;
      }
      return `the request to ${host} fails${code === '' ? '' : ` (${code})`}; check the network, HTTPS_PROXY, --cloud and --arm-endpoint`;
  }
}
