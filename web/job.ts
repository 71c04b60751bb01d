/** A job on a worker of its own. */
import { byId, element, show } from './element.js';
import type { Answer, Job } from './messages.js';
import { inPage } from './sentences.js';

/** What went wrong; `known` mistakes are told in their own words. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly known: boolean;
  constructor(message: string, known: boolean) {
    super(message);
    this.known = known;
  }
}

export interface RunningJob {
  /** Resolves when it is done; rejects with {@link JobError}, or an AbortError when it was cancelled. */
  readonly ended: Promise<void>;
  /** Ends the worker at once; what it held is gone. */
  cancel(): void;
}

export function startJob(job: Job, onAnswer: (answer: Answer) => void): RunningJob {
  const worker = new Worker('worker.js', { type: 'module' });
  let cancel = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.terminate();
      settle();
    };
    cancel = () => end(() => reject(new DOMException('cancelled', 'AbortError')));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === 'done') end(resolve);
      else if (data.kind === 'failed') end(() => reject(new JobError(data.message, data.known)));
      else onAnswer(data);
    };
    worker.onerror = (event) => end(() => reject(new JobError(event.message || 'the worker ended', false)));
  });
  worker.postMessage(job);
  return { ended, cancel };
}

/** Runs a job to its end. */
export async function runJob(job: Job, onAnswer: (answer: Answer) => void): Promise<void> {
  await startJob(job, onAnswer).ended;
}

export const isCancelled = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** Tells of an error in the part of the page with this id. */
export function tellMistake(id: string, error: unknown): void {
  byId(id).replaceChildren(element('p', { class: 'mistake', role: 'alert' }, sentenceOf(error)));
  show({ [id]: true });
}

/** What to tell the user of an error. */
function sentenceOf(error: unknown): string {
  if (error instanceof JobError && error.known) return inPage(error.message);
  const message = error instanceof Error ? error.message : String(error);
  return /memory/i.test(message)
    ? `The browser ran out of memory (${message}). Nothing is lost: take fewer rows, or another method.`
    : `Something went wrong that should not: ${message}`;
}
