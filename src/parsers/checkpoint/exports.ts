import type { Place } from '../../model/place.ts';
import { field, listOf, textOf, wordOf } from '../azure-firewall/fields.ts';
import type { ObjectValue, Value } from '../value.ts';

/** One list of rules, its pages put together. */
export interface LayerText {
  readonly uid: string;
  readonly name: string;
  readonly rules: ObjectValue[];
  readonly place: Place;
  /** Rules that the pages announce. */
  total: number;
}

/** Which layers make up a package, in their order. */
export interface PackageText {
  readonly name: string;
  readonly layers: readonly { readonly uid: string; readonly name: string; readonly file: string }[];
  readonly place: Place;
}

/** What the files of a run hold, put together. */
export interface Exports {
  readonly layers: LayerText[];
  readonly packages: PackageText[];
  readonly objects: Map<string, ObjectValue>;
  /** Files whose layers they are, for those that hold several. */
  readonly layersOf: Map<string, LayerText[]>;
}

export function emptyExports(): Exports {
  return { layers: [], packages: [], objects: new Map(), layersOf: new Map() };
}

/**
 * Takes in one file: answers of the management API (`show-access-rulebase`, `show-package`, `show-access-layer`, lists of
 * objects), one or several, or a file of ShowPolicyPackage (index, layer, objects).
 * https://github.com/CheckPointSW/ShowPolicyPackage
 */
export function takeIn(value: Value, path: string, exports: Exports): void {
  const items = value.kind === 'array' ? value.items : [value];
  const rules = items.filter((one) => one.kind === 'object' && isRuleOrSection(one));
  if (value.kind === 'array' && rules.length > 0) {
    const name = (path.split(/[\\/]/).at(-1) ?? path).replace(/\.json$/i, '');
    const layer = newLayer('', name, value.place);
    addRules(rules, layer, exports);
    addLayer(layer, path, exports);
    return;
  }
  for (const item of items) if (item.kind === 'object') takeAnswer(item, path, exports);
}

function isRuleOrSection(value: ObjectValue): boolean {
  return ['access-rule', 'access-section'].includes(wordOf(field(value, 'type')));
}

function takeAnswer(answer: ObjectValue, path: string, exports: Exports): void {
  takeObjects(field(answer, 'objects-dictionary'), exports);
  takeObjects(field(answer, 'objects'), exports);
  const rulebase = field(answer, 'rulebase');
  if (rulebase?.kind === 'array') takePage(answer, rulebase.items, path, exports);
  const packages = field(answer, 'policypackages');
  for (const one of listOf(packages)) if (one.kind === 'object') takePackage(one, 'accesslayers', exports);
  if (wordOf(field(answer, 'type')) === 'package') takePackage(answer, 'access-layers', exports);
  if (wordOf(field(answer, 'type')) === 'access-layer') takeLayerSettings(answer, exports);
  // A file of objects is a bare list of them.
  takeObject(answer, exports);
}

function takeObjects(value: Value | undefined, exports: Exports): void {
  for (const object of listOf(value)) if (object.kind === 'object') takeObject(object, exports);
}

function takeObject(object: ObjectValue, exports: Exports): void {
  const uid = textOf(field(object, 'uid'));
  const type = wordOf(field(object, 'type'));
  if (uid === '' || type === '' || type === 'access-layer' || type === 'package') return;
  const known = exports.objects.get(uid);
  // The dictionary of a page may be shorter than the object itself.
  if (known === undefined || known.members.size < object.members.size) exports.objects.set(uid, object);
}

function takePage(answer: ObjectValue, items: readonly Value[], path: string, exports: Exports): void {
  const uid = textOf(field(answer, 'uid'));
  const name = textOf(field(answer, 'name'));
  const known = exports.layers.find((layer) => (uid === '' ? layer.name === name : layer.uid === uid));
  const layer = known ?? newLayer(uid, name, answer.place);
  addRules(items, layer, exports);
  layer.total = Math.max(layer.total, Number(textOf(field(answer, 'total'))) || 0);
  if (known === undefined) addLayer(layer, path, exports);
}

function newLayer(uid: string, name: string, place: Place): LayerText {
  return { uid, name, rules: [], place, total: 0 };
}

function addLayer(layer: LayerText, path: string, exports: Exports): void {
  exports.layers.push(layer);
  exports.layersOf.set(path, [...(exports.layersOf.get(path) ?? []), layer]);
}

/** Rules and sections; of a section that is cut by a page, each page holds a part. */
function addRules(items: readonly Value[], layer: LayerText, exports: Exports): void {
  const numbers = new Set(layer.rules.map((rule) => textOf(field(rule, 'rule-number'))));
  const add = (item: Value): void => {
    if (item.kind !== 'object') return;
    const inner = field(item, 'rulebase');
    if (wordOf(field(item, 'type')) === 'access-section') {
      for (const one of listOf(inner)) add(one);
      return;
    }
    if (wordOf(field(item, 'type')) !== 'access-rule') return;
    const number = textOf(field(item, 'rule-number'));
    // Pages may overlap.
    if (number !== '' && numbers.has(number)) return;
    numbers.add(number);
    layer.rules.push(item);
    const inline = field(item, 'inline-layer');
    if (inline?.kind === 'object') takeInline(inline, exports);
  };
  items.forEach(add);
  const numberOf = (rule: ObjectValue): number => Number(textOf(field(rule, 'rule-number')));
  layer.rules.sort((a, b) => numberOf(a) - numberOf(b) || 0);
}

/** An inline layer that stands in the rule itself, as far as the answer holds it. */
function takeInline(inline: ObjectValue, exports: Exports): void {
  const rulebase = field(inline, 'rulebase');
  if (rulebase?.kind === 'array') {
    const layer = newLayer(textOf(field(inline, 'uid')), textOf(field(inline, 'name')), inline.place);
    addRules(rulebase.items, layer, exports);
    exports.layers.push(layer);
  }
  takeLayerSettings(inline, exports);
}

const CLEANUPS = new WeakMap<Exports, Map<string, string>>();

function takeLayerSettings(layer: ObjectValue, exports: Exports): void {
  const action = wordOf(field(layer, 'implicit-cleanup-action'));
  if (action === '') return;
  const known = CLEANUPS.get(exports) ?? new Map<string, string>();
  CLEANUPS.set(exports, known);
  for (const key of ['uid', 'name']) known.set(textOf(field(layer, key)), action);
}

/** What a layer does with what none of its rules matches, `accept` or `drop`; '' where no file says. */
export function cleanupOf({ uid, name }: LayerText, exports: Exports): string {
  const known = CLEANUPS.get(exports);
  return known?.get(uid) ?? known?.get(name) ?? '';
}

function takePackage(value: ObjectValue, layersKey: string, exports: Exports): void {
  const layers = listOf(field(value, layersKey)).flatMap((layer) => {
    if (layer.kind !== 'object') return [];
    takeLayerSettings(layer, exports);
    return [
      {
        uid: textOf(field(layer, 'uid')),
        name: textOf(field(layer, 'name')),
        file: textOf(field(layer, 'htmlfilename')).replace(/\.html$/i, ''),
      },
    ];
  });
  const name = textOf(field(value, 'name')) || textOf(field(value, 'packagename'));
  exports.packages.push({ name, layers, place: value.place });
}
