/** The simulated cohort has the deaths, correlations, gaps and independence of size that its head promises. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { drawsOf } from '../../ts/simulate/draws.js';
import { ICU_SCHEMA, MOST_ROWS, simulateIcu } from '../../ts/simulate/icu.js';
import { drawPatient } from '../../ts/simulate/patient.js';
import { DEATH_SHARE, interceptOf, logOdds } from '../../ts/simulate/risk.js';
import { readCsv, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { isNumberColumn, type Table, takeRows } from '../../ts/table/table.js';
import { inputError } from '../table/refusal.js';

const test = suite('simulated ICU cohort');
const { special } = await wasmBackend();
const ROWS = 12_000;
const cohort = simulateIcu(ROWS, Stream.fromSeed(7), special);

/** A column as numbers (codes of levels), NaN where missing. */
function cells(table: Table, name: string): number[] {
  const column = table.columns.find((own) => own.name === name);
  if (!column || column.kind === 'text') throw new Error(`there is no column ${name}`);
  return isNumberColumn(column) ? [...column.values] : [...column.codes].map((code) => (code < 0 ? Number.NaN : code));
}

const died = cells(cohort, 'died');
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's, over the rows where both are known. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const known = a.flatMap((value, i) => (Number.isNaN(value) || Number.isNaN(b[i]!) ? [] : [[value, b[i]!] as const]));
  const [ma, mb] = [mean(known.map(([x]) => x)), mean(known.map(([, y]) => y))];
  const product = (f: (x: number, y: number) => number) => known.reduce((sum, [x, y]) => sum + f(x - ma, y - mb), 0);
  return product((x, y) => x * y) / Math.sqrt(product((x) => x * x) * product((_, y) => y * y));
}

test('8% of deaths: expected by the intercept, and found within binomial limits', () => {
  const intercept = interceptOf(Stream.fromSeed(3), special);
  const draws = drawsOf(Stream.fromSeed(4), special);
  const risks = Array.from({ length: 20_000 }, () => special.sigmoid(intercept + logOdds(drawPatient(draws, special), special)));
  const spread = Math.sqrt(mean(risks.map((risk) => (risk - DEATH_SHARE) ** 2)));
  // 4 standard errors: of these patients, and of the reference ones that gave the intercept
  assert.ok(Math.abs(mean(risks) - DEATH_SHARE) < 4 * spread * Math.sqrt(1 / 20_000 + 1 / 32_768), `mean risk ${mean(risks)}`);
  const limit = 4 * Math.sqrt((DEATH_SHARE * (1 - DEATH_SHARE)) / ROWS) + 4 * spread * Math.sqrt(1 / 32_768);
  assert.ok(Math.abs(mean(died) - DEATH_SHARE) < limit, `share ${mean(died)}`);
});

test('the same stream gives the same bytes, another one others', () => {
  const text = (seed: number) => toCsv(simulateIcu(40, Stream.fromSeed(seed), special));
  assert.is(text(1), text(1));
  assert.is.not(text(2), text(1));
});

test('more rows are the same rows and further ones', () => {
  const text = (table: Table) => toCsv(table);
  for (const rows of [1, 3, 17, 500]) {
    const first = Uint32Array.from({ length: rows }, (_, row) => row);
    assert.is(text(simulateIcu(rows, Stream.fromSeed(7), special)), text(takeRows(cohort, first)), `${rows} rows`);
  }
});

test('correlations have the signs of physiology', () => {
  const pairs: readonly [string, string, 1 | -1][] = [
    ['lactate', 'mean_bp', -1],
    ['lactate', 'ph', -1],
    ['creatinine', 'urea', 1],
    ['creatinine', 'urine_output', -1],
    ['pf_ratio', 'resp_rate', -1],
    ['pf_ratio', 'spo2', 1],
    ['gcs', 'ventilated', -1],
    ['temperature', 'white_cells', 1],
    ['bilirubin', 'platelets', -1],
    ['bilirubin', 'albumin', -1],
    ['age', 'comorbidities', 1],
    ['glucose', 'diabetes', 1],
    ['vasopressor', 'lactate', 1],
    ['died', 'lactate', 1],
    ['died', 'gcs', -1],
    ['died', 'age', 1],
    ['died', 'albumin', -1],
  ];
  for (const [a, b, sign] of pairs) {
    const r = correlation(cells(cohort, a), cells(cohort, b));
    assert.ok(sign * r > 0.07, `${a} and ${b}: ${r.toFixed(3)}`); // 7.5 standard errors of no correlation
  }
});

