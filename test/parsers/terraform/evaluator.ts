import { loadGrammar, terraformFiles } from '../../../src/commands/terraform.ts';
import { KnownModules } from '../../../src/parsers/terraform/modules/known.ts';
import { Calls } from '../../../src/parsers/terraform/evaluate/calls.ts';
import { evaluate, type Scope } from '../../../src/parsers/terraform/evaluate/expression.ts';
import { FileAccess } from '../../../src/parsers/terraform/evaluate/file-access.ts';
import { ModuleInstance } from '../../../src/parsers/terraform/evaluate/instance.ts';
import { toObject } from '../../../src/parsers/terraform/evaluate/values.ts';
import { Loader } from '../../../src/parsers/terraform/source/loader.ts';
import type { Grammar } from '../../../src/parsers/terraform/syntax/grammar.ts';
import { parseHcl, parseTemplateText } from '../../../src/parsers/terraform/syntax/parse.ts';
import type { Value } from '../../../src/parsers/value.ts';

export const grammar: Grammar = await loadGrammar();

/** Evaluates expressions as if they stood in the root module of a folder. */
export function evaluatorOf(folder: string): (expression: string) => Value {
  const loader = new Loader(grammar, terraformFiles(process.cwd()));
  const module = loader.module(folder);
  if (module === undefined) throw new Error(`${folder} holds no configuration`);
  const access = new FileAccess(loader, folder, []);
  const functions: Scope['functions'] = {
    conceal: () => undefined,
    readFile: (path, place) => access.read(path, place),
    fileExists: (path, place) => access.exists(path, place),
    fileSet: (path, pattern, place) => access.set(path, pattern, place),
    renderTemplate: (path, text, variables, place) =>
      evaluate(parseTemplateText(path, text, grammar), {
        names: new Map([...toObject(variables, place).members].map(([name, { value }]) => [name, value])),
        resolve: () => undefined,
        functions,
      }),
  };
  const instance = new ModuleInstance(module, '', new Map(), {
    calls: new Calls(loader, folder, undefined, new KnownModules(grammar)),
    root: folder,
    label: '',
    textOf: (path) => loader.text(path),
    contextFor: () => functions,
  });
  return (expression) => {
    const { body } = parseHcl('expression.tf', `value = ${expression}\n`, grammar);
    const parsed = body.attributes.get('value')?.expression;
    if (parsed === undefined) throw new Error(`${expression} is no expression`);
    return evaluate(parsed, instance.scope);
  };
}
