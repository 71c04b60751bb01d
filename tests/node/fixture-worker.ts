/** A worker for tests of the pool: what happens to a cell depends on its split and method. */
import { Piscina } from 'piscina';
import { ComputeError } from '../../ts/errors.js';
import type { WorkerOutcome } from '../../ts/node/pool.js';
import type { StudyLine } from '../../ts/node/results.js';
import type { WorkerData } from '../../ts/node/worker.js';
import type { Cell } from '../../ts/study/cell.js';

const { setting } = Piscina.workerData as WorkerData;

export default async function work(cell: Cell): Promise<WorkerOutcome> {
  if (cell.method === 'smote' && cell.split === 0) throw new ComputeError('training diverged');
  if (cell.method === 'smote' && cell.split === 1) process.exit(7);
  if (cell.method === 'tabddpm') for (;;); // a cell that would not end
  const { seed, version } = setting!;
  const lines = setting!.classifiers.map((classifier) => ({ ...cell, classifier, seed, version, f1: 0.5 }) as unknown as StudyLine);
  return { lines, portrait: null };
}
