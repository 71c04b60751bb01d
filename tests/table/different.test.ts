import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Stream } from '../../ts/random.js';
import { SeenTexts } from '../../ts/table/different.js';
import { labelCounts, labelsOf } from '../../ts/table/labels.js';

const different = suite('different texts');

different('a text is known by the row in which it is first seen', () => {
  const stream = Stream.fromSeed(1).child('texts');
  for (const [rows, distinct] of [
    [1, 1],
    [2, 2],
    [3000, 5],
    [3000, 700],
    [3000, 1e9],
  ] as const) {
    const texts = Array.from({ length: rows }, () => `P${String(stream.below(distinct)).padStart(8, '0')}`);
    const seen = new SeenTexts(texts);
    const first = new Map<string, number>();
    texts.forEach((text, row) => {
      if (!first.has(text)) first.set(text, row);
      assert.is(seen.firstRow(row), first.get(text), `${text} in row ${row} of ${rows}`);
    });
  }
});

different('texts of one hash are told apart', () => {
  const texts = ['costarring', 'liquid', 'liquid', 'costarring', 'declinate', 'macallums', '', '']; // pairs of one FNV-1a hash
  const seen = new SeenTexts(texts);
  assert.equal(
    texts.map((_, row) => seen.firstRow(row)),
    [0, 1, 1, 0, 4, 5, 6, 6],
  );
});

different('labels are the values of any column, in order, and missing cells have none', () => {
  const text = labelsOf({ name: 'x', kind: 'text', texts: ['b', ' NA ', 'a', 'b', ''] });
  assert.equal(
    [[...text.codes], text.names],
    [
      [0, -1, 1, 0, -1],
      ['b', 'a'],
    ],
  );
  const number = labelsOf({ name: 'x', kind: 'numeric', decimals: 1, values: Float64Array.of(1.5, Number.NaN, -0, 0, 1.5) });
  assert.equal(
    [[...number.codes], number.names],
    [
      [0, -1, 1, 1, 0],
      ['1.5', '0'],
    ],
  );
  const level = labelsOf({ name: 'x', kind: 'categorical', levels: ['', 'u', 'v'], codes: Int32Array.of(2, 0, -1, 2) });
  assert.equal(
    [[...level.codes], level.names],
    [
      [2, -1, -1, 2],
      ['', 'u', 'v'],
    ],
  );
  assert.equal([...labelCounts(level, Uint32Array.of(0, 3))], [['v', 2]]);
});

different.run();
