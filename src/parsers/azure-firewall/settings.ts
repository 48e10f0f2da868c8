import type { Place } from '../../model/place.ts';
import type { Policy } from '../../model/policy.ts';
import type { Resource } from '../resource.ts';
import type { Value } from '../value.ts';
import {
  booleanOf,
  CUT_OFF,
  describe,
  field,
  isCutOff,
  textOf,
  unknownOf,
  wordOf,
  type Report,
} from './fields.ts';

export type Settings = Pick<Policy, 'tier' | 'dnsProxy' | 'dnsProxyPlace' | 'threatIntel'>;

/**
 * What a policy or classic firewall sets beside rules. What a resource does not write has Azure's default: Standard,
 * no DNS proxy, threat intelligence in alert mode.
 */
export function readSettings(resource: Resource, report: Report): Settings {
  const whole = resource.body.members.get('properties')?.value;
  const { properties, place } = resource;
  if (whole?.kind === 'unknown') {
    report.unknown(whole.unknown);
    return { tier: 'unknown', dnsProxy: 'unknown', dnsProxyPlace: place, threatIntel: 'unknown' };
  }
  if (whole !== undefined && whole.kind !== 'object' && whole.kind !== 'null') {
    const reason = isCutOff(textOf(whole))
      ? CUT_OFF
      : `expected an object as properties, found ${describe(whole)}`;
    report.note(reason, whole.place);
    report.unknown({ reason, supply: 'correct the file', place: whole.place });
    return unknownSettings(place);
  }
  const sku = field(properties, 'sku') ?? field(resource.body, 'sku');
  const tier = oneOf(sku?.kind === 'object' ? field(sku, 'tier') : sku, TIERS, report) ?? 'Standard';
  const threatIntel = oneOf(field(properties, 'threatintelmode'), MODES, report) ?? 'Alert';
  const proxy = proxyOf(resource);
  if (unknownOf(proxy) !== undefined) noteUnknown(proxy, report);
  const isOn = booleanOf(proxy);
  const dnsProxy = isOn === 'unknown' ? 'unknown' : isOn === true ? 'on' : 'off';
  noteTier(tier, dnsProxy, resource, proxy?.place ?? place, report);
  return { tier, dnsProxy, dnsProxyPlace: proxy?.place ?? place, threatIntel };
}

/** Settings of a policy that only its rule collection groups tell of. */
export function unknownSettings(place: Place): Settings {
  return { tier: 'unknown', dnsProxy: 'unknown', dnsProxyPlace: place, threatIntel: 'unknown' };
}

/** A child can only be stricter than its parents: https://learn.microsoft.com/azure/firewall-manager/policy-overview */
export function strictest(modes: readonly Policy['threatIntel'][]): Policy['threatIntel'] {
  if (modes.includes('Deny')) return 'Deny';
  if (modes.includes('unknown')) return 'unknown';
  return modes.includes('Alert') ? 'Alert' : 'Off';
}

const TIERS = new Map([
  ['basic', 'Basic'],
  ['standard', 'Standard'],
  ['premium', 'Premium'],
] as const);
const MODES = new Map([
  ['off', 'Off'],
  ['alert', 'Alert'],
  ['deny', 'Deny'],
] as const);

function oneOf<T extends string>(
  value: Value | undefined,
  known: ReadonlyMap<string, T>,
  report: Report,
): T | 'unknown' | undefined {
  if (value === undefined || wordOf(value) === '') return undefined;
  if (unknownOf(value) !== undefined) {
    noteUnknown(value, report);
    return 'unknown';
  }
  const found = known.get(wordOf(value));
  if (found !== undefined) return found;
  report.note(`expected ${[...known.values()].join(', ')}, found ${describe(value)}`, value.place);
  return 'unknown';
}

function noteUnknown(value: Value | undefined, report: Report): void {
  const unknown = unknownOf(value);
  if (unknown !== undefined) report.unknown(unknown);
}

/** A policy's dnsSettings; a classic firewall keeps it in a map of strings. */
function proxyOf({ properties }: Resource): Value | undefined {
  const settings = field(properties, 'dnssettings');
  if (settings !== undefined) return settings.kind === 'object' ? field(settings, 'enableproxy') : settings;
  const additional = field(properties, 'additionalproperties');
  const inMap = additional?.kind === 'object' ? field(additional, 'network.dns.enableproxy') : undefined;
  // The Azure CLI flattens the map, PowerShell names the entry.
  return inMap ?? field(properties, 'network.dns.enableproxy', 'dnsenableproxy');
}

/** https://learn.microsoft.com/azure/firewall/features-by-sku */
function noteTier(
  tier: Policy['tier'],
  dnsProxy: Policy['dnsProxy'],
  { properties }: Resource,
  proxyPlace: Place,
  report: Report,
): void {
  if (tier === 'Basic' && dnsProxy === 'on') {
    report.note('DNS proxy needs the Standard tier; this policy is Basic', proxyPlace);
  }
  const detection = field(properties, 'intrusiondetection');
  const mode = detection?.kind === 'object' ? field(detection, 'mode') : undefined;
  if ((tier === 'Basic' || tier === 'Standard') && ['alert', 'deny'].includes(wordOf(mode))) {
    report.note(
      `intrusion detection needs the Premium tier; this policy is ${tier}`,
      mode?.place ?? proxyPlace,
    );
  }
}
