/** The conditional vector and training by sampling of CTGAN. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Span } from '../../ts/encode/layout.js';
import { askingOf, conditionSampler } from '../../ts/generate/conditions.js';
import { Stream } from '../../ts/random.js';
import { close } from '../close.js';

const conditions = suite('conditions');

/** Two category columns behind seven other columns: 90 rows of level 0, 9 of 1, 1 of 2; a second one of 100 alternating rows. */
const CATEGORIES: Span[] = [
  { column: 'rare', kind: 'onehot', start: 7, width: 3 },
  { column: 'even', kind: 'missing', start: 10, width: 2 },
];
const CODES = Int32Array.from({ length: 200 }, (_, i) => {
  const row = i >> 1;
  if (i % 2 === 1) return row % 2;
  return row < 90 ? 0 : row < 99 ? 1 : 2;
});
const sampler = conditionSampler(CATEGORIES, CODES, 100, Math.log);
const asking = askingOf(CATEGORIES, sampler.counts);
const COUNT = 20000;

conditions('one level of one column, in the vector, in the span, and in the row that is drawn', () => {
  const { vector, spans, rows } = sampler.draw(COUNT, Stream.fromSeed(1));
  assert.is(asking.width, 5);
  for (let b = 0; b < COUNT; b++) {
    const ones = [...vector.subarray(b * 5, b * 5 + 5)];
    const [start, width, level] = spans.subarray(b * 3, b * 3 + 3) as unknown as [number, number, number];
    const c = CATEGORIES.findIndex((span) => span.start === start);
    assert.is(width, CATEGORIES[c]!.width);
    assert.equal(
      ones,
      [0, 1, 2, 3, 4].map((j) => Number(j === start - 7 + level)),
    );
    assert.is(CODES[rows[b]! * 2 + c], level, 'the row has the level');
  }
});

conditions('columns evenly, levels by the logarithm of their counts, rows evenly', () => {
  const { vector, rows } = sampler.draw(COUNT, Stream.fromSeed(2));
  const share = (j: number) => Array.from({ length: COUNT }, (_, b) => vector[b * 5 + j]!).reduce((s, v) => s + v, 0) / COUNT;
  const logs = [90, 9, 1].map((n) => Math.log(n + 1));
  const sum = logs.reduce((s, v) => s + v, 0);
  logs.forEach((log, k) => {
    close(share(k), log / sum / 2, { abs: 0.015 }, `rare level ${k}`);
  });
  close(share(3), 0.25, { abs: 0.015 }, 'even level');
  const rarest = rows.filter((row) => row === 99).length / COUNT;
  assert.ok(rarest > 0.04, `the only row of its level is drawn often: ${rarest}`);
});

conditions('how many rows have each level', () => {
  assert.equal(sampler.counts, [
    [90, 9, 1],
    [50, 50],
  ]);
});

conditions('natural conditions are as frequent as in the table', () => {
  const vector = asking.natural(COUNT, Stream.fromSeed(3));
  [0.45, 0.045, 0.005, 0.25, 0.25].forEach((want, j) => {
    const got = Array.from({ length: COUNT }, (_, b) => vector[b * 5 + j]!).reduce((s, v) => s + v, 0) / COUNT;
    close(got, want, { abs: 0.015 }, `level ${j}`);
  });
});

conditions('a fixed condition, also of a column that is not the first', () => {
  assert.equal(asking.fixed(0, 2), [0, 0, 1, 0, 0]);
  assert.equal(asking.fixed(1, 1), [0, 0, 0, 0, 1]);
});

conditions('without categories rows are drawn evenly, and the vector is empty', () => {
  const none = conditionSampler([], new Int32Array(0), 4, Math.log);
  const { vector, rows } = none.draw(4000, Stream.fromSeed(1));
  assert.is(vector.length, 0);
  for (let row = 0; row < 4; row++) close(rows.filter((r) => r === row).length / 4000, 0.25, { abs: 0.03 }, `row ${row}`);
  assert.is(askingOf([], none.counts).natural(3, Stream.fromSeed(1)).length, 0);
});

conditions('a level that no row has is never asked for', () => {
  const gap = conditionSampler([{ column: 'x', kind: 'onehot', start: 0, width: 3 }], Int32Array.of(0, 2, 0, 2), 4, Math.log);
  const { spans } = gap.draw(1000, Stream.fromSeed(1));
  for (let b = 0; b < 1000; b++) assert.is.not(spans[b * 3 + 2], 1);
});

conditions.run();
