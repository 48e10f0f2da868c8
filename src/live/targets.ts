import { InputError, UsageError } from '../errors.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import type { Arm } from './arm.ts';
import { parseArmId, type ArmId } from './ids.ts';
import { textAt, type JsonObject } from './json.ts';
import { readAll, readSubscriptions, READS } from './requests.ts';

/** What the user names. */
export interface Named {
  /** A resource id, or a name. */
  readonly text: string;
  /** An error about it, with the flag or the place that names it. */
  readonly complain: (message: string) => UsageError;
}

export interface Targets {
  readonly firewallPolicy?: Named | undefined;
  readonly firewall?: Named | undefined;
  readonly clusters: readonly Named[];
  /** An id or a display name. */
  readonly subscription?: Named | undefined;
}

/** The same as ids. */
export interface FoundTargets {
  readonly firewallPolicy?: ArmId | undefined;
  readonly firewall?: ArmId | undefined;
  readonly clusters: readonly ArmId[];
}

type TargetType = Parameters<typeof readAll>[1];

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Looks up what is named without an id. Throws a UsageError for what is no id, or a name that several have, and an
 * InputError where there is nothing of that name.
 */
export async function findTargets(arm: Arm, targets: Targets): Promise<FoundTargets> {
  const search = new Search(arm, targets.subscription);
  const one = async (type: TargetType, named: Named | undefined): Promise<ArmId | undefined> =>
    named === undefined ? undefined : search.find(type, named);
  const clusters: ArmId[] = [];
  for (const named of targets.clusters) {
    clusters.push(await search.find('microsoft.containerservice/managedclusters', named));
  }
  return {
    firewallPolicy: await one('microsoft.network/firewallpolicies', targets.firewallPolicy),
    firewall: await one('microsoft.network/azurefirewalls', targets.firewall),
    clusters,
  };
}

/** Judges ids before anything is read. Throws a UsageError for what is none of the right type. */
export function checkForm({ firewallPolicy, firewall, clusters }: Targets): void {
  if (firewallPolicy !== undefined) idOf('microsoft.network/firewallpolicies', firewallPolicy);
  if (firewall !== undefined) idOf('microsoft.network/azurefirewalls', firewall);
  for (const cluster of clusters) idOf('microsoft.containerservice/managedclusters', cluster);
}

/** Undefined for a name. */
function idOf(type: TargetType, { text, complain }: Named): ArmId | undefined {
  if (!text.includes('/')) return undefined;
  const id = parseArmId(text);
  if (id?.type === type) return id;
  const { noun, action } = READS[type];
  throw complain(
    `'${text}' is no id of a ${noun}. Expected /subscriptions/…/resourceGroups/…/providers/${action.replace(/\/read$/, '')}/…, or the name alone.`,
  );
}

class Search {
  readonly #arm: Arm;
  readonly #named: Named | undefined;
  #subscription: string | undefined;
  /** One list has all clusters that are named. */
  readonly #lists = new Map<TargetType, readonly JsonObject[]>();

  constructor(arm: Arm, subscription: Named | undefined) {
    this.#arm = arm;
    this.#named = subscription;
  }

  async find(type: TargetType, { text, complain }: Named): Promise<ArmId> {
    const { noun } = READS[type];
    const id = idOf(type, { text, complain });
    if (id !== undefined) return id;
    this.#subscription ??= await this.#subscriptionId();
    const all = this.#lists.get(type) ?? (await readAll(this.#arm, type, this.#subscription));
    this.#lists.set(type, all);
    const found = all.filter((one) => textAt(one, 'name').toLowerCase() === text.toLowerCase());
    const [only, ...others] = found.flatMap((one) => parseArmId(textAt(one, 'id')) ?? []);
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) {
      const ids = [only, ...others].map(({ id }) => `\n  ${id}`).join('');
      throw complain(`several resources are called '${text}'. Give the id of one:${ids}`);
    }
    const names = all.map((one) => textAt(one, 'name'));
    throw new InputError(
      text,
      `there is no ${noun} of this name in subscription ${this.#subscription} that this identity may see.${didYouMean(text, names)} ${listed(names, noun)}`,
    );
  }

  async #subscriptionId(): Promise<string> {
    const named = this.#named;
    if (named !== undefined && GUID.test(named.text)) return named.text;
    const all = (await readSubscriptions(this.#arm)).filter(
      (one) => !/^(?:disabled|deleted)$/i.test(textAt(one, 'state')),
    );
    const names = all.map((one) => textAt(one, 'displayName'));
    if (named !== undefined) {
      const found = all.filter(
        (one) => textAt(one, 'displayName').toLowerCase() === named.text.toLowerCase(),
      );
      const [only, ...others] = found;
      if (only !== undefined && others.length === 0) return textAt(only, 'subscriptionId');
      if (only !== undefined)
        throw named.complain(`several subscriptions are called '${named.text}': ${shown(found)}.`);
      throw new InputError(
        named.text,
        `there is no subscription of this name that this identity may see.${didYouMean(named.text, names)} ${listed(names, 'subscription')}`,
      );
    }
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) return textAt(only, 'subscriptionId');
    if (only === undefined) {
      throw new InputError(
        '/subscriptions',
        'this identity may see no subscription; let the role Reader be assigned to it, or give the full id of the resource',
      );
    }
    throw new UsageError(
      `A name says too little, since this identity may see several subscriptions: ${shown(all)}. Give one with --subscription, or the full id of the resource.`,
    );
  }
}

const MOST_SHOWN = 10;

function shown(subscriptions: readonly JsonObject[]): string {
  return some(subscriptions.map((one) => `${textAt(one, 'displayName')} (${textAt(one, 'subscriptionId')})`));
}

function listed(names: readonly string[], noun: string): string {
  return names.length === 0 ? `It sees no ${noun} there.` : `It sees ${some([...names].sort())}.`;
}

function some(texts: readonly string[]): string {
  const more = texts.length - MOST_SHOWN;
  return `${texts.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
