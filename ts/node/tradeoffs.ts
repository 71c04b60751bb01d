/** `tradeoffs.jsonl`: the trade-offs of each data set and split, measured on the worker threads beside the grid and kept like its results. */
import { join } from 'node:path';
import { CancelledError } from '../errors.js';
import type { Cell } from '../study/cell.js';
import type { Manifest } from '../study/manifest.js';
import { finishedTradeoffs, listTradeoffs, type TradeoffLine, tradeoffKey } from '../study/tradeoff-lines.js';
import type { Dataset } from '../table/table.js';
import type { Compute } from './compute.js';
import { type LineStore, openLines, readJsonLines } from './lines.js';
import { writeManifest } from './manifest.js';
import { runGroups } from './pool.js';
import type { ProgressPlan, StudyProgress } from './progress.js';
import type { TradeoffJob } from './worker.js';

export const tradeoffsFile = (folder: string): string => join(folder, 'tradeoffs.jsonl');

/** What a folder holds of them; nothing where it has no such file. */
export const readTradeoffs = (folder: string): TradeoffLine[] => readJsonLines(tradeoffsFile(folder), isLine);

function isLine(value: unknown): value is TradeoffLine {
  const line = value as TradeoffLine | null;
  return typeof line?.dataset === 'string' && typeof line.split === 'number' && typeof line.kind === 'string';
}

/** Opens the file for appending. Lines of tasks that are not whole go, because these run again. */
export function openTradeoffs(folder: string, methods: readonly string[]): LineStore<TradeoffLine> {
  return openLines(tradeoffsFile(folder), isLine, (found) => {
    const finished = finishedTradeoffs(found, methods);
    return found.filter((line) => finished.has(tradeoffKey(line)));
  });
}

export interface TradeoffRequest {
  readonly folder: string;
  readonly datasets: readonly Dataset[];
  readonly compute: Pick<Compute, 'name' | 'variant'>;
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((plan: ProgressPlan) => StudyProgress) | undefined;
  readonly worker?: string | undefined;
}

/** Measures what is left and returns the manifest with the time that it took. */
export async function measureTradeoffs(request: TradeoffRequest, before: Manifest): Promise<Manifest> {
  const { methods, seed, version } = before;
  const store = openTradeoffs(request.folder, methods);
  try {
    const finished = finishedTradeoffs(store.lines, methods);
    const all = listTradeoffs(
      before.datasets.map(({ name }) => name),
      before.splits,
    );
    const jobs = all
      .filter((task) => !finished.has(tradeoffKey(task)))
      .map((task): TradeoffJob => ({ ...task, setting: { methods, seed, version } }));
    return jobs.length === 0 ? before : await runJobs(jobs, all.length, request, before, store);
  } finally {
    store.close();
  }
}

/** A task as the progress shows it. */
const cellOf = ({ dataset, split }: TradeoffJob): Cell => ({ dataset, split, method: 'trade-offs', ratio: 1 });

async function runJobs(
  jobs: readonly TradeoffJob[],
  total: number,
  { folder, datasets, compute, workers, signal, progress: show, worker }: TradeoffRequest,
  before: Manifest,
  store: LineStore<TradeoffLine>,
): Promise<Manifest> {
  const started = { wall: performance.now(), cpu: process.cpuUsage() };
  const keep = (end: Date | null): Manifest => {
    const { user, system } = process.cpuUsage(started.cpu);
    const manifest: Manifest = {
      ...before,
      finished: end?.toISOString() ?? null,
      wall_s: before.wall_s + (performance.now() - started.wall) / 1000,
      cpu_s: before.cpu_s + (user + system) / 1e6,
    };
    writeManifest(folder, manifest);
    return manifest;
  };
  keep(null);
  let done = total - jobs.length;
  const progress = show?.({ cells: jobs.map(cellOf), finished: done, workers, cost: () => 1 });
  try {
    await runGroups<TradeoffJob, readonly TradeoffLine[]>(
      jobs.map((job) => [job]),
      { datasets, backend: compute.name, variant: compute.variant, setting: null },
      {
        name: 'tradeoffs',
        workers,
        signal,
        worker,
        instead: ({ dataset, split, setting: { seed, version } }, { message }) => [
          { kind: 'failed', dataset, split, seed, version, part: 'sampling', error: message },
        ],
        onStart: (job) => progress?.start(cellOf(job)),
        onDone: (job, lines, seconds) => {
          store.append(lines);
          done++;
          keep(null);
          const failed = lines.find((line) => line.kind === 'failed');
          progress?.done(cellOf(job), seconds, failed ? `${failed.part}: ${failed.error}` : null);
        },
      },
    );
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    keep(null);
    throw new CancelledError(
      `cancelled; the trade-offs of ${done} of ${total} splits are kept in ${folder}; the same command goes on from there`,
    );
  } finally {
    progress?.stop();
  }
  return keep(new Date());
}
