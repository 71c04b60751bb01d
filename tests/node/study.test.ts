import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadTables } from '../../ts/node/datasets.js';
import { runStudy, type StudyRequest } from '../../ts/node/study.js';
import { temporaryFolder } from './folder.js';

const test = suite('study with failing cells');
const folder = temporaryFolder();
const request: StudyRequest = {
  preset: 'quick',
  tables: await loadTables([{ name: 'breast_cancer' }]),
  methods: ['none', 'smote'],
  classifiers: ['rf', 'xgb'],
  splits: 3,
  ratios: [1],
  tuned: false,
  tradeoffs: false,
  seed: 1,
  variant: 'simd',
  workers: 2,
  out: join(folder, 'out'),
  worker: fileURLToPath(new URL('./fixture-worker.ts', import.meta.url)), // smote fails on splits 0 and 1
};

test('failing cells are counted, listed and reported, and do not stop the study', async () => {
  const { manifest, failed, summary, report } = await runStudy(request);
  assert.equal(manifest.cells, { total: 6, done: 4, failed: 2 });
  assert.equal(failed.map(({ split, classifier }) => `${split} ${classifier}`).sort(), ['0 rf', '0 xgb', '1 rf', '1 xgb']);
  assert.is(summary.failures, 4);
  assert.is(summary.lines, 8);
  assert.match(readFileSync(report, 'utf8'), /training diverged/);
  assert.not(existsSync(join(folder, 'out', '.lock')));
});

test('a second run tries the failed cells again, and only these', async () => {
  const started: string[] = [];
  const progress = () => ({
    start: ({ method, split }: { method: string; split: number }) => started.push(`${method} ${split}`),
    done: () => undefined,
    stop: () => undefined,
  });
  const { manifest } = await runStudy({ ...request, progress });
  assert.equal(started.sort(), ['smote 0', 'smote 1']);
  assert.equal(manifest.cells, { total: 6, done: 4, failed: 2 });
  const lines = readFileSync(join(folder, 'out', 'results.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  assert.is(lines.length, 12, 'one line a cell and classifier');
});

test('a finished folder gets its trade-offs later, and its report shows them from then on', async () => {
  const out = join(folder, 'later');
  const own = { ...request, methods: ['none', 'smote'], splits: 4, seed: 2, out };
  assert.is((await runStudy(own)).summary.tradeoffs, null);
  const { manifest, summary, report } = await runStudy({ ...own, tradeoffs: true });
  assert.ok(manifest.tradeoffs && manifest.finished);
  assert.is(summary.tradeoffs?.tables[0]?.splits, 4);
  assert.match(readFileSync(report, 'utf8'), /<h2 id="tradeoffs-heading">Computational trade-offs/);
  const text = readFileSync(join(out, 'tradeoffs.jsonl'), 'utf8');
  assert.ok((await runStudy(own)).summary.tradeoffs);
  assert.is(readFileSync(join(out, 'tradeoffs.jsonl'), 'utf8'), text);
});

test.run();
