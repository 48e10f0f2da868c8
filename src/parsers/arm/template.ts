import { InputError } from '../../errors.ts';
import type { Cloud } from '../../model/policy.ts';
import { symbolOf, type Unknown } from '../../model/symbol.ts';
import { positionOf } from '../json/pointers.ts';
import { JsonArray, JsonObject } from '../json/value.ts';
import type { Extraction, Resource, ResourceGap } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';
import { Deployment } from './deployment.ts';
import type { ResourceEntry } from './entry.ts';
import { TemplateFrame } from './frame.ts';
import { readArguments } from './parameters.ts';
import { Evaluation, type Target, type Text } from './scope.ts';
import { levelOf } from './target.ts';
import { isDeployment, isFirewall } from './types.ts';
import { object, textOf, unknownValue } from './values.ts';

export interface TemplateOptions {
  /** The file as the user named it. */
  readonly path: string;
  readonly root: Value;
  /** Roots of the parameter files, in order; the later one wins. */
  readonly parameters?: readonly Value[];
  readonly cloud: Cloud;
  /**
   * Put before identities of unknown parameters; give something of its own to each of several templates of one run,
   * so that their parameters of equal name are different unknowns.
   */
  readonly label?: string;
}

/** True for what evaluateTemplate takes. */
export function isTemplate(root: Value): root is ObjectValue {
  if (root.kind !== 'object') return false;
  if (levelOf(root) !== undefined) return true;
  const resources = root.members.get('resources')?.value;
  return root.members.has('contentversion') && (resources?.kind === 'array' || resources?.kind === 'object');
}

/**
 * Evaluates a template as a deployment would, offline. What cannot be known is an unknown value with its reason; what is
 * wrong with the template throws an InputError only if something about a firewall depends on it.
 */
export function evaluateTemplate({
  path,
  root,
  parameters = [],
  cloud,
  label = '',
}: TemplateOptions): Extraction {
  if (root.kind !== 'object') throw new InputError(path, 'not an ARM template: expected a JSON object');
  const evaluation = new Evaluation(cloud);
  const given = readArguments(parameters);
  const target = rootTarget(root);
  const deployment = new Deployment(root, target, undefined);
  deployment.scope = new TemplateFrame({
    evaluation,
    template: root,
    label,
    name: unknownValue('deployment().name', notInTemplate('deployment().name', root), root.place),
    target,
    argument: (name) => given.get(name),
    siblings: deployment,
  }).scope;

  const resources: Resource[] = [];
  const gaps: ResourceGap[] = [];
  collect(deployment, undefined, resources, gaps);
  const refuse = (unknown: Unknown): void => {
    refuseFatal(unknown, evaluation, [root, ...parameters]);
  };
  for (const resource of resources) {
    if (!isFirewall(resource.type)) continue;
    for (const [name, { value }] of resource.body.members) {
      // Children are resources of their own.
      if (name !== 'resources' && name !== 'copy') refuseBroken(value, refuse);
    }
    if (resource.conditional !== undefined) refuse(resource.conditional);
  }
  for (const gap of gaps) {
    if (isFirewall(gap.type) || isDeployment(gap.type)) {
      refuse(gap.unknown);
    }
  }
  return { format: 'arm-template', resources, gaps, notes: [], outputs: deployment.outputs };
}

function collect(
  deployment: Deployment,
  around: Unknown | undefined,
  resources: Resource[],
  gaps: ResourceGap[],
): void {
  for (const entry of deployment.entries) {
    const { condition } = entry;
    if (condition === false) continue;
    const conditional = around ?? (condition === true ? undefined : condition);
    if (entry.isDeployment) {
      const nested = deployment.nested(entry);
      if (nested !== undefined) collect(nested, conditional, resources, gaps);
      continue;
    }
    const resource = new TemplateResource(entry, deployment, conditional);
    resources.push(resource);
    const { properties } = entry;
    if (isFirewall(entry.type) && properties.kind === 'unknown') {
      gaps.push({ type: entry.type, unknown: properties.unknown, place: properties.place });
    }
  }
  gaps.push(...deployment.gaps);
}

/** Names and ids at once, everything else when it is read. */
class TemplateResource implements Resource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly place: Resource['place'];
  readonly existing: boolean;
  declare readonly conditional?: Unknown;
  readonly #entry: ResourceEntry;
  readonly #deployment: Deployment;

  constructor(entry: ResourceEntry, deployment: Deployment, conditional: Unknown | undefined) {
    this.type = entry.type;
    this.name = entry.name.text;
    this.id = entry.id;
    this.place = entry.source.place;
    this.existing = entry.existing;
    if (conditional !== undefined) this.conditional = conditional;
    this.#entry = entry;
    this.#deployment = deployment;
  }

  get body(): ObjectValue {
    return this.#entry.body;
  }

  get properties(): ObjectValue {
    const { properties } = this.#entry;
    return properties.kind === 'object' ? properties : object([], properties.place);
  }

  get dependsOn(): readonly string[] {
    const list = this.#entry.evaluated('dependson');
    const names =
      list?.kind === 'array' ? list.items.map((item) => textOf(item)?.text.toLowerCase() ?? '') : [];
    // A symbolic name says nothing outside its template; its resource's id does.
    return names.map((name) => (name.includes('/') ? name : (this.#deployment.find(name)?.id ?? name)));
  }
}

function refuseBroken(value: Value, refuse: (unknown: Unknown) => void): void {
  // Plain JSON has nothing that was evaluated.
  if (value instanceof JsonObject || value instanceof JsonArray) return;
  switch (value.kind) {
    case 'array':
      for (const item of value.items) refuseBroken(item, refuse);
      break;
    case 'object':
      for (const member of value.members.values()) refuseBroken(member.value, refuse);
      break;
    case 'unknown':
      refuse(value.unknown);
      break;
    case 'string':
      value.unknowns?.forEach(refuse);
      break;
    default:
  }
}

/** Throws for what is unknown because the template is broken beyond what Azure would read. */
function refuseFatal(unknown: Unknown, evaluation: Evaluation, roots: readonly Value[]): void {
  const problem = evaluation.fatal.get(unknown);
  if (problem === undefined) return;
  const { path, pointer } = unknown.place;
  const root = roots.find(({ place }) => place.path === path);
  throw new InputError(
    path,
    `${problem} (at ${pointer})`,
    root === undefined ? undefined : positionOf(root, pointer),
  );
}

function rootTarget(root: ObjectValue): Target {
  return {
    level: levelOf(root) ?? 'resourceGroup',
    subscription: symbolText('subscription().subscriptionId', root),
    resourceGroup: symbolText('resourceGroup().name', root),
    managementGroup: symbolText('managementGroup().name', root),
  };
}

function symbolText(expression: string, root: ObjectValue): Text {
  return { text: symbolOf(expression.toLowerCase()), unknowns: [notInTemplate(expression, root)] };
}

function notInTemplate(expression: string, root: ObjectValue): Unknown {
  return {
    reason: `${expression} is known only at the time of the deployment`,
    supply: 'give the value with --parameters where a parameter defaults to it, else write it out',
    place: root.place,
  };
}
