/** Turns of the event loop: work that can be stopped gives way now and then, so that an abort can arrive. */
import { throwIfAborted } from '../errors.js';

/** To be awaited between two pieces of work that take some milliseconds each; throws {@link CancelledError} once the signal is aborted. */
export type Turn = () => Promise<void>;

/** Work goes on for so long before it gives way. By Date: what `performance` is, Node loads when it is asked for. */
const TURN_MS = 50;

/** When the work under a signal gave way last: many short jobs in a row are one long one to whoever waits to stop them. */
const lastTurns = new WeakMap<AbortSignal, number>();

/** Turns of a job, none where it has no signal: nobody could stop it. */
export function turnsFor(signal: AbortSignal | undefined): Turn {
  throwIfAborted(signal);
  if (!signal) return async () => {};
  if (!lastTurns.has(signal)) lastTurns.set(signal, Date.now());
  return async () => {
    if (Date.now() - (lastTurns.get(signal) as number) > TURN_MS) {
      await pause();
      lastTurns.set(signal, Date.now());
    }
    throwIfAborted(signal);
  };
}

/** Lets the host handle what has come in meanwhile: a click on stop, a message. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
