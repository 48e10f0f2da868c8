import type { ObjectValue, Value } from '../../value.ts';
import { itemsOf, memberOf, textOf, valueOfTyped } from './instances.ts';

/** Everything in a state or plan that is marked as sensitive, of resources that have nothing to do with firewalls too. */
export function sensitiveIn(root: ObjectValue): Value[] {
  const found: Value[] = [];
  for (const resource of itemsOf(memberOf(root, 'resources'))) {
    for (const instance of itemsOf(memberOf(resource, 'instances'))) {
      collect(memberOf(instance, 'attributes'), memberOf(instance, 'sensitive_attributes'), found);
    }
  }
  ofOutputs(root, found);
  ofValues(memberOf(root, 'values'), found);
  ofValues(memberOf(root, 'planned_values'), found);
  ofValues(memberOf(memberOf(root, 'prior_state'), 'values'), found);
  for (const name of ['resource_changes', 'resource_drift']) {
    for (const one of itemsOf(memberOf(root, name))) ofChange(memberOf(one, 'change'), found);
  }
  for (const change of membersOf(memberOf(root, 'output_changes'))) ofChange(change, found);
  ofVariables(root, found);
  return found;
}

function ofOutputs(holder: Value | undefined, found: Value[]): void {
  for (const output of membersOf(memberOf(holder, 'outputs'))) {
    collect(memberOf(output, 'value'), memberOf(output, 'sensitive'), found);
  }
}

function ofValues(values: Value | undefined, found: Value[]): void {
  ofOutputs(values, found);
  const visit = (module: Value | undefined): void => {
    for (const resource of itemsOf(memberOf(module, 'resources'))) {
      collect(memberOf(resource, 'values'), memberOf(resource, 'sensitive_values'), found);
    }
    itemsOf(memberOf(module, 'child_modules')).forEach(visit);
  };
  visit(memberOf(values, 'root_module'));
}

function ofChange(change: Value | undefined, found: Value[]): void {
  for (const when of ['before', 'after']) {
    collect(memberOf(change, when), memberOf(change, `${when}_sensitive`), found);
  }
}

/** A plan lists the values of the variables of the root module; that one is sensitive, its configuration says. */
function ofVariables(root: ObjectValue, found: Value[]): void {
  const declared = memberOf(memberOf(memberOf(root, 'configuration'), 'root_module'), 'variables');
  const values = memberOf(root, 'variables');
  if (declared?.kind !== 'object') return;
  for (const [name, { value }] of declared.members) {
    collect(memberOf(memberOf(values, name), 'value'), memberOf(value, 'sensitive'), found);
  }
}

function membersOf(value: Value | undefined): Value[] {
  return value?.kind === 'object' ? Array.from(value.members.values(), (member) => member.value) : [];
}

/**
 * Collects what is marked: by a tree of the same form with `true` where something is sensitive
 * (https://developer.hashicorp.com/terraform/internals/json-format), or by the paths of a raw state, each a list of steps.
 */
function collect(value: Value | undefined, mark: Value | undefined, found: Value[]): void {
  if (value === undefined) return;
  if (mark?.kind === 'boolean' && mark.value) found.push(value);
  else if (mark?.kind === 'object' && value.kind === 'object') {
    for (const [name, { value: inner }] of mark.members) collect(memberOf(value, name), inner, found);
  } else if (mark?.kind === 'array' && value.kind === 'array') {
    value.items.forEach((item, at) => {
      collect(item, mark.items[at], found);
    });
  } else if (mark?.kind === 'array') {
    for (const path of mark.items) collectAtPath(value, itemsOf(path), found);
  }
}

function collectAtPath(value: Value, steps: readonly Value[], found: Value[]): void {
  let reached: Value | undefined = value;
  for (const step of steps) {
    const key = memberOf(step, 'value');
    const index = key?.kind === 'object' ? memberOf(key, 'value') : key;
    const holder: Value | undefined = valueOfTyped(reached) ?? reached;
    reached =
      index?.kind === 'number' && holder?.kind === 'array'
        ? holder.items[index.value]
        : memberOf(holder, textOf(index).toLowerCase());
  }
  if (reached !== undefined) found.push(reached);
}
