import type { Unknown } from '../../model/symbol.ts';
import type { ObjectValue, Value } from '../value.ts';
import { attempt, evaluateValue } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import { baseId, resourceIdOf, segmentsOf } from './ids.ts';
import type { Referenced, Scope, Target, Text } from './scope.ts';
import { isDeployment } from './types.ts';
import { object, textOf, unknownIn } from './values.ts';

/** One resource of a template (one copy of it), evaluated as far as somebody asks. */
export class ResourceEntry implements Referenced {
  readonly source: ObjectValue;
  readonly scope: Scope;
  readonly parent: ResourceEntry | undefined;
  /** Name in `resources` where that is an object (languageVersion 2.0), lower case. */
  readonly symbolicName: string | undefined;
  readonly copyIndex: number | undefined;
  readonly existing: boolean;
  readonly type: string;
  readonly #around: Target;
  #target: Target | undefined;
  #name: Text | undefined;
  #naming = false;
  #id: string | undefined;
  #body: ObjectValue | undefined;
  #condition: boolean | Unknown | undefined;

  constructor(init: {
    source: ObjectValue;
    scope: Scope;
    target: Target;
    parent: ResourceEntry | undefined;
    symbolicName: string | undefined;
    copyIndex: number | undefined;
  }) {
    this.source = init.source;
    this.scope = init.scope;
    this.parent = init.parent;
    this.symbolicName = init.symbolicName;
    this.copyIndex = init.copyIndex;
    const existing = this.written('existing');
    this.existing = existing?.kind === 'boolean' && existing.value;
    this.type = this.#fullType();
    this.#around = init.target;
  }

  /** A member as it is written, before evaluation. */
  written(name: string): Value | undefined {
    return this.source.members.get(name)?.value;
  }

  /** A member as it is meant. */
  evaluated(name: string): Value | undefined {
    const value = this.written(name);
    return value === undefined ? undefined : evaluateValue(value, this.scope);
  }

  /** A child may give its type relative to its parent's. */
  #fullType(): string {
    const written = this.evaluated('type');
    const type = written?.kind === 'string' ? written.value : '';
    if (this.parent === undefined || type.toLowerCase().startsWith(`${this.parent.type.toLowerCase()}/`))
      return type;
    // `Microsoft.Authorization/locks` in a child list is a type of its own, `ruleCollectionGroups` is not.
    return /^[^/]+\.[^/]+\//.test(type) ? type : `${this.parent.type}/${type}`;
  }

  get target(): Target {
    this.#target ??= this.#ownTarget(this.#around);
    return this.#target;
  }

  /** Existing resources and deployments may stand in another group or subscription. */
  #ownTarget(around: Target): Target {
    const resourceGroup = this.#text('resourcegroup');
    const subscription = this.#text('subscriptionid');
    if (resourceGroup !== undefined) {
      return {
        ...around,
        level: 'resourceGroup',
        resourceGroup,
        subscription: subscription ?? around.subscription,
      };
    }
    return subscription === undefined ? around : { ...around, level: 'subscription', subscription };
  }

  #text(name: string): Text | undefined {
    const value = this.evaluated(name);
    return value === undefined || value.kind === 'null' ? undefined : textOf(value);
  }

  get name(): Text {
    if (this.#name !== undefined) return this.#name;
    this.#naming = true;
    try {
      this.#name = this.#fullName();
      return this.#name;
    } finally {
      this.#naming = false;
    }
  }

  /** True while the name is being evaluated: who looks for resources meanwhile cannot find this one. */
  get isBeingNamed(): boolean {
    return this.#naming;
  }

  #fullName(): Text {
    const own = this.#text('name') ?? { text: '', unknowns: [] };
    if (this.parent === undefined) return own;
    const full = segmentsOf(own.text).length === this.type.split('/').length - 1;
    const child = this.type.toLowerCase().startsWith(`${this.parent.type.toLowerCase()}/`);
    if (full || !child) return own;
    const { text, unknowns } = this.parent.name;
    return { text: `${text}/${own.text}`, unknowns: [...unknowns, ...own.unknowns] };
  }

  /** Lower case. */
  get id(): string {
    this.#id ??= resourceIdOf(this.#base(), this.type, this.name.text).toLowerCase();
    return this.#id;
  }

  #base(): string {
    const scope = this.isDeployment ? undefined : this.#text('scope')?.text;
    const base = baseId(this.target).text;
    if (scope === undefined) return base;
    if (scope.startsWith('/')) return scope === '/' ? '' : scope;
    // `Microsoft.Network/virtualNetworks/hub`: relative to the deployment.
    return scope.startsWith('⟦') ? scope : `${base}/providers/${scope}`;
  }

  get isDeployment(): boolean {
    return isDeployment(this.type) && !this.existing;
  }

  /** False where it is certainly not deployed; an Unknown where that cannot be told. */
  get condition(): boolean | Unknown {
    this.#condition ??= this.#evaluateCondition();
    return this.#condition;
  }

  #evaluateCondition(): boolean | Unknown {
    const around = this.parent?.condition ?? true;
    if (around === false) return false;
    const value = this.evaluated('condition');
    if (value === undefined || value.kind === 'null') return around;
    if (value.kind === 'boolean') return value.value ? around : false;
    if (value.kind === 'string' && /^(?:true|false)$/i.test(value.value)) {
      return value.value.toLowerCase() === 'true' ? around : false;
    }
    const unknown = unknownIn(value);
    return unknown ?? this.#notBoolean(value);
  }

  #notBoolean(value: Value): Unknown {
    const problem = new ExpressionError('the condition is not a boolean');
    return this.scope.evaluation.unknown(problem, value.place);
  }

  get body(): ObjectValue {
    if (this.#body === undefined) {
      const body = attempt(() => evaluateValue(this.source, this.scope), this.scope, this.source.place);
      this.#body = body.kind === 'object' ? body : object([], this.source.place);
    }
    return this.#body;
  }

  get properties(): Value {
    return this.body.members.get('properties')?.value ?? object([], this.source.place);
  }
}
