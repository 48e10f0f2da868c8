import texts from '../../../../rules/terraform-modules?texts';
import type { Place } from '../../../model/place.ts';
import { moduleOf, type Module } from '../source/module.ts';
import { relocated } from '../source/relocate.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { parseHcl } from '../syntax/parse.ts';
import type { Body } from '../syntax/tree.ts';

/**
 * Modules that are understood without their configuration: each file of rules/terraform-modules writes in Terraform what
 * the inputs of one module become. Its first lines name the sources, one in each `# source:`.
 */
export class KnownModules {
  readonly #grammar: Grammar;
  readonly #bodies = new Map<string, Body>();

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  /** The module that a source names, as if it were written at the place of the call. */
  find(source: string, place: Place): Module | undefined {
    const name = canonical(source);
    const text = texts.find((one) => sourcesOf(one).includes(name));
    return text === undefined ? undefined : this.#module(name, text, place);
  }

  /** The known module that has variables of these names, for files of values whose configuration is elsewhere. */
  withVariables(names: readonly string[], place: Place): Module | undefined {
    for (const text of texts) {
      if (!/^# values:/m.test(text)) continue;
      const module = this.#module(sourcesOf(text)[0] ?? '', text, place);
      if (names.some((name) => module.variables.has(name))) return module;
    }
    return undefined;
  }

  #module(name: string, text: string, place: Place): Module {
    let body = this.#bodies.get(name);
    if (body === undefined) this.#bodies.set(name, (body = parseHcl(name, text, this.#grammar).body));
    const file = { path: place.path, text: '', body: relocated(body, place) };
    return { ...moduleOf(name, [file]), isPartial: true };
  }
}

function sourcesOf(text: string): string[] {
  return [...text.matchAll(/^# source: (\S+)/gm)].map(([, source = '']) => source.toLowerCase());
}

/**
 * `Azure/name/provider//modules/x` of a registry address, of a git URL with the repository that the registry publishes it
 * from, and of the same with a version.
 */
function canonical(source: string): string {
  const path = source
    .replace(/^git::/, '')
    .replace(/\?.*$/, '')
    .replace(/^(?:https?|ssh):\/\/(?:[^@/]*@)?/, '')
    .replace(/^(?:[^@/]*@)?github\.com[/:]/i, '')
    .replace(/^registry\.terraform\.io\//i, '')
    .replace(/\.git(?=\/\/|$)/, '');
  const repository = /^([^/]+)\/terraform-([^-/]+)-([^/]+)(\/\/.*)?$/.exec(path);
  if (repository === null) return path.toLowerCase();
  const [, owner = '', provider = '', name = '', below = ''] = repository;
  return `${owner}/${name}/${provider}${below}`.toLowerCase();
}
