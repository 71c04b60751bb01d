import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { fidelity, type Minority } from '../../ts/metrics/fidelity.js';
import { Stream } from '../../ts/random.js';
import type { Table } from '../../ts/table/table.js';
import { FIXTURES, numeric } from '../contract/fixtures.js';

const backend = await wasmBackend();
const stream = Stream.fromSeed(21);

/** Rows of the three-column fixture; its numbers stand for themselves. */
function minority(rows: number, seed: number): Minority {
  const table = numeric({ rows, positives: rows, seed }).features;
  const values = new Float32Array(rows * table.columns.length);
  for (const [k, column] of table.columns.entries()) {
    if ('values' in column) for (const [i, value] of column.values.entries()) values[i * table.columns.length + k] = value;
  }
  return { table, rows: { rows, cols: table.columns.length, values } };
}

const tests = suite('fidelity');

tests('a second real sample is at the floor; a copy of the training part betrays itself by the nearest ratio alone', async () => {
  const parts = { training: minority(120, 1), test: minority(60, 2) };
  const fresh = await fidelity(backend, { ...parts, synthetic: minority(120, 3) }, stream);
  for (const [field, value] of Object.entries(fresh)) assert.type(value, field === 'tv_mean' ? 'object' : 'number', field); // no level columns
  assert.ok(Math.abs((fresh.mmd2_u as number) - (fresh.mmd2_u_floor as number)) < 0.03);
  assert.ok((fresh.nearest_ratio as number) > 0.7 && (fresh.nearest_ratio as number) < 1.4);
  assert.ok((fresh.coverage as number) > 0.8);
  const copied = await fidelity(backend, { ...parts, synthetic: parts.training }, stream);
  assert.is(copied.nearest_ratio, 0);
  assert.is(copied.mmd2_u, copied.mmd2_u_floor);
  assert.is(copied.mmd_b, copied.mmd_floor);
  assert.is(copied.mmd_multi, copied.mmd_multi_floor);
});

tests('the biased MMD is that of the rows that were added, everything else that of the rows that are judged', async () => {
  const parts = { training: minority(60, 1), test: minority(30, 2) };
  const [judged, added] = [minority(80, 3), minority(20, 4)];
  const both = await fidelity(backend, { ...parts, synthetic: judged, added }, stream);
  const ofJudged = await fidelity(backend, { ...parts, synthetic: judged }, stream);
  const ofAdded = await fidelity(backend, { ...parts, synthetic: added }, stream);
  assert.is(both.mmd_b, ofAdded.mmd_b);
  assert.is.not(both.mmd_b, ofJudged.mmd_b);
  assert.equal({ ...both, mmd_b: null }, { ...ofJudged, mmd_b: null });
});

tests('without synthetic rows only the floor is known', async () => {
  const parts = { training: minority(40, 1), test: minority(20, 2) };
  const got = await fidelity(backend, { ...parts, synthetic: null }, stream);
  for (const [field, value] of Object.entries(got)) assert.type(value, field.endsWith('floor') ? 'number' : 'object', field);
  const with_ = await fidelity(backend, { ...parts, synthetic: minority(40, 3) }, stream);
  assert.is(got.mmd2_u_floor, with_.mmd2_u_floor, 'the floor does not depend on the method');
});

tests('undefined numbers are null: one test row, or training rows that are all alike', async () => {
  const one = await fidelity(backend, { training: minority(30, 1), test: minority(1, 2), synthetic: minority(30, 3) }, stream);
  assert.is(one.mmd2_u, null);
  assert.is(one.coverage, null);
  assert.type(one.mmd_b, 'number');
  const alike: Minority = { ...minority(30, 1), rows: { rows: 30, cols: 3, values: new Float32Array(90) } };
  const none = await fidelity(backend, { training: alike, test: minority(20, 2), synthetic: minority(30, 3) }, stream);
  assert.is(none.mmd_b, null);
  assert.is(none.mmd_floor, null);
});

tests('tables of every kind, awkward columns included, give finite numbers or null', async () => {
  for (const [name, make] of Object.entries(FIXTURES)) {
    const tableOf = (seed: number) => make({ rows: 40, positives: 40, seed }).features;
    const encoder = fitFeatures(tableOf(1));
    const minorityOf = (table: Table): Minority => ({ table, rows: encoder.standardised(table) });
    const [training, test, synthetic] = [minorityOf(tableOf(1)), minorityOf(tableOf(2)), minorityOf(tableOf(3))];
    const got = await fidelity(backend, { training, test, synthetic }, stream);
    for (const [field, value] of Object.entries(got)) assert.ok(value === null || Number.isFinite(value), `${name} ${field}: ${value}`);
    assert.type(got.mmd2_u, 'number', `${name} mmd2_u`);
    // few levels make most test rows equal to a training row: no ratio then
    assert.type(got.nearest_ratio, name === 'categorical' ? 'object' : 'number', `${name} nearest_ratio`);
    assert.type(got.pair_difference, 'number', `${name} pair_difference`);
  }
});

tests.run();
