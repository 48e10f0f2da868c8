import type { Finding, Report } from '../../../src/reporters/report.ts';
import { Repository } from '../../cli/repository.ts';

/** Lints texts as files of a repository of their own. */
export async function lintTexts(
  files: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<Report> {
  const repository = new Repository();
  try {
    for (const [name, text] of Object.entries(files)) repository.write(name, text);
    return await repository.report(...Object.keys(files), '--region', 'westeurope', ...flags);
  } finally {
    repository.remove();
  }
}

/** What the program says of texts that it does not read. */
export async function refusalOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const repository = new Repository();
  try {
    for (const [name, text] of Object.entries(files)) {
      repository.write(name, typeof text === 'string' ? text : '');
      if (typeof text !== 'string') repository.writeBytes(name, text);
    }
    const { code, stderr } = await repository.run(...Object.keys(files));
    if (code !== 3) throw new Error(`exit code ${code}, expected 3: ${stderr}`);
    return stderr;
  } finally {
    repository.remove();
  }
}

/** Verdicts of the first run, by destination and port. */
export function verdictsOf({ runs }: Report, run = 0): Readonly<Record<string, string>> {
  const rows = runs[run]?.requirements ?? [];
  return Object.fromEntries(rows.map((row) => [`${row.destination} ${row.port}`, row.verdict]));
}

export const NODES = '10.9.0.0/22';

/** The verdict on mcr.microsoft.com, which every cluster needs by HTTPS, for nodes in 10.9.0.0/22. */
export async function verdictOnMcr(name: string, text: string, ...flags: readonly string[]): Promise<string> {
  const report = await lintTexts({ [name]: text }, '--source', NODES, ...flags);
  return verdictsOf(report)['mcr.microsoft.com 443'] ?? 'no row';
}

/** `line check: what the message quotes first`, in the order of the file. */
export function placesOf(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ location, check, message }) =>
      `${location.startLine} ${check}: ${/'([^']*)'/.exec(message)?.[1] ?? ''}`,
  );
}
