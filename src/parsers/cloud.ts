import { InputError } from '../errors.ts';
import type { Cloud } from '../model/policy.ts';
import { decodeText } from './json/decode.ts';
import { readJson } from './json/read.ts';
import type { Value } from './value.ts';

interface Bytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface CloudHint {
  readonly cloud: Cloud;
  readonly from: 'inferred';
  readonly path: string;
  readonly pointer: string;
  /** The text that tells the cloud. */
  readonly hint: string;
}

/** Host suffixes and region names of one cloud only. */
const MARKS: readonly { readonly cloud: Cloud; readonly whole: RegExp }[] = [
  {
    cloud: 'AzureChinaCloud',
    whole:
      /^(?:\*?\.?[^\s/]*\.)?(?:azk8s\.cn|chinacloudapi\.cn|azure\.cn|chinacloudsites\.cn|azurecr\.cn|trafficmanager\.cn)\.?$|^(?:[a-z0-9]+\.)?china(?:north|east)\d?$/i,
  },
  {
    cloud: 'AzureUSGovernment',
    whole:
      /^(?:\*?\.?[^\s/]*\.)?(?:usgovcloudapi\.net|azure\.us|microsoftonline\.us|azurecr\.us)\.?$|^(?:[a-z0-9]+\.)?usgov[a-z]+$/i,
  },
  {
    cloud: 'AzureCloud',
    whole:
      /^(?:\*?\.?[^\s/]*\.)?(?:azmk8s\.io|management\.azure\.com|login\.microsoftonline\.com|core\.windows\.net|azurecr\.io|vault\.azure\.net|opinsights\.azure\.com)\.?$|^(?:[a-z0-9]+\.)?(?:(?:east|west|central|north|south)+us\d?|(?:north|west)europe|uk(?:south|west)|(?:east|southeast)asia|(?:east|west)?germany\w*|france\w+|sweden\w+|japan\w+|australia\w+|canada\w+)$/i,
  },
];

/** As environment().name gives them, in lower case. */
const CLOUD_NAMES: ReadonlySet<string> = new Set(['azurecloud', 'azurechinacloud', 'azureusgovernment']);

/** Sovereign clouds only: without any of these, the default stands and nothing need be parsed. */
const ANY_SOVEREIGN =
  /(?:azk8s|chinacloudapi|azure|azurecr)\.cn|(?:azure|microsoftonline|azurecr)\.us|china(?:north|east)|usgov[a-z]/i;

/**
 * The cloud that literal host names and regions of the files speak of, by majority; undefined where they name none,
 * the public cloud, or two equally often. A policy that names one foreign host stays what it is.
 */
export function settleCloud(files: readonly Bytes[]): CloudHint | undefined {
  const counts = new Map<Cloud, number>();
  const first = new Map<Cloud, CloudHint>();
  const texts = files.flatMap((file) => decoded(file) ?? []);
  const snapshot = texts.find(({ text }) => SNAPSHOT.test(text));
  if (snapshot !== undefined) return hintOf(snapshot);
  if (!texts.some(({ text }) => ANY_SOVEREIGN.test(text))) return undefined;
  for (const { path, text } of texts) {
    const see = (value: string, pointer: string): void => {
      const cloud = MARKS.find(({ whole }) => whole.test(value))?.cloud;
      if (cloud === undefined) return;
      counts.set(cloud, (counts.get(cloud) ?? 0) + 1);
      if (!first.has(cloud)) first.set(cloud, { cloud, from: 'inferred', path, pointer, hint: value });
    };
    const strings = stringsIn(path);
    if (strings !== undefined) {
      // Nothing but strings of one line tells the cloud, so no parser need be loaded for it.
      for (const [, value = ''] of text.matchAll(strings)) see(value, '');
    } else visit(parsed(path, text), see);
  }
  const [winner, second] = [...counts].sort(([, a], [, b]) => b - a);
  if (winner === undefined || winner[0] === 'AzureCloud' || winner[1] === second?.[1]) return undefined;
  return first.get(winner[0]);
}

/** What was read from Azure says from which one: src/live/snapshot.ts. */
const SNAPSHOT = /^\s*\{\s*(?:"\$schema":\s*"[^"]*",\s*)?"snapshotVersion":\s*1,\s*"cloud":\s*"(Azure\w+)"/;

/** Told from its beginning, which is always the same. */
export function isSnapshot({ bytes }: Pick<Bytes, 'bytes'>): boolean {
  return SNAPSHOT.test(Buffer.from(bytes.subarray(0, 1000)).toString('latin1'));
}

function hintOf({ path, text }: { path: string; text: string }): CloudHint | undefined {
  const cloud = MARKS.find((mark) => mark.cloud === SNAPSHOT.exec(text)?.[1])?.cloud;
  if (cloud === undefined || cloud === 'AzureCloud') return undefined;
  return { cloud, from: 'inferred', path, pointer: '/cloud', hint: cloud };
}

/** Strings of a language other than JSON. */
function stringsIn(path: string): RegExp | undefined {
  if (/\.tf(?:vars)?$/.test(path)) return /"([^"\\\n]*)"/g;
  return /\.bicep(?:param)?$/i.test(path) ? /'([^'\\\n]*)'/g : undefined;
}

function decoded({ path, bytes }: Bytes): { path: string; text: string } | undefined {
  try {
    return { path, text: decodeText(bytes, path) };
  } catch (error) {
    // Whoever reads the file for good says what is wrong with it.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function parsed(path: string, text: string): Value | undefined {
  try {
    return readJson(path, text).value;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function visit(value: Value | undefined, see: (text: string, pointer: string) => void): void {
  switch (value?.kind) {
    case 'string':
      see(value.value, value.place.pointer);
      break;
    case 'array':
      for (const item of value.items) visit(item, see);
      break;
    case 'object':
      for (const [name, member] of value.members) {
        // A table with a line per cloud says what would be in each, not which one it is.
        if (!CLOUD_NAMES.has(name.toLowerCase())) visit(member.value, see);
      }
      break;
    default:
  }
}
