import { ExpressionError } from '../expression.ts';
import { string } from '../../value.ts';
import { fromPlain } from '../values.ts';
import { integerAt, strict, stringAt, type Call, type FunctionTable } from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-cidr */
export const cidrFunctions: FunctionTable = {
  cidrHost: strict(2, 2, (args, call) => {
    const network = networkOf(stringAt(args, 0, call), call);
    const host = BigInt(integerAt(args, 1, call));
    // Index 0 is the first usable address, behind the network address.
    const address = network.first + host + 1n;
    const last = network.first + (1n << BigInt(network.bits - network.prefix)) - 1n;
    if (host < 0n || address > last) {
      throw new ExpressionError(`cidrHost() asks for host ${host} of ${show(network)}, which has fewer`);
    }
    return string(showAddress(address, network.bits), call.place);
  }),
  cidrSubnet: strict(3, 3, (args, call) => {
    const network = networkOf(stringAt(args, 0, call), call);
    const prefix = integerAt(args, 1, call);
    const index = integerAt(args, 2, call);
    if (prefix < network.prefix || prefix > network.bits) {
      throw new ExpressionError(`cidrSubnet() cannot make a /${prefix} of ${show(network)}`);
    }
    if (index < 0 || BigInt(index) >= 1n << BigInt(prefix - network.prefix)) {
      throw new ExpressionError(
        `cidrSubnet() asks for subnet ${index} of ${show(network)}, which has fewer of /${prefix}`,
      );
    }
    const first = network.first + (BigInt(index) << BigInt(network.bits - prefix));
    return string(show({ ...network, first, prefix }), call.place);
  }),
  parseCidr: strict(1, 1, (args, call) => {
    const network = networkOf(stringAt(args, 0, call), call);
    const { first, bits, prefix } = network;
    const size = 1n << BigInt(bits - prefix);
    const mask = ((1n << BigInt(bits)) - 1n) ^ (size - 1n);
    const last = first + size - 1n;
    // IPv6 has no broadcast address, and networks of one or two addresses keep both for hosts.
    const reserved = bits === 32 && size > 2n ? 1n : 0n;
    return fromPlain(
      {
        network: showAddress(first, bits),
        netmask: showAddress(mask, bits),
        ...(bits === 32 ? { broadcast: showAddress(last, bits) } : {}),
        firstUsable: showAddress(first + reserved, bits),
        lastUsable: showAddress(last - reserved, bits),
        cidr: prefix,
      },
      call.place,
    );
  }),
};

interface Network {
  readonly first: bigint;
  readonly prefix: number;
  readonly bits: 32 | 128;
}

function networkOf(text: string, call: Call): Network {
  const [address = '', length = '', ...rest] = text.split('/');
  const value = address.includes(':') ? ipv6(address) : ipv4(address);
  const bits = address.includes(':') ? 128 : 32;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  if (value === undefined || rest.length > 0 || !(prefix <= bits)) {
    throw new ExpressionError(`${call.name}() is given "${text}", expected a network such as 10.0.0.0/16`);
  }
  const host = BigInt(bits - prefix);
  return { first: (value >> host) << host, prefix, bits };
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function show({ first, prefix, bits }: Network): string {
  return `${showAddress(first, bits)}/${prefix}`;
}

function showAddress(address: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  // RFC 5952: the longest run of zero groups, the first of equals, at least two, becomes "::".
  const runs = [
    ...groups
      .map((group) => (group === '0' ? '0' : '-'))
      .join('')
      .matchAll(/00+/g),
  ];
  const longest = runs.reduce<RegExpMatchArray | undefined>(
    (best, run) => (best === undefined || run[0].length > best[0].length ? run : best),
    undefined,
  );
  if (longest?.index === undefined) return groups.join(':');
  const head = groups.slice(0, longest.index).join(':');
  return `${head}::${groups.slice(longest.index + longest[0].length).join(':')}`;
}
