import { checkDocs } from '../checks/catalogue.ts';
import type { CheckDoc } from '../checks/check.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import { UsageError } from '../errors.ts';
import type { ChecksArguments } from './arguments.ts';
import type { Io } from './io.ts';

/** `checks` lists the checks, `explain` shows one of them. */
export function checks(args: ChecksArguments, io: Io): number {
  const docs = checkDocs();
  if (args.check === undefined) {
    io.stdout.write(list(docs));
    return 0;
  }
  const doc = docs.find((candidate) => candidate.id === args.check);
  if (doc === undefined) {
    const ids = docs.map((candidate) => candidate.id);
    throw new UsageError(
      `There is no check '${args.check}'.${didYouMean(args.check, ids)}\n'aks-egress-lint checks' lists them.`,
    );
  }
  io.stdout.write(explain(doc));
  return 0;
}

function list(docs: readonly CheckDoc[]): string {
  const width = Math.max(0, ...docs.map((doc) => doc.id.length));
  return docs
    .map((doc) => `${doc.id.padEnd(width)}  ${doc.defaultLevel.padEnd(7)}  ${doc.description}\n`)
    .join('');
}

function explain(doc: CheckDoc): string {
  return [
    `${doc.id} (${doc.defaultLevel})`,
    doc.description,
    `Why: ${doc.rationale}`,
    `Fix: ${doc.fix}`,
    `Docs: ${doc.url}`,
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join('\n');
}
