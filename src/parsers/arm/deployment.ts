import type { Unknown } from '../../model/symbol.ts';
import type { ResourceGap } from '../resource.ts';
import { number, string, type ObjectValue, type Value } from '../value.ts';
import { copyCount, copyValues, inLoop } from './copy.ts';
import { EntryIndex } from './entry-index.ts';
import { ResourceEntry } from './entry.ts';
import { attempt, EvaluatedMember, evaluateValue } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import { TemplateFrame } from './frame.ts';
import { argumentOf } from './parameters.ts';
import type { Referenced, Scope, Siblings, Target } from './scope.ts';
import { levelOf, scopeTarget } from './target.ts';
import { isDeployment, typesInside } from './types.ts';
import { object, textOf, unknownIn, unknownValue } from './values.ts';

const MAX_DEPLOYMENT_DEPTH = 50;

/** One template being deployed: the root, or a nested one. Nested ones are opened when somebody looks into them. */
export class Deployment implements Siblings {
  readonly parent: Deployment | undefined;
  readonly template: ObjectValue;
  readonly target: Target;
  readonly gaps: ResourceGap[] = [];
  readonly #depth: number;
  readonly #nested = new Map<ResourceEntry, Deployment | undefined>();
  #scope: Scope | undefined;
  #entries: readonly ResourceEntry[] | undefined;
  #expanding = false;
  #searching = false;
  readonly #index = new EntryIndex(
    () => this.entries,
    () => !this.#expanding,
  );
  #outputs: ObjectValue | undefined;

  constructor(template: ObjectValue, target: Target, parent: Deployment | undefined) {
    this.template = template;
    this.target = target;
    this.parent = parent;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
  }

  /** To be set once, before anything is asked: it refers to this deployment. */
  set scope(scope: Scope) {
    this.#scope = scope;
  }

  get scope(): Scope {
    if (this.#scope === undefined) throw new Error('the deployment has no scope yet');
    return this.#scope;
  }

  /** Every resource of this template, children and copies included, nested templates not. */
  get entries(): readonly ResourceEntry[] {
    if (this.#entries === undefined) {
      // A name that needs reference() comes back here; it sees what is there so far.
      if (this.#expanding) return [];
      this.#expanding = true;
      const entries: ResourceEntry[] = [];
      this.#expandList(this.template.members.get('resources')?.value, this.scope, undefined, entries);
      this.#entries = entries;
      this.#expanding = false;
    }
    return this.#entries;
  }

  #expandList(
    list: Value | undefined,
    scope: Scope,
    parent: ResourceEntry | undefined,
    into: ResourceEntry[],
  ): void {
    if (list?.kind === 'array') {
      for (const item of list.items) this.#expand(item, scope, parent, undefined, into);
    } else if (list?.kind === 'object') {
      for (const { name, value } of list.members.values()) {
        this.#expand(value, scope, parent, name.toLowerCase(), into);
      }
    } else if (list !== undefined && list.kind !== 'null') {
      const problem = new ExpressionError("'resources' is neither an array nor an object");
      this.#gap('', scope.evaluation.unknown(problem, list.place), list);
    }
  }

  #expand(
    source: Value,
    scope: Scope,
    parent: ResourceEntry | undefined,
    symbolicName: string | undefined,
    into: ResourceEntry[],
  ): void {
    if (source.kind !== 'object') {
      this.#gap(
        '',
        scope.evaluation.unknown(new ExpressionError('a resource is not an object'), source.place),
        source,
      );
      return;
    }
    const make = (inner: Scope, copyIndex: number | undefined): void => {
      const entry = new ResourceEntry({
        source,
        scope: inner,
        target: this.target,
        parent,
        symbolicName,
        copyIndex,
      });
      into.push(entry);
      if (!isDeployment(entry.type)) this.#expandList(entry.written('resources'), inner, entry, into);
    };
    const loop = source.members.get('copy')?.value;
    if (loop?.kind !== 'object') {
      make(scope, undefined);
      return;
    }
    const written = loop.members.get('name')?.value;
    const name = written?.kind === 'string' ? written.value : '';
    const count = this.#count(loop, scope);
    if (typeof count !== 'number') {
      const condition = source.members.get('condition')?.value;
      const deployed = condition === undefined ? undefined : evaluateValue(condition, scope);
      if (deployed?.kind === 'boolean' && !deployed.value) return;
      const type = source.members.get('type')?.value;
      this.#gap(type?.kind === 'string' ? type.value : '', count, source);
      return;
    }
    for (let index = 0; index < count; index += 1)
      make(inLoop(scope, name, number(index, loop.place)), index);
  }

  #count(loop: ObjectValue, scope: Scope): number | Unknown {
    try {
      const count = copyCount(loop.members.get('count')?.value, scope);
      if (typeof count === 'number') {
        scope.evaluation.growResources(count);
        return count;
      }
      return (
        unknownIn(count) ?? scope.evaluation.unknown(new ExpressionError('the count is unknown'), loop.place)
      );
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return scope.evaluation.unknown(error, loop.place);
    }
  }

  #gap(type: string, unknown: Unknown, at: Value): void {
    // Of a deployment that may or may not be made, it is known what it would make.
    const types = isDeployment(type) ? typesInside(at) : [type];
    for (const each of types) this.gaps.push({ type: each, unknown, place: at.place });
  }

  /** The deployment that a Microsoft.Resources/deployments resource makes; undefined where its template is elsewhere. */
  nested(entry: ResourceEntry): Deployment | undefined {
    if (!this.#nested.has(entry)) this.#nested.set(entry, this.#open(entry));
    return this.#nested.get(entry);
  }

  #open(entry: ResourceEntry): Deployment | undefined {
    const written = entry.written('properties');
    const properties = written?.kind === 'string' ? evaluateValue(written, entry.scope) : written;
    const inline = properties?.kind === 'object' ? properties.members.get('template')?.value : undefined;
    // `[json(variables('…'))]` is how Bicep writes a template that it loads from a file.
    const template = inline?.kind === 'string' ? evaluateValue(inline, entry.scope) : inline;
    if (properties?.kind !== 'object' || template?.kind !== 'object') {
      const missing = template?.kind === 'unknown' ? template.unknown : this.#noTemplate(entry, properties);
      this.#gap(entry.type, missing, entry.source);
      return undefined;
    }
    if (this.#depth >= MAX_DEPLOYMENT_DEPTH) {
      const problem = new ExpressionError(
        `deployments are nested more than ${MAX_DEPLOYMENT_DEPTH} levels deep`,
        true,
      );
      this.#gap(entry.type, entry.scope.evaluation.unknown(problem, entry.source.place), entry.source);
      return undefined;
    }
    const nested = new Deployment(template, this.#targetOf(entry, template), this);
    nested.scope = this.#hasInnerScope(properties)
      ? this.#innerScope(entry, nested, properties)
      : { ...entry.scope, siblings: nested };
    return nested;
  }

  #noTemplate(entry: ResourceEntry, properties: Value | undefined): Unknown {
    const link = properties?.kind === 'object' ? properties.members.get('templatelink')?.value : undefined;
    const linked = link === undefined ? undefined : evaluateValue(link, entry.scope);
    const parts = linked?.kind === 'object' ? linked.members : undefined;
    const to = ['relativepath', 'uri', 'id']
      .map((name) => parts?.get(name)?.value)
      .find((found) => found !== undefined);
    const text = to === undefined ? undefined : textOf(to)?.text;
    return {
      reason: `deployment '${entry.name.text}' takes its template from ${text ?? 'elsewhere'}, which is not read`,
      supply: 'lint the linked template itself, or nest it',
      place: (link ?? entry.source).place,
    };
  }

  #hasInnerScope(properties: ObjectValue): boolean {
    const options = properties.members.get('expressionevaluationoptions')?.value;
    const scope = options?.kind === 'object' ? options.members.get('scope')?.value : undefined;
    return scope?.kind === 'string' && scope.value.toLowerCase() === 'inner';
  }

  #innerScope(entry: ResourceEntry, nested: Deployment, properties: ObjectValue): Scope {
    const { frame, evaluation } = entry.scope;
    const given = properties.members.get('parameters')?.value;
    const passed = given === undefined ? undefined : evaluateValue(given, entry.scope);
    const { text, unknowns } = entry.name;
    return new TemplateFrame({
      evaluation,
      template: nested.template,
      label: `${frame.label}${text}/`,
      name: string(text, entry.source.place, unknowns),
      location: () => entry.evaluated('location'),
      target: nested.target,
      argument: (name) => {
        if (passed?.kind === 'unknown') {
          const place = entry.source.place;
          return { kind: 'value', value: unknownValue(`${passed.symbol}.${name}`, passed.unknown, place) };
        }
        const argument = passed?.kind === 'object' ? passed.members.get(name)?.value : undefined;
        if (argument?.kind === 'unknown') return { kind: 'value', value: argument };
        return argument === undefined ? undefined : argumentOf(argument);
      },
      siblings: nested,
    }).scope;
  }

  /** https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-to-subscription#deployment-scopes */
  #targetOf(entry: ResourceEntry, template: ObjectValue): Target {
    const scope = entry.evaluated('scope');
    const text = scope === undefined || scope.kind === 'null' ? undefined : textOf(scope);
    if (text !== undefined) return scopeTarget(text, entry.target);
    if (entry.target !== this.target) return entry.target;
    return { ...entry.target, level: levelOf(template) ?? entry.target.level };
  }

  /** Outputs by name, each `{type, value}`; those that are switched off are absent. */
  get outputs(): ObjectValue {
    this.#outputs ??= this.#readOutputs();
    return this.#outputs;
  }

  #readOutputs(): ObjectValue {
    const written = this.template.members.get('outputs')?.value;
    const members = new Map<string, EvaluatedMember>();
    if (written?.kind !== 'object') return object([], this.template.place);
    for (const { name, value: output } of written.members.values()) {
      if (output.kind !== 'object') continue;
      const condition = output.members.get('condition')?.value;
      const holds = condition === undefined ? undefined : evaluateValue(condition, this.scope);
      if (holds?.kind === 'boolean' && !holds.value) continue;
      const value = new EvaluatedMember('value', output.place, this.scope, () => this.#output(name, output));
      const type = output.members.get('type');
      const parts = new Map([
        ...(type === undefined ? [] : [['type', type] as const]),
        ['value', value] as const,
      ]);
      const whole: ObjectValue = { kind: 'object', members: parts, place: output.place };
      members.set(name.toLowerCase(), new EvaluatedMember(name, output.place, this.scope, () => whole));
    }
    return { kind: 'object', members, place: written.place };
  }

  #output(name: string, output: ObjectValue): Value {
    const loop = output.members.get('copy')?.value;
    const input = loop?.kind === 'object' ? loop.members.get('input')?.value : undefined;
    if (loop?.kind === 'object' && input !== undefined) return copyValues(loop, name, input, this.scope);
    const value = output.members.get('value')?.value;
    if (value === undefined) throw new ExpressionError(`output '${name}' has no value`);
    return evaluateValue(value, this.scope);
  }

  find(name: string): Referenced | undefined {
    const key = name.toLowerCase();
    const found = this.#findAround(key) ?? (key.includes('/') ? this.#root().#definition(key) : undefined);
    // Declared with `existing` here may be defined elsewhere in the same input.
    return found?.existing === true ? (this.#root().#definition(found.id) ?? found) : found;
  }

  /**
   * A resource of this or any nested template, by id. Names of nested ones may themselves need what a resource is; those
   * do not look further, so that nothing waits for itself.
   */
  #definition(id: string): Referenced | undefined {
    if (this.#searching) return undefined;
    this.#searching = true;
    try {
      return this.#below(id);
    } finally {
      this.#searching = false;
    }
  }

  /** Here or in the templates around. */
  #findAround(key: string): Referenced | undefined {
    return this.#own(key) ?? (this.parent === undefined ? undefined : this.parent.#findAround(key));
  }

  findAll(symbolicName: string): readonly Referenced[] {
    const name = symbolicName.toLowerCase();
    return this.entries.flatMap((entry) => (entry.symbolicName === name ? [this.#referenced(entry)] : []));
  }

  #own(key: string): Referenced | undefined {
    const entry = this.#index.find(key);
    return entry === undefined ? undefined : this.#referenced(entry);
  }

  #root(): Deployment {
    return this.parent === undefined ? this : this.parent.#root();
  }

  /** A resource of this or any nested template, by id. */
  #below(id: string): Referenced | undefined {
    const own = this.#own(id);
    if (own?.existing === false) return own;
    for (const entry of this.entries) {
      if (!entry.isDeployment || entry.condition === false) continue;
      const nested = this.nested(entry);
      const found = nested === undefined ? undefined : nested.#below(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #referenced(entry: ResourceEntry): Referenced {
    if (!entry.isDeployment) return entry;
    const nested = (): Deployment | undefined => this.nested(entry);
    const outputs = new EvaluatedMember(
      'outputs',
      entry.source.place,
      this.scope,
      () => nested()?.outputs ?? this.#noOutputs(entry),
    );
    const properties: ObjectValue = {
      kind: 'object',
      members: new Map([['outputs', outputs]]),
      place: entry.source.place,
    };
    const body = attempt(
      () =>
        object(
          [
            ['name', string(entry.name.text, entry.source.place)],
            ['properties', properties],
          ],
          entry.source.place,
        ),
      this.scope,
      entry.source.place,
    );
    return {
      type: entry.type,
      id: entry.id,
      existing: false,
      properties,
      body: body.kind === 'object' ? body : properties,
    };
  }

  #noOutputs(entry: ResourceEntry): Value {
    const gap = this.gaps.find(({ place }) => place === entry.source.place);
    const unknown = gap?.unknown ?? this.#noTemplate(entry, undefined);
    return unknownValue(`reference('${entry.id}').outputs`, unknown, entry.source.place);
  }
}
