import { checkDocs, presetIds, presetSettings, urlOf, withCompanyChecks } from '../checks/catalogue.ts';
import type { Check, OptionSchema } from '../checks/check.ts';
import { loadConfig } from '../config/config.ts';
import { UsageError } from '../errors.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import { wrap } from '../reporters/text-layout.ts';
import type { ChecksArguments } from './arguments.ts';
import { companyChecksOf } from './check-settings.ts';
import type { Io } from './io.ts';

/** `checks` lists the checks, `explain` shows one of them; those of an organisation are among them. */
export async function checks(args: ChecksArguments, io: Io): Promise<number> {
  const companyChecks = await companyChecksOf(await loadConfig(args.config, io.cwd), io.cwd);
  const all = withCompanyChecks(companyChecks);
  if (args.check === undefined) {
    io.stdout.write(list(all));
    return 0;
  }
  const check = all.find((candidate) => candidate.id === args.check);
  if (check === undefined) {
    const ids = all.map((candidate) => candidate.id);
    throw new UsageError(
      `There is no check '${args.check}'.${didYouMean(args.check, ids)}\n'aks-egress-lint checks' lists them.`,
    );
  }
  const width = io.stdout.columns > 0 ? Math.min(Math.max(io.stdout.columns, 40), 120) : 100;
  io.stdout.write(explain(check, companyChecks, width));
  return 0;
}

function list(all: readonly Check[]): string {
  const docs = checkDocs(all);
  const width = Math.max(0, ...docs.map((doc) => doc.id.length));
  return docs
    .map((doc) => `${doc.id.padEnd(width)}  ${doc.defaultLevel.padEnd(7)}  ${doc.description}\n`)
    .join('');
}

function explain(check: Check, company: readonly Check[], width: number): string {
  const { id, target, part, meta } = check;
  const { docs } = meta;
  const paragraphs = [
    `${id} (${meta.level})`,
    docs.description,
    `Why: ${docs.rationale}`,
    `Fix: ${docs.fix}`,
    ...(docs.whenNotToUse === undefined ? [] : [`When not to use it: ${docs.whenNotToUse}`]),
    `Judges: ${target}${part === undefined ? '' : `, by its part ${part}`}`,
    `Levels: ${presetIds()
      .map((preset) => `${preset} ${presetSettings(preset, company).levels.get(id) ?? meta.level}`)
      .join(', ')}`,
    ...(meta.suppressible === false ? ['No suppression hides its findings.'] : []),
  ].map((paragraph) => wrap(paragraph, width).join('\n'));
  const options = Object.entries(meta.schema?.properties ?? {}).flatMap(([name, schema]) =>
    indented(
      `${name} (${typeName(schema)}, default ${JSON.stringify(meta.defaultOptions?.[name])}): ${schema.description ?? ''}`,
      width,
    ),
  );
  if (options.length > 0) paragraphs.push(['Options:', ...options].join('\n'));
  const messages = Object.entries(meta.messages).flatMap(([messageId, text]) =>
    indented(`${messageId}: ${text}`, width),
  );
  paragraphs.push(['Messages:', ...messages].join('\n'));
  const links = [...(docs.references ?? []).map(({ url }) => url)];
  if (links.length > 0) paragraphs.push(['References:', ...links.map((url) => `  ${url}`)].join('\n'));
  const url = urlOf(check);
  if (url !== undefined) paragraphs.push(`Docs: ${url}`);
  return paragraphs.map((paragraph) => `${paragraph}\n`).join('\n');
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`);
}

function typeName(schema: OptionSchema): string {
  if (schema.type === 'array') return `list of ${typeName(schema.items)}`;
  return schema.type === 'string' ? 'text' : schema.type;
}
