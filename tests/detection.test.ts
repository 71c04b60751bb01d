/** The classifier two-sample test on numbers whose law is known. Dimensions: N rows, 6 columns. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../ts/backend/select.js';
import { detect, detectionAuc, type Sample } from '../ts/detection.js';
import { Stream } from '../ts/random.js';

const test = suite('two-sample test');
const backend = await wasmBackend();
const COLS = 6;
const stream = Stream.fromSeed(31);

/** Sums of four uniforms about `mean`; rows of one patient are equal but for a hundredth. */
function sample(label: string, patients: number, visits = 1, mean = 0): Sample {
  const own = stream.child(label);
  const values = new Float32Array(patients * visits * COLS);
  for (let p = 0; p < patients; p++) {
    const patient = Array.from({ length: COLS }, () => mean + own.uniform() + own.uniform() + own.uniform() + own.uniform() - 2);
    for (let v = 0; v < visits; v++)
      for (let c = 0; c < COLS; c++) values[(p * visits + v) * COLS + c] = (patient[c] as number) + 0.01 * own.uniform();
  }
  const rows = { rows: patients * visits, cols: COLS, values };
  return { rows, patients: Int32Array.from({ length: rows.rows }, (_, row) => Math.floor(row / visits)) };
}

const aucOf = async (made: Sample, real: Sample): Promise<number> => {
  const told = await detect(made, real, stream.child('test'), backend);
  assert.ok(told);
  return detectionAuc(told);
};

test('rows of one law are not told apart, rows of another are', async () => {
  const real = sample('real', 300);
  const alike = await aucOf(sample('alike', 300), real);
  assert.ok(Math.abs(alike - 0.5) < 0.08, `${alike}`);
  const other = await aucOf(sample('other', 300, 1, 1), real);
  assert.ok(other > 0.9, `${other}`);
});

test('a patient is not told by his or her other rows', async () => {
  const [made, real] = [sample('made', 40, 8), sample('real', 40, 8)];
  const byPatient = await aucOf(made, real);
  assert.ok(Math.abs(byPatient - 0.5) < 0.2, `${byPatient}`);
  const byRow = await aucOf({ rows: made.rows }, { rows: real.rows });
  assert.ok(byRow > 0.9, `rows on their own know each patient again: ${byRow}`);
});

test('each row of both kinds is judged once, in folds of equal size, and chosen rows count as often as they are named', async () => {
  const told = await detect(sample('few', 50), sample('many', 80), stream, backend);
  assert.ok(told);
  const sizes = ({ folds }: { folds: Int8Array }) => Array.from({ length: told.folds }, (_, f) => folds.filter((own) => own === f).length);
  assert.equal([sizes(told.made), sizes(told.real)], [Array(5).fill(10), Array(5).fill(10)]);
  assert.is(told.real.folds.filter((fold) => fold === -1).length, 30);
  const all = { made: told.made.folds.keys(), real: told.real.folds.keys() };
  assert.is(detectionAuc(told, all), detectionAuc(told));
  const [made] = [...told.made.folds.keys()];
  const beaten = [...told.real.folds.keys()].filter(
    (row) =>
      told.real.folds[row] === told.made.folds[made as number] &&
      (told.real.scores[row] as number) < (told.made.scores[made as number] as number),
  );
  assert.ok(beaten.length > 0);
  assert.is(detectionAuc(told, { made: [made as number], real: [beaten[0] as number, beaten[0] as number] }), 1);
});

test('too few rows or patients of a kind: no test', async () => {
  assert.is(await detect(sample('one', 1), sample('real', 50), stream, backend), null);
  assert.is(await detect(sample('one patient', 1, 20), sample('real', 50), stream, backend), null);
});

test.run();
