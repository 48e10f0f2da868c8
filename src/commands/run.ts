import { InputError, InterruptedError, UsageError } from '../errors.ts';
import { ConfigError } from '../config/source.ts';
import { VERSION } from '../version.ts';
import { parseArguments } from './arguments.ts';
import { EXIT, formatInputError, formatPlace, interruptedExit } from './exit.ts';
import type { Io } from './io.ts';

/**
 * The whole program.
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const args = await parseArguments(argv, { version: VERSION, columns: io.stdout.columns });
    // Each command is loaded only when it runs: --help and --version need none.
    switch (args.command) {
      case 'text':
        io.stdout.write(args.text);
        return EXIT.ok;
      case 'lint':
        return await (await import('./lint.ts')).lint(args, io);
      case 'azure':
        return await (await import('./azure.ts')).azure(args, io);
      case 'requirements':
        return await (await import('./requirements.ts')).requirements(args, io);
      case 'init':
        return await (await import('./init.ts')).init(io);
      case 'checks':
        return await (await import('./checks.ts')).checks(args, io);
    }
  } catch (error) {
    return report(error, argv, io);
  }
}

/** Says on standard error what went wrong; a stack trace only where the program is at fault and it was asked for. */
function report(error: unknown, argv: readonly string[], io: Io): number {
  if (error instanceof ConfigError) {
    io.stderr.write(`${formatPlace(error.path, error.position)}: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof UsageError) {
    io.stderr.write(`aks-egress-lint: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    io.stderr.write(`${formatInputError(error)}\n`);
    return EXIT.input;
  }
  if (error instanceof InterruptedError) {
    io.stderr.write('aks-egress-lint: interrupted; nothing was judged or written.\n');
    return interruptedExit(error);
  }
  const debug = argv.includes('--debug') || (io.env['AKS_EGRESS_LINT_DEBUG'] ?? '') !== '';
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  io.stderr.write(
    `aks-egress-lint: the program itself failed, which is a defect: ${message}\n` +
      (debug ? `${stack ?? ''}\n` : 'Run it again with --debug for details, and please report them.\n'),
  );
  return EXIT.usage;
}
