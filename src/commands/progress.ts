import type { Io } from './io.ts';

/** Below this a run takes less than a second. */
const MANY_BYTES = 20_000_000;
const MANY_FILES = 500;

/**
 * Says on a terminal that a long run is at work, on a line that the returned function clears. Pipelines see nothing.
 */
export function announce(files: readonly { readonly bytes: Uint8Array }[], { stderr }: Io): () => void {
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (!stderr.isTerminal || (bytes < MANY_BYTES && files.length < MANY_FILES)) return () => undefined;
  stderr.write(`Judging ${files.length} files (${(bytes / 1e6).toFixed(1)} MB)…`);
  return () => {
    stderr.write('\r\u001b[K');
  };
}

/** Says on a terminal how far the reading is, on a line that is cleared. Pipelines see nothing. */
export class ReadingProgress {
  readonly #output: Io['stderr'];
  #answers = 0;

  constructor({ stderr }: Pick<Io, 'stderr'>) {
    this.#output = stderr;
    this.#show('Reading from Azure…');
  }

  answered(): void {
    this.#answers += 1;
    this.#show(`Reading from Azure: ${this.#answers} ${this.#answers === 1 ? 'answer' : 'answers'}…`);
  }

  waits(seconds: number | undefined): void {
    this.#show(`Azure asks to wait${seconds === undefined ? '' : ` ${seconds} s`}…`);
  }

  clear(): void {
    this.#show('');
  }

  #show(text: string): void {
    if (this.#output.isTerminal) this.#output.write(`\r\u001b[K${text}`);
  }
}
