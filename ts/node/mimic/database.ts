/** DuckDB, where it is installed: in memory up to a limit and beyond it in a folder of its own, without extensions from the network. */
import { InputError, throwIfAborted } from '../../errors.js';

export interface DatabaseSettings {
  /** Such as "2GB". */
  readonly memory: string;
  readonly threads: number;
  /** Where it may put what does not fit into memory. */
  readonly folder: string;
}

export interface Database {
  /** Runs one statement; `onShare` hears how much of it is done, 0 … 1. Rejects with what DuckDB says, or when cancelled. */
  run(sql: string, onShare?: (share: number) => void): Promise<void>;
  /** The same on one thread: of several, a join does not keep the order of rows. */
  runInOrder(sql: string, onShare?: (share: number) => void): Promise<void>;
  /** The rows of a query with a small result. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

const POLL_MS = 250;

async function duckdb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    const missing = /MODULE_NOT_FOUND/.test((error as NodeJS.ErrnoException).code ?? '');
    throw new InputError(
      missing
        ? 'reading MIMIC needs DuckDB, which is not installed: run npm install @duckdb/node-api'
        : `DuckDB cannot be loaded on this machine (${(error as Error).message}): run npm install @duckdb/node-api again`,
    );
  }
}

export async function openDatabase({ memory, threads, folder }: DatabaseSettings, signal: AbortSignal): Promise<Database> {
  const { DuckDBInstance } = await duckdb();
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memory,
    threads: String(threads),
    temp_directory: folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  // Joins as they are written: events stream past the stays' days, in the order of their file and with little memory.
  await connection.run(`SET disabled_optimizers = 'join_order,build_side_probe_side'`);
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt);

  async function cancellable<Result>(work: () => Promise<Result>): Promise<Result> {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      throwIfAborted(signal);
      throw error;
    }
  }
  const run: Database['run'] = (sql, onShare) =>
    cancellable(async () => {
      const timer = setInterval(() => {
        if (signal.aborted) connection.interrupt(); // a query that had not begun when the signal came
        const { percentage } = connection.progress;
        if (percentage > 0) onShare?.(Math.min(1, percentage / 100));
      }, POLL_MS);
      await connection.run(sql).finally(() => clearInterval(timer));
    });
  return {
    run,
    runInOrder: async (sql, onShare) => {
      await run('SET threads = 1');
      await run(sql, onShare);
      await run(`SET threads = ${threads}`);
    },
    rows: (sql) => cancellable(async () => (await connection.runAndReadAll(sql)).getRowObjectsJS()),
    close: () => {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
}
