import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cellKey, finishedCells, groupCells, groupKey, listCells } from '../../ts/study/grid.js';
import { hasRatio } from '../../ts/study/groups.js';
import type { DatasetFacts, StudyPlan } from '../../ts/study/manifest.js';
import { knowsNoRatio, methods } from '../../ts/study/methods.js';
import type { ResultLine } from '../../ts/study/result.js';

const test = suite('grid');

const table = (name: string, rows: number) => ({ name, rows, positives: rows / 10 }) as DatasetFacts;
const plan: StudyPlan = {
  version: '1',
  seed: 1,
  backend: 'wasm',
  variant: 'simd',
  datasets: [table('small', 100), table('large', 1000)],
  methods: ['none', 'smote', 'tabddpm'],
  classifiers: ['rf', 'xgb'],
  splits: 3,
  ratios: [1, 0.25],
  tuned: false,
  tradeoffs: false,
};

test('every combination occurs once', () => {
  const keys = listCells(plan).map(cellKey);
  assert.is(keys.length, 2 * 3 * 3 * 2);
  assert.is(new Set(keys).size, keys.length);
});

test('a split is finished before the next one begins, and its longest cells come first', () => {
  const cells = listCells(plan);
  for (const [at, { split }] of cells.entries()) assert.is(split, Math.floor(at / 12));
  const { dataset, method } = cells[0]!;
  assert.equal([dataset, method], ['large', 'tabddpm']);
  const last = cells[11]!;
  assert.is(last.dataset, 'small');
  assert.is.not(last.method, 'tabddpm');
});

test('cells of a model stand under each other, and grouping a part of them keeps its order', () => {
  const cells = listCells(plan);
  const groups = groupCells(cells);
  assert.equal(groups.flat(), cells);
  assert.is(groups.length, 2 * 3 * 3);
  for (const group of groups) assert.is(new Set(group.map(groupKey)).size, 1);
  const rest = cells.filter((_, i) => i % 3 !== 0);
  assert.equal(groupCells(rest).flat(), rest);
});

test('the order is the same every time, whatever the plan lists first among equals', () => {
  assert.equal(listCells(plan), listCells({ ...plan }));
});

test('a cell is finished when every classifier has a result, and a failure is none', () => {
  const line = (split: number, classifier: string) => ({ dataset: 'small', split, method: 'none', ratio: 1, classifier }) as ResultLine;
  const failed = { ...line(2, 'xgb'), error: 'no' };
  const finished = finishedCells([line(0, 'rf'), line(0, 'xgb'), line(1, 'rf'), line(2, 'rf'), failed], ['rf', 'xgb']);
  assert.equal([...finished], [cellKey(line(0, 'rf'))]);
});

test('what tables and pictures take for a method without ratio is what runs without one', () => {
  for (const method of methods) assert.is(hasRatio(method.name), !knowsNoRatio(method), method.name);
});

test('names and numbers of a key cannot run into each other', () => {
  assert.is.not(cellKey({ dataset: 'a', split: 1, method: '1', ratio: 1 }), cellKey({ dataset: 'a', split: 11, method: '', ratio: 1 }));
});

test.run();
