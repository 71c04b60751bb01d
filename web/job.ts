/** A job on a worker of its own. */
import type { Answer, Job } from './messages.js';

/** What went wrong; `known` mistakes are told in the core's own words. */
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

/** What to tell the user of an error. */
export function sentenceOf(error: unknown): string {
  if (error instanceof JobError && error.known) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return /memory/i.test(message)
    ? `The browser ran out of memory (${message}). Nothing is lost: take fewer rows, or another method.`
    : `Something went wrong that should not: ${message}`;
}
