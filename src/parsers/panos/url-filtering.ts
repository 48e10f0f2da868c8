import type { Destination } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import type { Categories } from './categories.ts';
import type { RulebaseContext } from './rulebase.ts';
import type { PanNode } from './tree.ts';

/** Hosts that a rule allows and a profile blocks after it. */
export interface Blocked {
  /** Hosts by name; undefined for all of the rule's, of which it is not known whether they are blocked. */
  readonly destinations?: readonly Destination[];
  readonly by?: Unknown;
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
  const place = places.of(named);
  const profile = scope.profile('url-filtering', named.key);
  if (profile === undefined) {
    const reason = `the URL filtering profile '${named.key}' is not in the file, and may block what the rule allows`;
    return [{ by: { reason, supply: 'export its definition too', place }, except: [] }];
  }
  const membersOf = (actions: readonly string[]): Destination[] =>
    actions.flatMap((action) => profile.list(action)).flatMap((member) => categories.one(member));
  const blocking = membersOf(BLOCKING);
  const own = blocking.filter(({ kind }) => kind !== 'web-category');
  const passing = membersOf(PASSING).filter(({ kind }) => kind !== 'web-category');
  const plausible = blocking.filter(({ kind, text }) => kind === 'web-category' && PLAUSIBLE.has(text));
  const blocked: Blocked[] = own.length === 0 ? [] : [{ destinations: own, except: [] }];
  if (plausible.length > 0) {
    const names = plausible.map(({ text }) => `'${text}'`).join(', ');
    const reason = `URL filtering '${named.key}' blocks ${names}, and which hosts are in there is not known`;
    const supply = 'let it alert on a custom category with the hosts of AKS';
    blocked.push({ by: { reason, supply, place }, except: passing });
  }
  return blocked;
}

/** Categories in which Palo Alto Networks may have put a host of the article. */
const PLAUSIBLE = new Set([
  'computer-and-internet-info',
  'business-and-economy',
  'content-delivery-networks',
  'online-storage-and-backup',
  'search-engines',
  'internet-portals',
  'shareware-and-freeware',
  'low-risk',
]);

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
