import { InterruptedError } from '../errors.ts';

/** Something took longer than --timeout allows. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export interface Limits {
  /** Of one answer, in milliseconds. */
  readonly timeout: number;
  /** Interrupts the run. */
  readonly signal: AbortSignal;
  /** Acts after so many milliseconds; what it returns takes that back. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

/** Ends what waits for Azure: the reason is the InterruptedError to end with. */
export function interruption(signal: AbortSignal): InterruptedError {
  const reason: unknown = signal.reason;
  return reason instanceof InterruptedError ? reason : new InterruptedError('SIGINT');
}

/**
 * Runs an attempt until it settles, the time is over or the run is interrupted. The clients' own time-out ends with the
 * headers of an answer: a body that stops on the way would be waited for without end.
 */
export async function withDeadline<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { timeout, signal, after }: Limits,
): Promise<T> {
  if (signal.aborted) throw interruption(signal);
  const controller = new AbortController();
  let stop = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    const cancel = after(timeout, () => {
      reject(new TimeoutError('time is over'));
      controller.abort();
    });
    const interrupted = (): void => {
      reject(interruption(signal));
      controller.abort();
    };
    signal.addEventListener('abort', interrupted);
    stop = () => {
      cancel();
      signal.removeEventListener('abort', interrupted);
    };
  });
  try {
    return await Promise.race([attempt(controller.signal), ended]);
  } finally {
    stop();
  }
}
