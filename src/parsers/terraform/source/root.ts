import type { Place } from '../../../model/place.ts';
import type { ResourceGap } from '../../resource.ts';
import type { Value } from '../../value.ts';
import { bodyValue, evaluateSafely } from '../evaluate/body.ts';
import { Calls, type ModuleCall } from '../evaluate/calls.ts';
import { evaluate, type Scope } from '../evaluate/expression.ts';
import { FileAccess } from '../evaluate/file-access.ts';
import { ModuleInstance, type Evaluation, type Input, type ResourceInstance } from '../evaluate/instance.ts';
import { EvaluationError, toObject } from '../evaluate/values.ts';
import type { FunctionContext } from '../functions/function.ts';
import type { KnownModules } from '../modules/known.ts';
import { isTranslated } from '../resources/translate.ts';
import type { TerraformResource } from '../resources/resource.ts';
import { parseTemplateText } from '../syntax/parse.ts';
import type { Attribute, Block } from '../syntax/tree.ts';
import type { Loader } from './loader.ts';
import type { Module } from './module.ts';

export interface RootRequest {
  readonly loader: Loader;
  readonly known: KnownModules;
  readonly module: Module;
  readonly label: string;
  /** Of --var-file and of files named like it, in order; the later ones win. */
  readonly valueFiles: readonly string[];
  /** Folders of the input, whose files functions may read too. */
  readonly folders: readonly string[];
  /** The absolute path that local modules may not lie outside of. */
  readonly boundary: string | undefined;
}

export interface RootReading {
  readonly resources: readonly TerraformResource[];
  readonly gaps: readonly ResourceGap[];
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
  /** Paths of the configuration and of the values, of all modules. */
  readonly files: ReadonlySet<string>;
  /** What is marked as sensitive. */
  readonly sensitive: readonly Value[];
}

/** Evaluates a root module: every resource that has to do with a firewall, in every module that it calls. */
export function evaluateRoot(request: RootRequest): RootReading {
  return new Root(request).read();
}

const GROUP = 'Microsoft.Network/firewallPolicies/ruleCollectionGroups';

/** Names that speak of rules. */
const RULES = /rule[_-]?collection|firewall[_-]?(?:policy[_-]?)?rules?|firewall-?policy/i;

/** Arguments of a module that makes a firewall, which takes the id of a policy without adding to it. */
const FIREWALL = /sku|ip_config|public_ip|subnet|diagnostic|log_analytics/i;

class Root {
  readonly #request: RootRequest;
  readonly #files = new Set<string>();
  readonly #sensitive: Value[] = [];
  readonly #gaps: ResourceGap[] = [];
  readonly #notes: { message: string; place: Place }[] = [];
  readonly #resources: TerraformResource[] = [];

  constructor(request: RootRequest) {
    this.#request = request;
  }

  read(): RootReading {
    const { module, loader, known, boundary, label } = this.#request;
    const evaluation: Evaluation = {
      calls: new Calls(loader, module.folder, boundary, known),
      root: module.folder,
      label,
      textOf: (path) => loader.texts.get(path)?.text ?? '',
      contextFor: (one) => this.#context(one),
    };
    const root = new ModuleInstance(module, '', this.#inputs(), evaluation);
    this.#visit(root);
    return {
      resources: this.#resources,
      gaps: this.#gaps,
      notes: this.#notes,
      files: this.#files,
      sensitive: this.#sensitive,
    };
  }

  #inputs(): ReadonlyMap<string, Input> {
    const { loader, module, valueFiles } = this.#request;
    const inputs = new Map<string, Input>();
    const scope: Scope = { names: new Map(), resolve: () => undefined, functions: this.#context(module) };
    for (const path of [...loader.automaticValues(module.folder), ...valueFiles]) {
      this.#files.add(path);
      for (const [name, attribute] of loader.values(path)) {
        if (!module.variables.has(name) && module.isPartial !== true) this.#undeclared(attribute);
        inputs.set(name, () => evaluateSafely(attribute.expression, scope));
      }
    }
    return inputs;
  }

  #undeclared({ name, place }: Attribute): void {
    this.#notes.push({ message: `'${name}' is given, but no variable of that name is declared`, place });
  }

