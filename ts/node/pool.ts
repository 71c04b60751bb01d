/** Work on threads: the cells of a study, or one task beside which the main thread stays free to be cancelled. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { CancelledError, ComputeError, memoryInWords } from '../errors.js';
import type { Progress } from '../generate/generator.js';
import { type Cell, type CellSetting, failedLines } from '../study/cell.js';
import { groupCells } from '../study/grid.js';
import type { Portrait } from '../study/portrait.js';
import type { StudyLine } from './results.js';
import type { Outcome, WorkerData } from './worker.js';

export interface CellsOptions {
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Called when a worker takes a cell. */
  readonly onStart: (cell: Cell) => void;
  /** Called once a cell, in order of completion. */
  readonly onCell: (cell: Cell, outcome: WorkerOutcome, seconds: number) => void;
  /** The module that workers run; the package's own where left out. */
  readonly worker?: string | undefined;
}

/** What a worker makes of a cell, or stands for it where the worker failed. */
export interface WorkerOutcome {
  readonly lines: readonly StudyLine[];
  readonly portrait: Portrait | null;
}

/**
 * Runs `cells`: groups in the order of their first cells, a group's cells one after the other on one thread, which keeps what they
 * share. A cell that throws, or whose worker dies, leaves failed lines, and the others go on.
 */
export function runCells(
  cells: readonly Cell[],
  data: WorkerData & { readonly setting: CellSetting },
  options: CellsOptions,
): Promise<void> {
  return runGroups<Cell, WorkerOutcome>(groupCells(cells), data, {
    ...options,
    name: 'default',
    instead: (cell, error) => ({ lines: failedLines(cell, data.setting, error), portrait: null }),
    onDone: options.onCell,
  });
}

export interface TasksOptions<Task, Result> {
  /** The export of worker.ts that makes a result of a task. */
  readonly name: string;
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  readonly worker?: string | undefined;
  /** What stands for the result of a task that throws, or whose worker dies. */
  readonly instead: (task: Task, error: Error) => Result;
  readonly onStart: (task: Task) => void;
  /** Called once a task, in order of completion. */
  readonly onDone: (task: Task, result: Result, seconds: number) => void;
}

/** Runs groups of tasks, each group on one thread, in their order. An error of the caller or the signal ends all. */
export async function runGroups<Task, Result>(
  groups: readonly (readonly Task[])[],
  data: WorkerData,
  { name, workers, signal, worker, instead, onStart, onDone }: TasksOptions<Task, Result>,
): Promise<void> {
  if (groups.length === 0) return;
  if (signal?.aborted) throw new CancelledError();
  const queue = [...groups];
  const ended = new AbortController(); // once one lane has stopped the study, what the others still get does not count
  const errors: unknown[] = [];
  const end = (error: unknown): void => {
    errors.push(error);
    ended.abort(); // at once: another lane's task may end within the same turn
  };
  const cancel = () => end(new CancelledError());
  signal?.addEventListener('abort', cancel, { once: true });
  const runNext = async (task: Task, pool: Piscina, stopped: Promise<never>): Promise<void> => {
    const started = performance.now();
    onStart(task);
    const run = (pool.run(task, { name }) as Promise<Result>).catch((error) => instead(task, inWords(error)));
    const result = await Promise.race([run, stopped]);
    if (ended.signal.aborted) return;
    try {
      onDone(task, result, (performance.now() - started) / 1000);
    } catch (error) {
      end(error);
    }
  };
  const lane = (): Promise<void> =>
    withPool(1, data, ended.signal, worker, async (pool, stopped) => {
      for (let group = queue.shift(); group && !ended.signal.aborted; group = queue.shift()) {
        for (const task of group) if (!ended.signal.aborted) await runNext(task, pool, stopped);
      }
    });
  const lanes = Array.from({ length: Math.max(1, Math.min(workers, queue.length)) }, () => lane().catch(end));
  await Promise.all(lanes);
  signal?.removeEventListener('abort', cancel);
  if (errors.length > 0) throw errors[0];
}

/** Runs one task, an export of worker.ts, on a thread of its own. */
export function runTask<Task, Result>(
  name: string,
  task: Task,
  data: WorkerData,
  signal?: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<Result> {
  return withPool(1, data, signal, undefined, async (pool, stopped) => {
    if (onProgress) pool.on('message', onProgress);
    const run = (pool.run(task, { name }) as Promise<Outcome<Result>>).catch((error) => {
      throw inWords(error);
    });
    const outcome = await Promise.race([run, stopped]);
    if ('error' in outcome) throw new ComputeError(outcome.error);
    return outcome.value;
  });
}

/** `worker.js` beside the bundle, `worker.ts` beside the source. */
function ownWorker(): string {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return fileURLToPath(new URL('./worker.ts', here));
  return fileURLToPath(new URL(here.includes('/chunks/') ? '../worker.js' : './worker.js', here));
}

function startPool(workers: number, workerData: WorkerData, filename: string): Piscina {
  const threads = { minThreads: workers, maxThreads: workers, idleTimeout: Number.POSITIVE_INFINITY };
  try {
    return new Piscina({ filename, workerData, ...threads, recordTiming: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INIT_FAILED') throw error;
    throw new ComputeError(
      'a worker could not start: the system gives this process no memory or no thread for it; give it more, or take fewer workers',
    );
  }
}

/** `stopped` rejects when the signal is aborted or no worker can start; the threads are gone when this returns. */
async function withPool<Result>(
  workers: number,
  workerData: WorkerData,
  signal: AbortSignal | undefined,
  filename: string | undefined,
  work: (pool: Piscina, stopped: Promise<never>) => Promise<Result>,
): Promise<Result> {
  if (signal?.aborted) throw new CancelledError();
  const pool = startPool(workers, workerData, filename ?? ownWorker());
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new CancelledError());
    signal?.addEventListener('abort', stop, { once: true });
    // Raised outside of any task: the worker's module does not load, and no task would ever end.
    pool.on('error', (error: Error) => reject(new ComputeError(`a worker could not start: ${error.message}`)));
  });
  stopped.catch(() => undefined); // whoever races against it sees it
  try {
    return await work(pool, stopped);
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
  }
}

const NO_MEMORY = 'the worker ran out of memory; take fewer rows or fewer workers';

/** A worker's death gets words. A result that memory does not hold twice cannot be sent, and what comes instead is no error. */
function inWords(error: unknown): Error {
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || message === undefined) return new ComputeError(NO_MEMORY);
  if (/^worker exited with code/i.test(message)) return new ComputeError(`the ${message.replace(/^worker exited/i, 'worker died')}`);
  return memoryInWords(error) as Error;
}
