import type { Destination } from '../../model/policy.ts';
import { opaqueAddress } from '../appliance/rules.ts';
import type { Categories } from './categories.ts';
import type { RulebaseContext } from './rulebase.ts';
import type { PanNode } from './tree.ts';

/** Hosts that a rule allows and a profile blocks after it. */
export interface Blocked {
  readonly destinations: readonly Destination[];
  readonly except: readonly Destination[];
}

/** What a machine cannot get past: a page on which somebody has to press a button is a block for a node. */
const BLOCKING = ['block', 'continue', 'override'] as const;
const PASSING = ['allow', 'alert'] as const;

/** Profiles that come with the device block no category in which a host of AKS could be. */
const PREDEFINED = new Set(['default', 'strict']);

/**
 * The URL filtering profile of a rule looks at what the rule allows, and can still block it. Custom categories go before
 * those of Palo Alto Networks. https://docs.paloaltonetworks.com/advanced-url-filtering (URL filtering profiles)
 */
export function blockedByProfile(rule: PanNode, context: RulebaseContext, categories: Categories): Blocked[] {
  const { scope, places } = context;
  const named = profileOf(rule, context);
  if (named === undefined || PREDEFINED.has(named.key)) return [];
  const profile = scope.profile('url-filtering', named.key);
  if (profile === undefined) {
    const reason = `the URL filtering profile '${named.key}' is not in the file, and may block what the rule allows`;
    const place = places.of(named);
    return [
      { destinations: [opaqueAddress(named.key, place, reason, 'export its definition too')], except: [] },
    ];
  }
  const of = (actions: readonly string[]): { own: Destination[]; others: Destination[] } => {
    const all = actions.flatMap((action) => profile.list(action)).flatMap((member) => categories.one(member));
    return {
      own: all.filter(({ kind }) => kind !== 'web-category'),
      others: all.filter(({ kind }) => kind === 'web-category'),
    };
  };
  const blocking = of(BLOCKING);
  const passing = of(PASSING);
  return [
    ...(blocking.own.length === 0 ? [] : [{ destinations: blocking.own, except: [] }]),
    ...(blocking.others.length === 0 ? [] : [{ destinations: blocking.others, except: passing.own }]),
  ];
}

/** The name of the URL filtering profile, directly or by a profile group. */
function profileOf(rule: PanNode, { scope }: RulebaseContext): PanNode | undefined {
  const setting = rule.child('profile-setting');
  const direct = setting?.at('profiles', 'url-filtering')?.list()[0];
  if (direct !== undefined) return direct;
  const group = setting?.child('group')?.list()[0];
  if (group === undefined || group.key === 'None' || group.key === 'none') return undefined;
  const found = scope.find('profile-group', group.key);
  return found === undefined ? undefined : found.child('url-filtering')?.list()[0];
}