  #visit(instance: ModuleInstance): void {
    for (const path of instance.module.files) this.#files.add(path);
    for (const resource of instance.resources(isTranslated)) {
      const { type, name, address, block, scope, conditional } = resource;
      const attributes = bodyValue(block.body, scope, block.place);
      const { label } = this.#request;
      const unit = label === '' ? {} : { unit: label };
      this.#resources.push({ type, name, address, attributes, place: block.place, conditional, ...unit });
      this.#noteIgnored(resource);
    }
    for (const call of instance.children()) {
      if (call.instance === undefined) this.#gap(call);
      else this.#visit(call.instance);
    }
  }

  /** https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes */
  #noteIgnored({ block, address }: ResourceInstance): void {
    const lifecycle = block.body.blocks.find(({ type }) => type === 'lifecycle');
    const ignored = lifecycle?.body.attributes.get('ignore_changes');
    if (ignored === undefined) return;
    const { expression } = ignored;
    const names = (expression.kind === 'tuple' ? expression.items : [expression]).flatMap((item) => {
      if (item.kind === 'variable') return item.name;
      if (item.kind === 'literal') return String(item.value);
      return item.kind === 'index' && item.of.kind === 'variable' ? item.of.name : [];
    });
    const rules = names.filter((name) => name === 'all' || /rule|cidrs|protocol|fqdn|addresses/.test(name));
    if (rules.length === 0) return;
    this.#notes.push({
      message: `${address} ignores changes of ${rules.join(', ')}: the deployed firewall may hold other rules than these; lint the state to see them`,
      place: ignored.place,
    });
  }

  /** A module that cannot be read hides rules if it has to do with firewalls, and may do so if nothing else does. */
  #gap({ block, missing }: ModuleCall): void {
    if (missing === undefined) return;
    const gap = {
      type: this.#isAboutRules(block) ? GROUP : '',
      unknown: missing,
      place: block.place,
      files: this.#files,
    };
    this.#gaps.push(gap);
  }

  /** Says a name so, or is the module given a policy that it can only add rules to? */
  #isAboutRules({ body }: Block): boolean {
    const source = body.attributes.get('source')?.expression;
    const names = [...body.attributes.keys()];
    if ([source?.kind === 'literal' ? String(source.value) : '', ...names].some((name) => RULES.test(name)))
      return true;
    if (names.some((name) => FIREWALL.test(name))) return false;
    return [...body.attributes.values()].some(({ name, expression: { place } }) => {
      const text = this.#request.loader.texts.get(place.path)?.text ?? '';
      const written = place.span === undefined ? '' : text.slice(place.span.start, place.span.end);
      return (
        /^(?:azure_)?firewall_(?:policy_(?:id|name)|name)$/.test(name) ||
        /\bazurerm_firewall_policy\./.test(written)
      );
    });
  }

  #context(module: Module): FunctionContext {
    const { loader, folders } = this.#request;
    const root = this.#request.module.folder;
    const access = new FileAccess(loader, root, [module.folder, ...folders]);
    const context: FunctionContext = {
      readFile: (path, place) => {
        const value = access.read(path, place);
        this.#files.add(value.place.path);
        return value;
      },
      conceal: (value) => {
        this.#sensitive.push(value);
      },
      fileExists: (path, place) => access.exists(path, place),
      fileSet: (folder, pattern, place) => access.set(folder, pattern, place),
      renderTemplate: (path, text, variables, place) => {
        const names = toObject(variables, place);
        const scope: Scope = {
          names: new Map([...names.members].map(([name, { value }]) => [name, value])),
          resolve: ([first = '']) => {
            throw new EvaluationError(`the template '${path}' uses ${first}, which it is not given`, place);
          },
          functions: context,
        };
        const value = evaluate(parseTemplateText(path, text, loader.grammar), scope);
        return { ...value, place };
      },
    };
    return context;
  }
}
