import { parseIpRange } from '../../model/address.ts';
import type { Address } from '../../model/policy.ts';
import { hasSymbol, isSymbol, symbolOf, type Unknown } from '../../model/symbol.ts';
import type { Value } from '../value.ts';
import { describe, textOf, unknownOf, type Report } from './fields.ts';

/**
 * One member of sourceAddresses or of an IP group. Service tags are destinations only:
 * https://learn.microsoft.com/azure/firewall/service-tags
 */
export function sourceAddress(value: Value, report: Report): Address {
  const address = addressOf(value, report);
  if (address.kind !== 'service-tag') return address;
  const { text, place } = address;
  return {
    kind: 'invalid',
    text,
    place,
    problem: 'not an IP address, CIDR block, a-b range or *; service tags are allowed as destinations only',
  };
}

/** One member of a network rule's destinationAddresses, where addresses and service tags are mixed. */
export function destinationAddress(value: Value, report: Report): Address {
  return addressOf(value, report);
}

/** `AzureCloud.westeurope`, and what people write instead, such as `AzureCloud.*`: names that are no addresses. */
const TAG = /^[a-z][^\s:/,;]*$/i;

function addressOf(value: Value, report: Report): Address {
  const { place } = value;
  const text = textOf(value);
  const unknown = unknownOf(value);
  if (unknown !== undefined) {
    report.unknown(unknown);
    return unresolvedAddress(text, value, unknown);
  }
  if (value.kind === 'array' || value.kind === 'object') {
    return { kind: 'invalid', text: '', place, problem: `expected an address, found ${describe(value)}` };
  }
  if (text === '*') return { kind: 'any', text, place };
  const range = parseIpRange(text);
  if (range !== undefined) return { kind: 'range', range, text, place };
  if (TAG.test(text)) return { kind: 'service-tag', tag: text, text, place };
  return { kind: 'invalid', text, place, problem: problemOf(text) };
}

function unresolvedAddress(text: string, value: Value, unknown: Unknown): Address {
  const { place } = value;
  if (isSymbol(text)) return { kind: 'symbol', symbol: text, text, place, unknown };
  if (/^[a-z]/i.test(text) && hasSymbol(text)) return { kind: 'service-tag', tag: text, text, place };
  return { kind: 'symbol', symbol: symbolOf(text), text, place, unknown };
}

function problemOf(text: string): string {
  if (/\s/.test(text)) return 'Azure rejects spaces inside an address';
  if (/[,;]/.test(text)) return 'one string holds several addresses: write one string for each';
  const [from, to, ...rest] = text.split('-').map((part) => parseIpRange(part));
  if (rest.length === 0 && from !== undefined && to !== undefined) {
    return 'the range does not run upwards from one address to another';
  }
  return 'not an IP address, CIDR block, a-b range, * or service tag';
}