test('risk is U-shaped: both ends of temperature, heart rate and sodium die more often than the middle', () => {
  const share = (name: string, from: number, to: number) => {
    const values = cells(cohort, name);
    const own = died.filter((_, row) => values[row]! >= from && values[row]! < to);
    assert.ok(own.length >= 100, `${own.length} rows with ${name} in ${from}..${to}`);
    return mean(own);
  };
  const bowls: readonly [string, number, number, number, number][] = [
    ['temperature', 35.8, 36.5, 37.5, 38.4],
    ['heart_rate', 52, 72, 88, 115],
    ['sodium', 131, 136, 141, 146],
  ];
  for (const [name, low, from, to, high] of bowls) {
    const middle = share(name, from, to);
    assert.ok(share(name, -Infinity, low) > 1.3 * middle, `${name}: low`);
    assert.ok(share(name, high, Infinity) > 1.3 * middle, `${name}: high`);
  }
});

test('a small group dies often without looking ill', () => {
  const [white, cancer, lactate] = [cells(cohort, 'white_cells'), cells(cohort, 'cancer'), cells(cohort, 'lactate')];
  const member = died.map((_, row) => white[row]! < 2.5 && cancer[row]! > 0);
  const own = <T>(values: readonly T[], wanted: boolean) => values.filter((_, row) => member[row] === wanted);
  const size = mean(member.map(Number));
  assert.ok(size > 0.01 && size < 0.05, `share ${size}`);
  assert.ok(mean(own(died, true)) > 2 * mean(own(died, false)));
  const known = (values: readonly number[]) => values.filter((value) => !Number.isNaN(value));
  assert.ok(mean(known(own(lactate, true))) < mean(known(own(lactate, false))));
});

test('what is missing tells something: laboratory values are measured more often in those who die', () => {
  for (const name of ['lactate', 'ph', 'albumin', 'urine_output', 'creatinine', 'platelets']) {
    const missing = cells(cohort, name).map((value) => Number(Number.isNaN(value)));
    const [alive, dead] = [0, 1].map((outcome) => mean(missing.filter((_, row) => died[row] === outcome))) as [number, number];
    assert.ok(dead < 0.75 * alive, `${name}: missing in ${dead} of the dead, ${alive} of the others`);
  }
  const gas = cells(cohort, 'ph').map(Number.isNaN);
  assert.equal(cells(cohort, 'pf_ratio').map(Number.isNaN), gas, 'one blood gas, one gap');
});

test('values have clinical ranges and decimals, and the file is read back under its schema as the same table', () => {
  const ranges: readonly [string, number, number][] = [
    ['age', 18, 100],
    ['gcs', 3, 15],
    ['heart_rate', 20, 220],
    ['temperature', 30, 43],
    ['spo2', 50, 100],
    ['ph', 6.7, 7.8],
    ['sodium', 100, 180],
    ['platelets', 1, 1500],
  ];
  for (const [name, least, most] of ranges) {
    for (const value of cells(cohort, name)) assert.ok(Number.isNaN(value) || (value >= least && value <= most), `${name} ${value}`);
  }
  const few = takeRows(
    cohort,
    Uint32Array.from({ length: 400 }, (_, row) => row),
  );
  const back = readCsv(toCsv(few), { schema: ICU_SCHEMA });
  assert.equal(back.warnings, []);
  assert.is(toCsv(back), toCsv(few));
  for (const [c, column] of few.columns.entries()) {
    assert.is(back.columns[c]!.kind, column.kind, column.name);
    if (isNumberColumn(column)) assert.ok(isNumberColumn(back.columns[c]!) && back.columns[c].decimals <= column.decimals, column.name);
  }
  const dataset = toDataset(back, { name: 'simulated', ...ICU_SCHEMA });
  assert.equal(dataset.warnings, []);
  assert.is(dataset.features.columns.length, 29);
});

test('a number of rows that is none is refused', () => {
  for (const rows of [0, -1, 1.5, Number.NaN, MOST_ROWS + 1]) {
    inputError(() => simulateIcu(rows, Stream.fromSeed(1), special), `"rows" expected a whole number in 1..${MOST_ROWS}`, String(rows));
  }
});

test.run();
