/**
 * The three ways in which a call can fail. Each message is one plain sentence that names what was wrong
 * (`"name" expected range, got value`, or file, column and line) and what to do about it.
 */

/** The caller gave something that cannot be used: an option, a column, a file. The command line answers with exit 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** A computation had no usable result: training diverged, too few rows for a method, memory exhausted. */
export class ComputeError extends Error {
  override readonly name = 'ComputeError';
}

/** The caller asked to stop through an `AbortSignal`. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor(message = 'cancelled') {
    super(message);
  }
}

/** A failure in words of its own where memory ran out, which the engine says as a `RangeError` of an array; else `error` itself. */
export function memoryInWords(error: unknown): unknown {
  if (!(error instanceof Error && error.name === 'RangeError' && /allocation failed|out of memory/i.test(error.message))) return error;
  return new ComputeError('out of memory: the job needs more than this process may have; take fewer rows');
}

/** Throws {@link CancelledError} when `signal` has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}
