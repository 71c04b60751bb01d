import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  augment,
  CancelledError,
  ComputeError,
  generatorMethods,
  InputError,
  load,
  RandomCopies,
  SMOTE,
  TabDDPM,
  TabDDPMJoint,
  Table,
} from '../../ts/index.js';
import { methods } from '../../ts/study/methods.js';
import { rejection } from '../contract/rejection.js';
import { cohortCsv, SMALL } from './cohort.js';

const test = suite('library generators');
const table = Table.fromCsv(cohortCsv(), { name: 'cohort' });
const roles = { target: 'died', exclude: ['id', 'note'] };

test('every method of the command line that makes rows is there, under its name', () => {
  const named = methods.filter(({ generator, treatment }) => generator && treatment === 'augment').map(({ name }) => name);
  assert.equal(generatorMethods.map(({ method }) => method).sort(), named.sort());
});

test('fit and sample: the columns that were learnt from and the target, in order', async () => {
  const model = await TabDDPM.fit(table, { ...roles, ...SMALL });
  const rows = await model.sample(7);
  assert.equal(rows.columns, ['age', 'lactate', 'ward', 'died']);
  assert.is(rows.rows, 7);
  assert.equal([...new Set(rows.column('died') as string[])], ['yes']);
  for (const age of rows.column('age') as Float64Array) assert.ok(Number.isInteger(age) && age >= 40, `${age}`);
  for (const ward of rows.column('ward') as string[]) assert.ok(['a', 'b', 'c'].includes(ward), ward);
});

test('the seed decides the rows, of the fit and of the draw', async () => {
  const fit = (seed: number) => TabDDPM.fit(table, { ...roles, ...SMALL, seed });
  const model = await fit(3);
  const csv = async (seed: number, from = model) => (await from.sample(9, { seed })).toCsv();
  assert.is(await csv(1), await csv(1));
  assert.is(await csv(1), await csv(1, await fit(3)));
  assert.is.not(await csv(1), await csv(2));
  assert.is.not(await csv(1), await csv(1, await fit(4)));
});

test('jobs side by side give what they give alone', async () => {
  const alone = await (await SMOTE.fit(table, roles)).sample(20);
  const [model, other] = await Promise.all([SMOTE.fit(table, roles), TabDDPM.fit(table, { ...roles, ...SMALL })]);
  const [rows] = await Promise.all([model.sample(20), other.sample(20), model.sample(30)]);
  assert.is(rows?.toCsv(), alone.toCsv());
});

test('sampling options reach diffusion models, and no others', async () => {
  const model = await TabDDPM.fit(table, { ...roles, ...SMALL });
  const usual = (await model.sample(9)).toCsv();
  assert.is.not((await model.sample(9, { sampler: 'ddim', steps: 4 })).toCsv(), usual);
  assert.is.not((await model.sample(9, { sampler: 'ddpm' })).toCsv(), usual);
  assert.match((await rejection(model.sample(9, { steps: 0 }))).message, /"samplingSteps" expected/);
  const smote = await SMOTE.fit(table, roles);
  assert.match((await rejection(smote.sample(9, { steps: 5 }))).message, /"steps", "sampler" and "eta" expected a diffusion model/);
});

test('both classes, where both were learnt', async () => {
  const joint = await TabDDPMJoint.fit(table, { ...roles, ...SMALL });
  assert.equal([...new Set((await joint.sample(5, { label: 'no' })).column('died') as string[])], ['no']);
  assert.is.not((await joint.sample(5, { label: 'no', steps: 3 })).toCsv(), (await joint.sample(5, { label: 'no' })).toCsv());
  const one = await RandomCopies.fit(table, roles);
  assert.match(
    (await rejection(one.sample(5, { label: 'no' }))).message,
    /"label" expected died = yes: a model of random has learnt these rows alone/,
  );
  assert.match(
    (await rejection(one.sample(5, { label: 'perhaps' }))).message,
    /"label" expected a value of died that the model knows \("yes" and "no"\), got "perhaps"/,
  );
});

test('a saved model, opened again, draws the very same rows', async () => {
  for (const [method, options] of [
    [TabDDPM, SMALL],
    [TabDDPMJoint, SMALL],
    [SMOTE, {}],
  ] as const) {
    const model = await method.fit(table, { ...roles, ...options });
    const opened = await method.open(model.save());
    assert.is((await opened.sample(9, { seed: 4 })).toCsv(), (await model.sample(9, { seed: 4 })).toCsv(), method.method);
    assert.equal(opened.save(), model.save());
  }
  const smote = (await SMOTE.fit(table, roles)).save();
  assert.match(
    (await rejection(TabDDPM.open(smote, { name: 'rows.model' }))).message,
    /^rows\.model holds a model of smote, not of tabddpm/,
  );
  assert.instance(await rejection(TabDDPM.open(smote.slice(0, -1))), InputError);
});

test('mistakes are named', async () => {
  const is = async (job: Promise<unknown>, kind: typeof InputError | typeof ComputeError, message: RegExp) => {
    const error = await rejection(job);
    assert.instance(error, kind);
    assert.match(error.message, message);
  };
  await is(SMOTE.fit(table, { target: 'dead' }), InputError, /cohort: there is no column "dead"/);
  await is(SMOTE.fit(table, { ...roles, seed: -1 }), InputError, /"seed" expected a whole number from 0 on, got -1/);
  await is(SMOTE.fit(table, { ...roles, neighbors: 3 } as never), InputError, /"neighbors" is no option of smote; it has k/);
  await is((await SMOTE.fit(table, roles)).sample(0), InputError, /"count" expected a whole number from 1 on, got 0/);
  const few = Table.fromCsv(cohortCsv(40, 1), { name: 'few' });
  await is(TabDDPM.fit(few, { ...roles, ...SMALL }), ComputeError, /needs at least 2 rows with died = yes/);
  await is(load({ variant: 'fast' as never }), InputError, /"variant" expected simd or relaxed, got fast/);
});

test('an abort stops training, and the next job runs', async () => {
  const stop = new AbortController();
  const job = TabDDPM.fit(table, { ...roles, steps: 100_000, signal: stop.signal, onProgress: () => stop.abort() });
  assert.instance(await rejection(job), CancelledError);
  assert.is((await (await SMOTE.fit(table, roles)).sample(3)).rows, 3);
});

test('augment: all columns, the synthetic rows marked', async () => {
  const { table: balanced, added } = await augment(table, { ...roles, method: 'smote', ratio: 0.5 });
  assert.equal(balanced.columns, [...table.columns, 'synthetic']);
  assert.is(added, 32);
  assert.is(balanced.rows, table.rows + 32);
  const marks = balanced.column('synthetic') as string[];
  assert.equal([marks.slice(0, table.rows), marks.slice(table.rows)], [new Array(160).fill('0'), new Array(32).fill('1')]);
  assert.equal([...new Set((balanced.column('died') as string[]).slice(160))], ['yes']);
  assert.match(
    (await rejection(augment(table, { ...roles, ratio: 0.2 }))).message,
    /"ratio" expected more than the 0\.25 that there is already/,
  );
  for (const count of [0, 1.5])
    assert.match((await rejection(augment(table, { ...roles, count }))).message, /"count" expected a whole number from 1 on, got/);
  assert.match((await rejection(augment(table, { ...roles, method: 'smot' }))).message, /"method" expected one of tabddpm, .*got smot/);
  assert.match((await rejection(augment(balanced, { ...roles }))).message, /there is a column "synthetic" already/);
});

test.run();
