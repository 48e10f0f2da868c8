/**
 * Errors that a user can cause. Each says where, what was found, what was expected and what to do;
 * they are printed without a stack trace. Anything else that is thrown is a defect of ours.
 */

/** Wrong flags, profile or configuration: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A named input could not be read, or nothing in it was recognised: exit code 3. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The file as the user named it. */
  readonly path: string;
  /** One-based; absent where the whole file is meant. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(path: string, message: string, position?: { line: number; column: number }) {
    super(message);
    this.path = path;
    this.line = position?.line;
    this.column = position?.column;
  }
}

/** The user or the system asked the program to end: exit code 128 and the number of the signal. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('interrupted');
    this.signal = signal;
  }
}
