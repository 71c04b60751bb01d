/** `tradeoffs.jsonl`: measured once, continued by task, failures named and tried again. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CancelledError, InputError } from '../../ts/errors.js';
import { readManifest } from '../../ts/node/manifest.js';
import { measureTradeoffs, openTradeoffs, readTradeoffs, tradeoffsFile } from '../../ts/node/tradeoffs.js';
import type { Cell } from '../../ts/study/cell.js';
import { samplingWays } from '../../ts/study/tradeoff-lines.js';
import { facts, manifestOf } from '../study/lines.js';
import { tradeoffLinesOf } from '../study/tradeoff-lines.js';
import { temporaryFolder } from './folder.js';

const test = suite('trade-offs of a folder');
const root = temporaryFolder();
const worker = fileURLToPath(new URL('./fixture-worker.ts', import.meta.url));
const folderOf = (name: string) => {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
};
const plan = { datasets: [facts('d')], methods: ['none', 'smote'], splits: 4, tradeoffs: true };

/** Runs what is left and tells which splits started and what was said of them. */
async function measure(folder: string, seed: number, signal?: AbortSignal) {
  const started: number[] = [];
  const errors: (string | null)[] = [];
  const progress = () => ({
    start: ({ split }: Cell) => void started.push(split),
    done: (_: Cell, __: number, error: string | null) => void errors.push(error),
    stop: () => undefined,
  });
  const request = { folder, datasets: [], compute: { name: 'wasm', variant: 'simd' }, workers: 2, worker, progress, signal } as const;
  const manifest = await measureTradeoffs(request, manifestOf({ ...plan, seed }));
  return { manifest, started: started.sort(), errors: errors.filter((error) => error !== null).sort() };
}

test('every split once; a second run has nothing left', async () => {
  const folder = folderOf('whole');
  const first = await measure(folder, 2);
  assert.equal([first.started, first.errors], [[0, 1, 2, 3], []]);
  assert.ok(first.manifest.finished && first.manifest.wall_s > 1200);
  assert.equal(readManifest(folder), first.manifest);
  const lines = readTradeoffs(folder);
  assert.is(lines.length, [0, 1, 2, 3].reduce((sum, split) => sum + samplingWays(split).length, 0) + 3);
  const text = readFileSync(tradeoffsFile(folder), 'utf8');
  assert.equal((await measure(folder, 2)).started, []);
  assert.is(readFileSync(tradeoffsFile(folder), 'utf8'), text);
});

test('what is torn or lacks a line runs again, the rest stays', async () => {
  const folder = folderOf('torn');
  await measure(folder, 2);
  const whole = readTradeoffs(folder).sort((a, b) => a.split - b.split);
  const rows = whole.map((line) => JSON.stringify(line));
  const lacking = rows.filter((_, i) => !(whole[i]?.split === 1 && whole[i]?.kind === 'cost')); // smote of split 1
  const end = lacking.pop() as string;
  writeFileSync(tradeoffsFile(folder), `${lacking.join('\n')}\n${end.slice(0, 30)}`);
  assert.equal((await measure(folder, 2)).started, [1, 3]);
  const sorted = readTradeoffs(folder).sort((a, b) => a.split - b.split);
  assert.equal(sorted, whole);
});

test('a failed part and a dead worker leave a line each, and run again', async () => {
  const folder = folderOf('failed');
  const first = await measure(folder, 1);
  assert.equal(first.errors, ['sampling: the worker died with code: 7', 'smote: too few rows']);
  const failed = readTradeoffs(folder).filter(({ kind }) => kind === 'failed');
  assert.equal(failed.map(({ split }) => split).sort(), [1, 2]);
  assert.equal((await measure(folder, 1)).started, [1, 2]);
  assert.is(readTradeoffs(folder).filter(({ kind }) => kind === 'failed').length, 2, 'not once more');
});

test('another list of methods runs what it lacks', () => {
  const folder = folderOf('methods');
  const lines = tradeoffLinesOf(['d'], 4);
  writeFileSync(tradeoffsFile(folder), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const store = openTradeoffs(folder, ['tvae']);
  assert.equal([...new Set(store.lines.map(({ split }) => split))], [3]);
  store.close();
});

test('cancelled, it says how far it is; other text is refused by its place', async () => {
  const folder = folderOf('cancelled');
  const stop = new AbortController();
  stop.abort();
  try {
    await measure(folder, 2, stop.signal);
    assert.unreachable('it went on');
  } catch (error) {
    assert.instance(error, CancelledError);
    assert.match((error as Error).message, /0 of 4 splits are kept/);
  }
  assert.equal(readTradeoffs(join(root, 'nothing there')), []);
  assert.not(existsSync(join(root, 'nothing there')));
  appendFileSync(tradeoffsFile(folder), 'not a line\n{}\n');
  assert.throws(
    () => readTradeoffs(folder),
    (error: Error) => error instanceof InputError && /tradeoffs\.jsonl, line 1/.test(error.message),
  );
});

test.run();
