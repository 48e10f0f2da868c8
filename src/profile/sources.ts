import { formatIpRange, parseIpRange } from '../model/address.ts';
import { hasSymbol, symbolOf } from '../model/symbol.ts';
import { UsageError } from '../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { POOLS, type Origin, type Pool, type Sources } from './profile.ts';

/** `--source` values: address ranges, several in one value separated by commas. */
export function sourcesFromFlags(values: readonly string[]): Sources | undefined {
  const texts = values.flatMap((value) => value.split(',')).map((text) => text.trim());
  const ranges = texts.map((text) => addressRange(text, (message) => new UsageError(`--source: ${message}`)));
  return ranges.length === 0 ? undefined : { from: 'flag', byPool: { all: ranges } };
}

/** `sources` of a configuration: one list, or lists by kind of pool. Its form was checked before. */
export function sourcesFromConfig(
  raw: readonly string[] | Readonly<Partial<Record<string, readonly string[]>>>,
  place: { readonly path: string; readonly pointer: string },
  errorAt: (pointer: string, message: string) => UsageError,
): Sources {
  const origin: Origin = { from: 'config', path: place.path, pointer: place.pointer };
  const read = (texts: readonly string[], pointer: string): string[] =>
    texts.map((text, at) => addressRange(text, (message) => errorAt(`${pointer}/${at.toFixed()}`, message)));
  if (isList(raw)) return { ...origin, byPool: { all: read(raw, place.pointer) } };
  const byPool: Partial<Record<Pool, readonly string[]>> = {};
  for (const [name, texts = []] of Object.entries(raw)) {
    const pool = POOLS.find((known) => known === name);
    if (pool === undefined) {
      const message = `there is no kind of pool '${name}'.${didYouMean(name, POOLS)} Expected ${POOLS.join(', ')}.`;
      throw errorAt(`${place.pointer}/${name}`, message);
    }
    byPool[pool] = read(texts, `${place.pointer}/${pool}`);
  }
  return { ...origin, byPool };
}

/**
 * What was given wins over what the input shows; each may leave the other's part open. A list that is not keyed holds for
 * all traffic unless the address of the proxy is known.
 */
export function settleSources(given: Sources | undefined, shown: Sources | undefined): Sources | undefined {
  if (given === undefined) return shown;
  const proxy = given.byPool.proxy ?? shown?.byPool.proxy?.filter((text) => !hasSymbol(text)) ?? [];
  const nodes = [given, shown].map(nodePools).find((pools) => pools.length > 0) ?? [];
  if (proxy.length === 0) return { ...given, byPool: Object.fromEntries(nodes) };
  const known = nodes.length > 0 ? nodes : [['all', [symbolOf('the nodes')]] as const];
  return { ...given, byPool: { ...Object.fromEntries(known), proxy }, direct: shown?.direct ?? [] };
}

function nodePools(sources: Sources | undefined): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(sources?.byPool ?? {}).filter(([pool]) => pool !== 'proxy');
}

function isList(raw: unknown): raw is readonly string[] {
  return Array.isArray(raw);
}

/** The range in its shortest form, as reports show it. */
function addressRange(text: string, error: (message: string) => UsageError): string {
  const range = parseIpRange(text);
  if (range === undefined) {
    throw error(
      `'${text}' is no address range. Expected an address, a CIDR block such as 10.240.0.0/22 or a range such as 10.240.0.4-10.240.0.20.`,
    );
  }
  return formatIpRange(range);
}
