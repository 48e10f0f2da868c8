import { InputError } from '../../errors.ts';
import type { Place } from '../../model/place.ts';
import type { Cloud } from '../../model/policy.ts';
import { symbolOf, type Unknown } from '../../model/symbol.ts';
import { positionOf } from '../json/pointers.ts';
import { JsonArray, JsonObject } from '../json/value.ts';
import type { Extraction, Resource, ResourceGap } from '../resource.ts';
import type { ArrayValue, ObjectValue, Value } from '../value.ts';
import { Deployment } from './deployment.ts';
import type { ResourceEntry } from './entry.ts';
import { evaluateValue } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import { TemplateFrame } from './frame.ts';
import { readArguments } from './parameters.ts';
import { Evaluation, MAX_VALUES, tooManyValues, type Target, type Text } from './scope.ts';
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
  /** Put before identities of where it is deployed, for templates of one run that go to different places. */
  readonly targetLabel?: string;
  /** Tells the line of a place, in formats in which its pointer does not. */
  readonly positionOf?: (place: Place) => { line: number; column: number } | undefined;
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
  targetLabel = '',
  positionOf: positionIn = () => undefined,
}: TemplateOptions): Extraction {
  if (root.kind !== 'object') throw new InputError(path, 'not an ARM template: expected a JSON object');
  const evaluation = new Evaluation(cloud);
  const given = readArguments(parameters);
  const target = rootTarget(root, targetLabel);
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
    refuseFatal(unknown, evaluation, [root, ...parameters], positionIn);
  };
  const inspection = new Inspection(evaluation, refuse);
  for (const resource of resources) {
    if (!isFirewall(resource.type)) continue;
    for (const [name, { value }] of resource.body.members) {
      // Children are resources of their own.
      if (name !== 'resources' && name !== 'copy') inspection.inspect(value);
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

/** Evaluates values that nothing is deployed with, such as those of a file of parameters, with a template's variables. */
export function evaluateAlone(
  template: ObjectValue,
  values: ObjectValue,
  cloud: Cloud,
  label: string,
): Value {
  const target = rootTarget(template, label);
  const siblings = { find: () => undefined, findAll: () => [] };
  const name = unknownValue(
    'deployment().name',
    notInTemplate('deployment().name', template),
    template.place,
  );
  const evaluation = new Evaluation(cloud);
  const { scope } = new TemplateFrame({
    ...{ evaluation, template, label, name, target, siblings },
    argument: () => undefined,
  });
  return evaluateValue(values, scope);
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

const MAX_DEPTH = 200;

/**
 * Looks through the evaluated values of firewall resources before anybody reads them: refuses what is broken, and what is
 * small only as long as it is not read, such as a list of the same two lists forty times over.
 */
class Inspection {
  readonly #evaluation: Evaluation;
  readonly #refuse: (unknown: Unknown) => void;
  /** How many values a container holds; 0 for one that was met once and is not counted. */
  readonly #sizes = new Map<Value, number>();
  #total = 0;

  constructor(evaluation: Evaluation, refuse: (unknown: Unknown) => void) {
    this.#evaluation = evaluation;
    this.#refuse = refuse;
  }

  inspect(value: Value): void {
    this.#total += this.#sizeOf(value, 0);
    this.#bound(this.#total, value);
  }

  #bound(size: number, value: Value): void {
    if (size > MAX_VALUES) this.#refuse(this.#evaluation.unknown(tooManyValues(), value.place));
  }

  #sizeOf(value: Value, depth: number): number {
    switch (value.kind) {
      case 'array':
      case 'object': {
        const known = this.#sizes.get(value);
        const size =
          known === undefined ? this.#contents(value, depth) : known === 0 ? countRaw(value) : known;
        this.#sizes.set(value, size);
        this.#bound(size, value);
        return Math.max(size, 1);
      }
      case 'unknown':
        this.#refuse(value.unknown);
        return 1;
      case 'string':
        value.unknowns?.forEach(this.#refuse);
        return 1;
      default:
        return 1;
    }
  }

  #contents(value: ArrayValue | ObjectValue, depth: number): number {
    // Plain JSON has nothing that was evaluated, and is as large as it is written.
    if (value instanceof JsonObject || value instanceof JsonArray) return 0;
    if (depth > MAX_DEPTH) {
      const problem = new ExpressionError(`values are nested more than ${MAX_DEPTH} levels deep`, true);
      this.#refuse(this.#evaluation.unknown(problem, value.place));
    }
    const parts =
      value.kind === 'array' ? value.items : Array.from(value.members.values(), (part) => part.value);
    let size = 1;
    for (const part of parts) size += this.#sizeOf(part, depth + 1);
    return size;
  }
}

function countRaw(value: Value): number {
  let count = 1;
  if (!(value instanceof JsonObject) && !(value instanceof JsonArray)) return count;
  JSON.stringify(value.raw, (_key, part: unknown) => {
    count += 1;
    return part;
  });
  return count;
}

/** Throws for what is unknown because the template is broken beyond what Azure would read. */
function refuseFatal(
  unknown: Unknown,
  evaluation: Evaluation,
  roots: readonly Value[],
  positionIn: (place: Place) => { line: number; column: number } | undefined,
): void {
  const problem = evaluation.fatal.get(unknown);
  if (problem === undefined) return;
  const { path, pointer } = unknown.place;
  const root = roots.find(({ place }) => place.path === path);
  throw new InputError(
    path,
    `${problem} (at ${pointer})`,
    positionIn(unknown.place) ?? (root === undefined ? undefined : positionOf(root, pointer)),
  );
}

function rootTarget(root: ObjectValue, label: string): Target {
  return {
    level: levelOf(root) ?? 'resourceGroup',
    subscription: symbolText('subscription().subscriptionId', root, label),
    resourceGroup: symbolText('resourceGroup().name', root, label),
    managementGroup: symbolText('managementGroup().name', root, label),
  };
}

function symbolText(expression: string, root: ObjectValue, label: string): Text {
  return { text: symbolOf(label + expression.toLowerCase()), unknowns: [notInTemplate(expression, root)] };
}

function notInTemplate(expression: string, root: ObjectValue): Unknown {
  return {
    reason: `${expression} is known only at the time of the deployment`,
    supply: 'give the value with --parameters where a parameter defaults to it, else write it out',
    place: root.place,
  };
}
