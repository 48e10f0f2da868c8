import { array, string, type Value } from '../../value.ts';
import { fn, MANY, type Arguments, type TerraformFunction } from './function.ts';

interface Prefix {
  readonly address: bigint;
  readonly length: number;
  /** 32 or 128. */
  readonly bits: number;
}

function addressOf(written: string): { address: bigint; bits: number } | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(written)?.slice(1).map(Number);
  if (parts !== undefined) {
    if (parts.some((part) => part > 255)) return undefined;
    return { address: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
  }
  return ipv6(written);
}

function ipv6(written: string): { address: bigint; bits: number } | undefined {
  const halves = written.split('::');
  if (halves.length > 2 || !/^[0-9a-fA-F:]+$/.test(written)) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { address: all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n), bits: 128 };
}

function prefixOf(args: Arguments, written: string): Prefix {
  const [address = '', length = ''] = written.split('/');
  const parsed = addressOf(address);
  if (parsed === undefined || !/^\d{1,3}$/.test(length) || Number(length) > parsed.bits) {
    throw args.error(`'${written}' is no CIDR block such as 10.0.0.0/16`);
  }
  const size = Number(length);
  return { address: masked(parsed.address, size, parsed.bits), length: size, bits: parsed.bits };
}

function masked(address: bigint, length: number, bits: number): bigint {
  const host = BigInt(bits - length);
  return (address >> host) << host;
}

function addressText(address: bigint, bits: number): string {
  if (bits === 32) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address >> BigInt((7 - at) * 16)) & 65_535n).toString(16),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

function subnet(args: Arguments, base: Prefix, newBits: number, netnum: bigint): Prefix {
  const length = base.length + newBits;
  if (newBits < 0 || length > base.bits)
    throw args.error(`${newBits} bits more than /${base.length} is no prefix`);
  if (netnum < 0n || netnum >= 1n << BigInt(newBits))
    throw args.error(`there is no subnet ${netnum} of ${newBits} bits`);
  return { address: base.address + (netnum << BigInt(base.bits - length)), length, bits: base.bits };
}

function prefixText({ address, length, bits }: Prefix): string {
  return `${addressText(address, bits)}/${length}`;
}

function cidrsubnets(args: Arguments): Value {
  const base = prefixOf(args, args.text(0));
  let next = base.address;
  const subnets = args.values.slice(1).map((_, at) => {
    const newBits = args.integer(at + 1);
    const length = base.length + newBits;
    if (newBits < 1 || length > base.bits)
      throw args.error(`${newBits} bits more than /${base.length} is no prefix`);
    const size = 1n << BigInt(base.bits - length);
    const start = ((next + size - 1n) / size) * size;
    next = start + size;
    if (next > base.address + (1n << BigInt(base.bits - base.length)))
      throw args.error('no room for another subnet');
    return string(prefixText({ address: start, length, bits: base.bits }), args.place);
  });
  return array(subnets, args.place);
}

function cidrhost(args: Arguments): Value {
  const base = prefixOf(args, args.text(0));
  const size = 1n << BigInt(base.bits - base.length);
  const host = BigInt(args.integer(1));
  const at = host < 0n ? size + host : host;
  if (at < 0n || at >= size) throw args.error(`there is no host ${host} in /${base.length}`);
  return string(addressText(base.address + at, base.bits), args.place);
}

/** https://developer.hashicorp.com/terraform/language/functions#ip-network-functions */
export const CIDR_FUNCTIONS: readonly TerraformFunction[] = [
  fn('cidrhost', 2, 2, cidrhost),
  fn('cidrnetmask', 1, 1, (args) => {
    const { length, bits } = prefixOf(args, args.text(0));
    if (bits !== 32) throw args.error('expected an IPv4 block');
    return string(addressText(masked((1n << 32n) - 1n, length, 32), 32), args.place);
  }),
  fn('cidrsubnet', 3, 3, (args) => {
    const made = subnet(args, prefixOf(args, args.text(0)), args.integer(1), BigInt(args.integer(2)));
    return string(prefixText(made), args.place);
  }),
  fn('cidrsubnets', 1, MANY, cidrsubnets),
];
