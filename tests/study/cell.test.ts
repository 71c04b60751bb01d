/** A cell end to end: every number there, one seed one result, and the pieces that cells share. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { ComputeError } from '../../ts/errors.js';
import { type Cell, type CellSetting, failedLines, runCell } from '../../ts/study/cell.js';
import { type ResultLine, TIME_FIELDS } from '../../ts/study/result.js';
import { newShared } from '../../ts/study/shared.js';
import { splitOf } from '../../ts/study/splits.js';
import type { Dataset } from '../../ts/table/table.js';
import { close } from '../close.js';
import { mixed } from '../contract/fixtures.js';

const backend = await wasmBackend();
const data: Dataset = mixed({ rows: 160, positives: 32 });
const cellOf = (method: string, ratio = 1, split = 0): Cell => ({ dataset: data.name, split, method, ratio });
const setting: CellSetting = { seed: 3, classifiers: ['rf', 'xgb'], tuned: false, version: 'test' };

const run = (cell: Cell, changed: Partial<CellSetting> = {}, on: Dataset = data) =>
  runCell(cell, on, { ...setting, ...changed }, { backend, shared: newShared() }).then(({ lines }) => lines);
const timeless = (lines: readonly ResultLine[]) =>
  lines.map((line) => JSON.stringify(Object.entries(line).filter(([name]) => !(TIME_FIELDS as readonly string[]).includes(name))));

const cell = suite('cell');

for (const method of ['none', 'weight', 'random', 'smote', 'tabddpm']) {
  cell(`${method}: a line for each classifier, with every number that applies`, async () => {
    const lines = await run(cellOf(method));
    assert.equal(
      lines.map((line) => line.classifier),
      ['rf', 'xgb'],
    );
    const makesRows = method !== 'none' && method !== 'weight';
    for (const line of lines) {
      const counts = [line.n_train, line.n_pos_train, line.n_pos_test, line.n_synth];
      const negatives = line.n_train - line.n_pos_train;
      assert.equal(counts, [128, 26, 6, makesRows ? negatives - 26 : 0]);
      for (const name of ['f1', 'auroc', 'ap', 'brier', 'brier_prior', 'mmd_floor', 'mmd2_u_floor'] as const) {
        assert.type(line[name], 'number', `${method} ${name}`);
      }
      for (const name of ['mmd_b', 'mmd2_u', 'mmd_multi', 'nearest_ratio', 'ks_mean', 'tv_mean', 'c2st_auc', 'coverage'] as const) {
        assert.is(line[name] === null, !makesRows, `${method} ${name}: ${line[name]}`);
      }
      assert.is(line.loss_curve === null, method !== 'tabddpm');
      assert.is(line.pr_curve?.length, 101);
      assert.is(line.threshold, null);
      assert.equal(JSON.parse(JSON.stringify(line)), line, 'a line survives JSON');
    }
  });
}

cell('the same seed gives the same lines, whatever ran before; another seed gives others', async () => {
  const first = timeless(await run(cellOf('tabddpm')));
  await run(cellOf('smote', 0.5));
  assert.equal(timeless(await run(cellOf('tabddpm'))), first);
  assert.not.equal(timeless(await run(cellOf('tabddpm'), { seed: 4 })), first);
});

cell('a classifier does not depend on which others run beside it', async () => {
  const both = timeless(await run(cellOf('smote')));
  const alone = timeless(await run(cellOf('smote'), { classifiers: ['xgb'] }));
  assert.equal(alone, both.slice(1));
});

cell('all methods of a split have the same parts and the same floor', async () => {
  const floors = new Set<unknown>();
  for (const method of ['none', 'smote', 'tabddpm']) floors.add((await run(cellOf(method)))[0]?.mmd2_u_floor);
  assert.is(floors.size, 1);
});

cell('none and tuned give the same numbers at every ratio; weight weighs to the ratio', async () => {
  const strip = (lines: readonly ResultLine[]) => timeless(lines.map((line) => ({ ...line, ratio: 0 })));
  assert.equal(strip(await run(cellOf('none', 1))), strip(await run(cellOf('none', 0.5))));
  assert.equal(strip(await run(cellOf('tuned', 1))), strip(await run(cellOf('tuned', 0.5))));
  assert.not.equal(strip(await run(cellOf('weight', 1))), strip(await run(cellOf('weight', 0.5))));
});

cell('cells of one model share its fit, and have the numbers that each has alone', async () => {
  const shared = newShared();
  const together = (ratio: number) => runCell(cellOf('tabddpm', ratio), data, { ...setting, tuned: true }, { backend, shared });
  const first = await together(1);
  const second = await together(0.5);
  assert.is(second.lines[0]?.fit_s, first.lines[0]?.fit_s, 'the fit is the same one');
  assert.equal(timeless(second.lines), timeless(await run(cellOf('tabddpm', 0.5), { tuned: true })));
});

cell('tuned: one model with its own threshold stands for every classifier', async () => {
  const [a, b] = await run(cellOf('tuned'), { tuned: true });
  assert.ok(a && b && a.threshold !== null && a.f1_tuned !== null);
  for (const name of ['f1', 'f1_tuned', 'threshold', 'auroc', 'ap', 'brier'] as const) assert.is(a[name], b[name], name);
  const [none] = await run(cellOf('none'), { tuned: true });
  assert.is.not(a.auroc, none?.auroc);
  assert.is(a.n_synth, 0);
});

cell('cells of the portrayed ratio have a portrait of what was judged, where rows are made', async () => {
  const portraitFor = (method: string, ratio: number, portrayedRatio?: number) =>
    runCell(cellOf(method, ratio), data, { ...setting, portrayedRatio }, { backend, shared: newShared() });
  const { lines, portrait } = await portraitFor('smote', 1, 1);
  assert.equal([portrait?.method, portrait?.ratio, portrait?.rows], ['smote', 1, { training: 26, test: 6, synthetic: 1000 }]);
  const ks = (portrait?.columns ?? []).filter(({ kind }) => kind === 'numeric' || kind === 'integer').map(({ test }) => test as number);
  close(ks.reduce((sum, value) => sum + value, 0) / ks.length, lines[0]?.ks_mean as number, { abs: 1e-4 });
  for (const [method, ratio, portrayed] of [
    ['smote', 1, 0.5],
    ['smote', 1, undefined],
    ['smote', 0.1, 0.1],
    ['none', 1, 1],
  ] as const)
    assert.is((await portraitFor(method, ratio, portrayed)).portrait, null, `${method} ${ratio} ${portrayed}`);
});

cell('a blend adds no row to the training part, draws its own, and stands for every ratio', async () => {
  const one = await run(cellOf('rose-blend', 1));
  const [line] = one;
  assert.is(line?.n_synth, 26);
  assert.type(line?.mmd2_u, 'number');
  assert.is(line?.brier, line?.brier_prior, 'it corrects for the prior itself');
  assert.equal(timeless((await run(cellOf('rose-blend', 0.5))).map((other) => ({ ...other, ratio: 1 }))), timeless(one));
});

cell('the joint model adds rows of both classes at the real prior', async () => {
  const [line] = await run(cellOf('tabddpm-joint'));
  assert.is(line?.n_synth, 102 - 26);
});

cell('a ratio that the table has already adds no row', async () => {
  const [line] = await run(cellOf('smote', 0.1));
  assert.is(line?.n_synth, 0);
  assert.is(line?.mmd_b, null);
});

cell('a tuned threshold comes from the training part alone', async () => {
  const [line] = await run(cellOf('smote'), { tuned: true });
  assert.ok(line && line.threshold !== null && line.threshold > 0 && line.threshold <= 1);
  assert.ok(line.f1_tuned !== null);
  const { test } = splitOf(data, setting.seed, 0);
  const flipped = { ...data, features: { ...data.features, columns: data.features.columns.map((column) => scrambled(column, test)) } };
  const [other] = await run(cellOf('smote'), { tuned: true }, flipped);
  assert.is(other?.threshold, line.threshold);
});

/** The column with the values of the test rows turned round. */
function scrambled(column: Dataset['features']['columns'][number], test: Uint32Array): typeof column {
  if (column.kind === 'text') return column;
  const from = 'values' in column ? column.values : column.codes;
  const to = from.slice();
  test.forEach((row, i) => {
    to[row] = from[test[test.length - 1 - i] as number] as number;
  });
  return 'values' in column ? { ...column, values: to as Float64Array } : { ...column, codes: to as Int32Array };
}

cell('a cell that cannot run leaves one failed line a classifier', async () => {
  const few = mixed({ rows: 60, positives: 2 });
  const failing = { ...cellOf('tabddpm'), dataset: few.name };
  let error: unknown;
  try {
    await run(failing, {}, few);
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, ComputeError);
  const lines = failedLines(failing, setting, error);
  assert.is(lines.length, 2);
  assert.match(lines[0]?.error as string, /at least 2/);
});

cell.run();
