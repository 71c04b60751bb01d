import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FeatureMatrix, featureEncoderOf, fitFeatures } from '../../ts/encode/features.js';
import { readCsv } from '../../ts/table/csv.js';
import { type Table, takeRows } from '../../ts/table/table.js';
import { allClose } from '../close.js';
import { cellTexts } from '../contract/fingerprint.js';
import { mixed } from '../contract/fixtures.js';
import { inputError } from '../table/refusal.js';

const features = suite('features');
const read = (text: string, ordinal: string[] = []): Table =>
  readCsv(text, { file: 't.csv', schema: { columns: Object.fromEntries(ordinal.map((name) => [name, { kind: 'ordinal' as const }])) } });
const rowsOf = ({ rows, cols, values }: FeatureMatrix) =>
  Array.from({ length: rows }, (_, i) => [...values.subarray(i * cols, (i + 1) * cols)]);

features('numbers and ordinals stay numbers, levels become one-hot, missing is a level where the training part has it', () => {
  const train = read('n,o,l,m\n1.5,0.5,b,x\n,1,a,\n4,0,b,y\n', ['o']);
  const { spans, features: encode } = fitFeatures(train);
  assert.equal(spans, [
    { column: 'n', kind: 'number', start: 0, width: 1 },
    { column: 'o', kind: 'number', start: 1, width: 1 },
    { column: 'l', kind: 'onehot', start: 2, width: 2 },
    { column: 'm', kind: 'onehot', start: 4, width: 3 },
  ]);
  assert.equal(rowsOf(encode(train)), [
    [1.5, 0.5, 0, 1, 1, 0, 0],
    [Number.NaN, 1, 1, 0, 0, 0, 1],
    [4, 0, 0, 1, 0, 1, 0],
  ]);
});

features('a level that the training part lacks, and a missing one where it has none, count as its most frequent level', () => {
  const { features: encode } = fitFeatures(read('l,m\nb,x\na,\nb,y\nb,y\n'));
  // other levels in another order
  assert.equal(rowsOf(encode(read('m,l\nzz,b\ny,0\n,\nx,a\n'))), [
    [0, 1, 0, 1, 0],
    [0, 1, 0, 1, 0],
    [0, 1, 0, 0, 1],
    [1, 0, 1, 0, 0],
  ]);
});

features('ordinal words count by their rank as declared, unknown ones are missing', () => {
  const schema = { columns: { o: { kind: 'ordinal' as const, levels: ['low', 'mid', 'high'] } } };
  const train = readCsv('o,x\nhigh,1.5\nlow,2\n,3\n', { schema });
  assert.equal([...fitFeatures(train).features(train).values], [2, 1.5, 0, 2, Number.NaN, 3]);
  const other = readCsv('o,x\nmid,1.5\ntop,2\n', { schema: { columns: { o: { kind: 'ordinal', levels: ['top', 'mid'] } } } });
  assert.equal([...fitFeatures(train).features(other).values], [1, 1.5, Number.NaN, 2]);
});

/** The definition: median of what is there into the gaps, then z-scores with divisor N; a spread below 1e-12 counts as 1. */
function standardisedBefore(train: (number | null)[], rows: (number | null)[]): number[] {
  const there = train.filter((value) => value !== null).sort((a, b) => a - b);
  const median = there.length
    ? ((there[Math.floor((there.length - 1) / 2)] as number) + (there[Math.floor(there.length / 2)] as number)) / 2
    : 0;
  const filled = train.map((value) => value ?? median);
  const mean = filled.reduce((sum, value) => sum + value, 0) / filled.length;
  const sd = Math.sqrt(filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / filled.length);
  return rows.map((value) => ((value ?? median) - mean) / (sd < 1e-12 ? 1 : sd));
}

features('standardised numbers follow the definition, by the training part alone', () => {
  const columns: (number | null)[][] = [
    [1.5, null, 4, 10, null, -3, 2],
    [5, 5, 5, 5, 5, 5, 5],
    [1e6, 1e6 + 0.5, 1e6, null, 1e6, 1e6 - 2, 1e6 + 1],
  ];
  for (const column of columns) {
    const text = (values: (number | null)[]) => `a,b\n${values.map((value, i) => `${value ?? ''},${i / 2}`).join('\n')}\n`;
    const train = column.slice(0, 5);
    const { standardised } = fitFeatures(read(text(train)));
    const got = standardised(readCsv(text(column), { schema: { columns: { a: { kind: 'numeric' } } } }));
    allClose(
      rowsOf(got).map((row) => row[0] as number),
      standardisedBefore(train, column),
      { rel: 2 ** -23, abs: 2 ** -24 },
      `${column}`,
    );
  }
});

features('a column without a single value is NaN for classifiers and 0 for metrics', () => {
  const train = readCsv('a,b\n,1.5\nNA,2\n', { schema: { columns: { a: { kind: 'numeric' } } } });
  assert.equal(
    rowsOf(fitFeatures(train).features(train)).map((row) => row[0]),
    [Number.NaN, Number.NaN],
  );
  assert.equal(
    rowsOf(fitFeatures(train).standardised(train)).map((row) => row[0]),
    [0, 0],
  );
});

features('what was learnt is plain data without a trace of other rows, and makes the same encoder again', () => {
  const table = mixed({ rows: 60, positives: 20 }).features;
  const part = takeRows(table, [...Array(40).keys()]);
  const fitted = fitFeatures(part);
  const stored = JSON.parse(JSON.stringify(fitted.state));
  assert.equal(stored, fitted.state);
  for (const matrix of ['features', 'standardised'] as const) {
    assert.equal(rowsOf(featureEncoderOf(stored)[matrix](table)), rowsOf(fitted[matrix](table)));
  }
  assert.is(cellTexts(part).length, part.columns.length);
  const grades = (text: string) => JSON.stringify(fitFeatures(takeRows(read(text, ['o']), [0, 1, 2])).state);
  assert.is(grades('o,x\n1,1.5\n3,2.5\n1,3.5\n2,4.5\n'), grades('o,x\n1,1.5\n3,2.5\n1,3.5\n5,-1\n'), 'a grade that only a test row has');
});

features('another table must have the same columns of the same sort', () => {
  const { features: encode } = fitFeatures(read('a,b\n1.5,x\n2.5,y\n'));
  inputError(() => encode(read('a,c\n1.5,x\n2.5,y\n')), 'no column "b"');
  inputError(() => encode(read('a,b\nu,x\nv,y\n')), '"a"', 'binary here', 'number in the training table', 'schema');
  inputError(() => encode(read('a,b\n1.5,7\n2.5,8\n')), '"b"', 'integer here', 'levels in the training table');
  inputError(() => fitFeatures(takeRows(read('a\n1.5\n'), [])), 'at least 1 row');
});

features.run();
