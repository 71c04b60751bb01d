/** A worker for tests of the pool: what happens to a cell depends on its split and method. */
import { Piscina } from 'piscina';
import { ComputeError } from '../../ts/errors.js';
import type { WorkerOutcome } from '../../ts/node/pool.js';
import type { StudyLine } from '../../ts/node/results.js';
import type { TradeoffJob, WorkerData } from '../../ts/node/worker.js';
import type { Cell } from '../../ts/study/cell.js';
import { costedMethods, samplingWays, type TradeoffLine } from '../../ts/study/tradeoff-lines.js';

const { setting } = Piscina.workerData as WorkerData;

export default async function work(cell: Cell): Promise<WorkerOutcome> {
  if (cell.method === 'smote' && cell.split === 0) throw new ComputeError('training diverged');
  if (cell.method === 'smote' && cell.split === 1) process.exit(7);
  if (cell.method === 'rose' && cell.split === 0) throw new RangeError('Array buffer allocation failed');
  if (cell.method === 'rose') throw new DOMException('Data cannot be cloned, out of memory.', 'DataCloneError'); // arrives as {}
  if (cell.method === 'tabddpm') for (;;); // a cell that would not end
  const { seed, version } = setting!;
  const lines = setting!.classifiers.map((classifier) => ({ ...cell, classifier, seed, version, f1: 0.5 }) as unknown as StudyLine);
  return { lines, portrait: null };
}

/** Made-up trade-offs of a split; those of split 1 of a first run fail in a part, those of split 2 with their worker. */
export async function tradeoffs({ dataset, split, setting: { seed, version, methods } }: TradeoffJob): Promise<TradeoffLine[]> {
  if (split === 2 && seed === 1) process.exit(7);
  const identity = { dataset, split, seed, version };
  const likeness = { mmd2_u: 0.01, mmd2_u_floor: 0, nearest_ratio: 1 };
  const costs = costedMethods(methods, split).map(
    (method): TradeoffLine =>
      split === 1 && seed === 1
        ? { kind: 'failed', ...identity, part: method, error: 'too few rows' }
        : { kind: 'cost', ...identity, ...likeness, method, train_s: 1, ms_per_1000: 1, model_kb: null, peak_mb: 1 },
  );
  const ways = samplingWays(split).map(
    (way): TradeoffLine => ({ kind: 'sampling', ...identity, ...way, ...likeness, timesteps: 1000, ms_per_1000: 1 }),
  );
  return [...ways, ...costs];
}
