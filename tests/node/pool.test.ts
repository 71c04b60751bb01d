import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CancelledError, ComputeError } from '../../ts/errors.js';
import { runCells, type WorkerOutcome } from '../../ts/node/pool.js';
import type { StudyLine } from '../../ts/node/results.js';
import type { Cell } from '../../ts/study/cell.js';
import { temporaryFolder } from './folder.js';

const test = suite('pool');
const worker = fileURLToPath(new URL('./fixture-worker.ts', import.meta.url));
const setting = { seed: 1, classifiers: ['rf', 'xgb'], tuned: false, version: '1' };
const data = { variant: 'simd', datasets: [], setting } as const;
const cell = (method: string, split: number): Cell => ({ dataset: 'd', split, method, ratio: 1 });
const cells = [0, 1, 2, 3].flatMap((split) => [cell('smote', split), cell('none', split)]);
const errorOf = (lines: readonly StudyLine[]) => lines.map((line) => ('error' in line ? line.error : null));

for (const workers of [1, 2]) {
  test(`a cell that throws and a worker that dies leave failed lines, the others go on (${workers} workers)`, async () => {
    const met = new Map<string, readonly StudyLine[]>();
    const onCell = ({ method, split }: Cell, { lines }: WorkerOutcome) => met.set(`${method} ${split}`, lines);
    await runCells(cells, data, { workers, worker, onStart: () => undefined, onCell });
    assert.is(met.size, cells.length);
    for (const [name, lines] of met) {
      assert.equal(
        lines.map(({ classifier }) => classifier),
        ['rf', 'xgb'],
      );
      if (name === 'smote 0') assert.equal(errorOf(lines), ['training diverged', 'training diverged']);
      else if (name === 'smote 1') for (const error of errorOf(lines)) assert.match(error!, /the worker died with code: 7/);
      else assert.equal(errorOf(lines), [null, null], name);
    }
  });
}

test('memory that ran out is named, also where not even the error could be sent', async () => {
  const met: (string | null | undefined)[] = [];
  const onCell = (_: Cell, { lines }: WorkerOutcome) => met.push(errorOf(lines)[0]);
  await runCells([cell('rose', 0), cell('rose', 1)], data, { workers: 1, worker, onStart: () => undefined, onCell });
  assert.equal(met, [
    'out of memory: the job needs more than this process may have; take fewer rows',
    'the worker ran out of memory; take fewer rows or fewer workers',
  ]);
});

test('cells start in their order', async () => {
  const started: string[] = [];
  const onStart = ({ method, split }: Cell) => started.push(`${method} ${split}`);
  await runCells(cells.slice(4), data, { workers: 2, worker, onStart, onCell: () => undefined });
  assert.equal(started, ['smote 2', 'none 2', 'smote 3', 'none 3']);
});

test('no cells, no threads', async () => {
  await runCells([], data, { workers: 2, worker: 'nothing.js', onStart: () => undefined, onCell: () => assert.unreachable() });
});

const fails = async (work: Promise<unknown>, kind: new (...args: never[]) => Error) => {
  try {
    await work;
  } catch (error) {
    return assert.instance(error, kind);
  }
  assert.unreachable('it should have failed');
};

test('cancelling ends cells that compute without a pause, and keeps what was done', async () => {
  const controller = new AbortController();
  const met: Cell[] = [];
  const onStart = ({ method }: Cell) => method === 'tabddpm' && setTimeout(() => controller.abort(), 50);
  const run = runCells([cell('none', 0), cell('tabddpm', 0), cell('none', 1)], data, {
    workers: 1,
    worker,
    signal: controller.signal,
    onStart,
    onCell: (own) => met.push(own),
  });
  await fails(run, CancelledError);
  assert.equal(met, [cell('none', 0)]);
  await fails(runCells(cells, data, { workers: 1, worker, signal: controller.signal, onStart, onCell: () => undefined }), CancelledError);
});

test('an error of the caller ends the study: nothing is reported after it', async () => {
  let calls = 0;
  const onCell = () => {
    calls++;
    throw new ComputeError('disk full');
  };
  await fails(runCells(cells, data, { workers: 2, worker, onStart: () => undefined, onCell }), ComputeError);
  assert.is(calls, 1);
});

test('a worker that cannot start is an error, not an endless wait', async () => {
  const broken = join(temporaryFolder(), 'broken.mjs');
  writeFileSync(broken, 'throw new Error("no such core")\n');
  await fails(runCells(cells, data, { workers: 1, worker: broken, onStart: () => undefined, onCell: () => undefined }), ComputeError);
});

test.run();
