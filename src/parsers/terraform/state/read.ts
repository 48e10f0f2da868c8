import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import type { ObjectValue, Value } from '../../value.ts';
import type { ResourceGap } from '../../resource.ts';
import { isTranslated } from '../resources/translate.ts';
import type { TerraformResource } from '../resources/resource.ts';
import { PlanConfiguration } from './configuration.ts';
import {
  changedResources,
  itemsOf,
  memberOf,
  stateResources,
  textOf,
  valuesResources,
  type ListedResource,
} from './instances.ts';
import { sensitiveIn } from './sensitive.ts';
import { Unknowns } from './unknowns.ts';

export interface StateReading {
  readonly format: 'terraform-state' | 'terraform-plan';
  readonly resources: readonly TerraformResource[];
  /** Of a plan: changes that Terraform puts off, so that what they make is not told. */
  readonly gaps: readonly ResourceGap[];
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
  /** What is marked as sensitive. */
  readonly sensitive: readonly Value[];
  /** What to say where no firewall is left. */
  readonly empty: string;
}

/** The version of raw states that Terraform writes since 0.12. */
const STATE_VERSION = 4;

/**
 * Reads a raw state (`terraform.tfstate`), or a state or plan as `terraform show -json` prints it. Throws an InputError for
 * another version.
 */
export function readState(path: string, root: ObjectValue): StateReading {
  if (memberOf(root, 'lineage') !== undefined || memberOf(root, 'serial') !== undefined)
    return rawState(path, root);
  checkFormat(path, root);
  const isPlan =
    memberOf(root, 'planned_values') !== undefined || memberOf(root, 'resource_changes') !== undefined;
  if (isPlan) return plan(root);
  const listed = translated(valuesResources(memberOf(root, 'values')));
  return {
    format: 'terraform-state',
    resources: listed.map(plain),
    gaps: [],
    notes: [],
    sensitive: sensitiveIn(root),
    empty: 'the state holds no firewall policy, rule collection group or classic firewall',
  };
}

function rawState(path: string, root: ObjectValue): StateReading {
  const version = memberOf(root, 'version');
  if (version?.kind !== 'number' || version.value !== STATE_VERSION) {
    const found = version?.kind === 'number' ? `version ${version.value}` : 'no version';
    throw new InputError(
      path,
      `a Terraform state of another format: found ${found}, expected version ${STATE_VERSION}; print it with terraform show -json, or upgrade it with a current Terraform`,
    );
  }
  const old = flatResource(root);
  if (old !== undefined) {
    throw new InputError(
      path,
      `${old} is stored in the form of Terraform 0.11, with attributes_flat; expected attributes: run terraform apply -refresh-only, or print the state with terraform show -json`,
    );
  }
  const listed = translated(stateResources(root));
  return {
    format: 'terraform-state',
    resources: listed.map(plain),
    gaps: [],
    notes: [],
    sensitive: sensitiveIn(root),
    empty: 'the state holds no firewall policy, rule collection group or classic firewall',
  };
}

/** A firewall's resource that no provider has read since Terraform 0.11; its attributes are texts with paths for names. */
function flatResource(root: ObjectValue): string | undefined {
  const found = itemsOf(memberOf(root, 'resources')).find(
    (resource) =>
      isTranslated(textOf(memberOf(resource, 'type'))) &&
      itemsOf(memberOf(resource, 'instances')).some(
        (instance) => memberOf(instance, 'attributes_flat') !== undefined,
      ),
  );
  return found && `${textOf(memberOf(found, 'type'))}.${textOf(memberOf(found, 'name'))}`;
}

/** Minor versions add to the format; another major one would change it. 0.x came before 1.0 and is the same. */
function checkFormat(path: string, root: ObjectValue): void {
  const version = textOf(memberOf(root, 'format_version'));
  if (/^[01]\.\d+$/.test(version)) return;
  throw new InputError(
    path,
    `Terraform JSON of another format: found format_version "${version}", expected "1.x"; a newer version of this program may read it`,
  );
}

function plan(root: ObjectValue): StateReading {
  const planned = valuesResources(memberOf(root, 'planned_values'));
  const all = planned.length > 0 ? planned : changedResources(root);
  const marks = new Map<string, Value>();
  const deleted: string[] = [];
  for (const change of itemsOf(memberOf(root, 'resource_changes'))) {
    if (memberOf(change, 'deposed') !== undefined) continue;
    const address = textOf(memberOf(change, 'address'));
    const details = memberOf(change, 'change');
    const mark = memberOf(details, 'after_unknown');
    if (mark !== undefined) marks.set(address, mark);
    const actions = itemsOf(memberOf(details, 'actions')).map(textOf);
    const isGone = actions.every((action) => action === 'delete' || action === 'forget');
    if (isGone && isTranslated(textOf(memberOf(change, 'type')))) deleted.push(address);
  }
  const unknowns = new Unknowns(new PlanConfiguration(memberOf(root, 'configuration'), all, marks));
  const resources = translated(all).map((resource): TerraformResource => {
    const attributes = unknowns.attributes(resource, marks.get(resource.address));
    return { ...plain(resource), attributes };
  });
  const isErrored = memberOf(root, 'errored');
  const notes: { message: string; place: Place }[] = [];
  if (isErrored?.kind === 'boolean' && isErrored.value) {
    notes.push({ message: 'planning failed: the plan may be incomplete', place: isErrored.place });
  }
  const isComplete = memberOf(root, 'complete');
  if (isComplete?.kind === 'boolean' && !isComplete.value) {
    const message = 'the plan is not complete: it leaves out what was not targeted or is put off';
    notes.push({ message, place: isComplete.place });
  }
  return {
    format: 'terraform-plan',
    resources,
    gaps: deferred(root),
    notes,
    sensitive: sensitiveIn(root),
    empty:
      deleted.length > 0
        ? `the plan deletes every firewall (${deleted.slice(0, 3).join(', ')}), so nothing is left to judge`
        : 'no firewall resources in this plan',
  };
}

/** https://developer.hashicorp.com/terraform/internals/json-format: instances that cannot be planned yet. */
function deferred(root: ObjectValue): ResourceGap[] {
  return itemsOf(memberOf(root, 'deferred_changes')).flatMap((one): ResourceGap[] => {
    const change = memberOf(one, 'resource_change');
    if (!RULES.has(textOf(memberOf(change, 'type')))) return [];
    const unknown = {
      reason: `${textOf(memberOf(change, 'address'))} is put off to a later plan`,
      supply: 'lint the state after apply, or the plan made then',
      place: one.place,
    };
    return [{ type: GROUP, unknown, place: one.place }];
  });
}

const GROUP = 'Microsoft.Network/firewallPolicies/ruleCollectionGroups';

/** Resources that hold rules. */
const RULES: ReadonlySet<string> = new Set([
  'azurerm_firewall_policy_rule_collection_group',
  'azurerm_firewall_application_rule_collection',
  'azurerm_firewall_network_rule_collection',
]);

function translated(resources: readonly ListedResource[]): ListedResource[] {
  return resources.filter(({ type }) => isTranslated(type));
}

function plain({ type, name, address, attributes, place }: ListedResource): TerraformResource {
  return { type, name, address, attributes, place };
}
