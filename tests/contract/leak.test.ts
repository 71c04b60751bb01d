/**
 * Nothing that learns may see a test row. A table is read from CSV twice: as it is, and with every cell of its test rows
 * replaced (outliers, more decimals, unknown levels, missing cells). What is fitted on the training part must not differ in a bit.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitEncoder } from '../../ts/encode/encoder.js';
import { type FeatureMatrix, fitFeatures } from '../../ts/encode/features.js';
import type { Generator } from '../../ts/generate/generator.js';
import { Stream } from '../../ts/random.js';
import { augment, fitGenerator } from '../../ts/study/augment.js';
import { methods } from '../../ts/study/methods.js';
import { newShared } from '../../ts/study/shared.js';
import { readCsv, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { stratifiedSplit } from '../../ts/table/split.js';
import { type Column, type Dataset, isLevelColumn, type Table, takeDataset } from '../../ts/table/table.js';
import { bytesOf, cellTexts } from './fingerprint.js';
import { mixed } from './fixtures.js';
import { generators, nameOf } from './registry.js';

const backend = await wasmBackend();
const ORDERED = { columns: { stage: { kind: 'ordinal' as const, levels: ['I', 'II', 'III'] } } };

/** The fixture with its outcome as a column, as text. */
function csvOf({ features, y }: Dataset): string {
  const outcome: Column = { name: 'died', kind: 'binary', levels: ['no', 'yes'], codes: Int32Array.from(y) };
  return toCsv({ rows: features.rows, columns: [...features.columns, outcome] });
}

const read = (text: string): Dataset => toDataset(readCsv(text, { schema: ORDERED }), { name: 'cohort', target: 'died' });

/** A column with other cells in the test rows. */
function replaced(column: Column, test: Uint32Array): Column {
  const hit = new Set(test);
  if ('values' in column) {
    const other = column.kind === 'integer' ? 4321 : -98765.4321;
    return { ...column, values: column.values.map((value, i) => (hit.has(i) ? (i % 4 === 0 ? Number.NaN : other + i) : value)) };
  }
  if (!isLevelColumn(column)) return column;
  if (column.kind === 'ordinal') return { ...column, codes: column.codes.map((code, i) => (hit.has(i) ? (i % 4) - 1 : code)) };
  const levels = [...column.levels, 'AAA', 'zzz']; // before and after the real ones, however they are sorted
  return { ...column, levels, codes: column.codes.map((code, i) => (hit.has(i) ? column.levels.length + (i % 2) : code)) };
}

const original = mixed({ rows: 120, positives: 40 });
const plain = read(csvOf(original));
const split = stratifiedSplit(plain, Stream.fromSeed(7).child('split'));
const swapped = read(
  csvOf({ ...original, features: { rows: 120, columns: original.features.columns.map((column) => replaced(column, split.test)) } }),
);
const [train, trainOfSwapped] = [takeDataset(plain, split.train), takeDataset(swapped, split.train)];

const matrixBytes = (matrix: FeatureMatrix) => JSON.stringify({ ...matrix, values: bytesOf(matrix.values) });
/** Cells as written, and the columns' names in order. */
const written = (table: Table) => JSON.stringify([table.columns.map(({ name }) => name), cellTexts(table)]);

const leak = suite('leak');

leak('the test rows differ in every column, the training rows in none', () => {
  assert.equal(stratifiedSplit(swapped, Stream.fromSeed(7).child('split')), split);
  assert.is(written(train.features), written(trainOfSwapped.features));
  const [a, b] = [takeDataset(plain, split.test), takeDataset(swapped, split.test)].map((data) => cellTexts(data.features));
  a?.forEach((cells, c) => {
    assert.is.not(JSON.stringify(cells), JSON.stringify(b?.[c]), plain.features.columns[c]?.name as string);
  });
});

leak('feature encoders are the same to the bit', () => {
  const [a, b] = [fitFeatures(train.features), fitFeatures(trainOfSwapped.features)];
  assert.equal(a.spans, b.spans);
  assert.is(matrixBytes(a.features(train.features)), matrixBytes(b.features(trainOfSwapped.features)));
  assert.is(matrixBytes(a.standardised(train.features)), matrixBytes(b.standardised(trainOfSwapped.features)));
});

leak('encoders of the diffusion are the same to the bit', () => {
  const [a, b] = [train, trainOfSwapped].map(({ features }) => {
    const encoder = fitEncoder(features, backend.special);
    const { numeric, codes } = encoder.encode(features);
    return JSON.stringify([
      encoder.numeric,
      encoder.levels,
      bytesOf(numeric),
      bytesOf(codes),
      written(encoder.decode({ rows: features.rows, numeric, codes })),
    ]);
  });
  assert.is(a, b);
});

for (const entry of generators) {
  const { generator, options } = entry;
  leak(`synthetic rows of ${nameOf(entry)} are the same to the bit`, async () => {
    const [a, b] = await Promise.all(
      [train, trainOfSwapped].map(async (data) => {
        const run = { backend: await backend.fork() };
        const sampler = await generator.fit(data, Stream.fromSeed(1), run, options);
        return written(await sampler.sample(50, Stream.fromSeed(2), run));
      }),
    );
    assert.is(a, b);
  });
}

for (const method of methods) {
  leak(`what a cell of ${method.name} trains its classifiers on is the same to the bit`, async () => {
    const [a, b] = await Promise.all(
      [train, trainOfSwapped].map(async (data) => {
        const run = { backend: await backend.fork(), shared: newShared() };
        const fit = (generator: Generator) => fitGenerator(generator, data, 'train', Stream.fromSeed(4), run);
        const { features, y, positiveWeight, share } = await augment(method, data, 1, fit, Stream.fromSeed(3), run);
        return JSON.stringify([written(features), bytesOf(y), positiveWeight, share]);
      }),
    );
    assert.is(a, b);
  });
}

leak.run();
