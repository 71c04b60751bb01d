/** `train`, `sample` and `augment --model-out`: what is drawn from a file is what the fitted model draws. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { augment, Boosting, TabDDPM, Table } from '../../ts/index.js';
import { readModel } from '../../ts/store/model.js';
import { temporaryFolder } from '../node/folder.js';
import { has, PYTHON } from '../requirements.js';
import { refuses, succeeds, synthward, writeCohort } from './command.js';

const test = suite('train and sample');
const folder = temporaryFolder();
const BREAST_CANCER = fileURLToPath(new URL('../../data/breast_cancer.csv', import.meta.url));
writeCohort(join(folder, 'cohort.csv'));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const ROLES = ['--target', 'died', '--group', 'id'];
const run = (...args: (string | number)[]) => succeeds(synthward(folder, ...args));
/** A small model, trained once. */
const trained = run('train', 'cohort.csv', ...ROLES, '--timesteps', 30, '--model-out', 'small.model');

test('train says what it learnt and what the file holds', () => {
  assert.match(trained.stdout, /^tabddpm learnt in 250 steps from 160 rows, 40 with died = yes → small\.model \(\d+ kB\)\n$/);
  assert.match(trained.stderr, /note: small\.model holds up to 1000 sorted values of each number column of real patients/);
});

test('rows of the file are those that augment makes in one go, to the byte, and its models are those of train', () => {
  const more = ['--only-synthetic', '--count', 30, '--model-out', 'augment.model', '--out', 'augmented.csv'];
  run('augment', 'cohort.csv', ...ROLES, ...more);
  run('train', 'cohort.csv', ...ROLES, '--model-out', 'train.model');
  assert.equal(readFileSync(join(folder, 'train.model')), readFileSync(join(folder, 'augment.model')));
  run('sample', 'train.model', '--count', 30, '--steps', 50, '--out', 'sampled.csv');
  assert.is(read('sampled.csv'), read('augmented.csv'));
});

test('the library draws and predicts what the command line does, to the byte', async () => {
  const table = Table.fromCsv(read('cohort.csv'));
  const roles = { target: 'died', group: 'id', seed: 7 };
  run('augment', 'cohort.csv', ...ROLES, '--seed', 7, '--method', 'rose', '--out', 'all.csv');
  const library = (await augment(table, { ...roles, method: 'rose' })).table;
  assert.is(library.toCsv(), read('all.csv'));
  run('sample', 'small.model', '--count', 12, '--seed', 7, '--out', 'seven.csv');
  const model = await TabDDPM.open(readFileSync(join(folder, 'small.model')));
  assert.is((await model.sample(12, { steps: 20, seed: 7 })).toCsv(), read('seven.csv'));
  run('classify', '--train', 'cohort.csv', '--test', 'cohort.csv', ...ROLES, '--classifier', 'xgb', '--seed', 7, '--out', 'p.csv');
  const predicted = await (await Boosting.fit(table, roles)).predictProbability(table);
  assert.equal([...Table.fromCsv(read('p.csv')).column('probability')], [...predicted].map(Number));
});

test('a file of rows: the same, and a warning that it is data', () => {
  const { stderr } = run('train', 'cohort.csv', ...ROLES, '--method', 'smote', '--model-out', 'smote.model');
  assert.match(stderr, /note: smote\.model holds rows of real patients, as they were learnt from: guard it like the data/);
  run('augment', 'cohort.csv', ...ROLES, '--method', 'smote', '--only-synthetic', '--count', 9, '--out', 'a.csv');
  assert.match(run('sample', 'smote.model', '--count', 9, '--out', 'b.csv').stdout, /^9 rows with died = yes drawn by smote → b\.csv\n$/);
  assert.is(read('b.csv'), read('a.csv'));
});

test('sample: twenty steps, or others; each seed its own rows; warnings of the training are repeated', () => {
  const sample = (out: string, ...more: (string | number)[]) => run('sample', 'small.model', '--count', 12, '--out', out, ...more);
  assert.match(sample('one.csv').stdout, /^12 rows with died = yes drawn by tabddpm in 20 steps → one\.csv\n$/);
  sample('two.csv', '--steps', 20, '--sampler', 'dpm++', '--seed', 1);
  assert.is(read('two.csv'), read('one.csv'));
  for (const other of [
    ['--seed', 2],
    ['--steps', 10],
    ['--sampler', 'ddim'],
    ['--sampler', 'ddpm'],
  ]) {
    sample('two.csv', ...other);
    assert.is.not(read('two.csv'), read('one.csv'), other.join(' '));
  }
  const [header, ...rows] = read('one.csv').trimEnd().split('\n');
  assert.is(header, 'id,age,dose,ward,lactate,note,died');
  assert.is(rows.length, 12);
  for (const row of rows) assert.match(row, /^synthetic-\d+,[\d.]+,\d+,(icu|surgery|medicine),[\d.]*,,yes$/);
});

test('the other class, where the model has learnt it', async () => {
  run('train', 'cohort.csv', ...ROLES, '--method', 'tabddpm-joint', '--timesteps', 10, '--model-out', 'joint.model');
  assert.match(
    run('sample', 'joint.model', '--count', 3, '--label', 'no', '--out', 'no.csv').stdout,
    /3 rows with died = no .* in 10 steps/,
  );
  assert.match(read('no.csv'), /^(.*,died\n)(.*,no\n){3}$/);
  const sample = ['sample', 'small.model', '--count', 3, '--out', 'x.csv'];
  await refuses(folder, [...sample, '--label', 'no'], /"label" expected died = yes: a model of tabddpm has learnt these rows alone/);
  await refuses(folder, [...sample, '--label', 'x'], /"label" expected a value of died that the model knows \("yes" and "no"\), got "x"/);
});

test('mistakes end in one sentence and leave nothing', async () => {
  const train = ['train', 'cohort.csv', ...ROLES];
  const sample = (model: string) => ['sample', model, '--count', 3, '--out', 'x.csv'];
  await refuses(folder, train, /required option '--model-out <file>'/);
  await refuses(folder, [...train, '--method', 'weight', '--model-out', 'x'], /'weight' is invalid/);
  await refuses(folder, [...train, '--method', 'smote', '--timesteps', 5, '--model-out', 'x'], /"--timesteps" expected a diffusion model/);
  await refuses(folder, [...train, '--model-out', 'cohort.csv'], /"--model-out" expected another file than cohort\.csv, which is read/);
  await refuses(folder, [...train, '--model-out', 'no/x'], /the folder no does not exist/);
  const augment = ['augment', 'cohort.csv', ...ROLES, '--out', 'x.csv', '--model-out'];
  await refuses(folder, [...augment, 'x.csv'], /"--model-out" expected another file than --out/);
  await refuses(folder, sample('none.model'), /cannot read none\.model: there is no such file/);
  await refuses(folder, sample('cohort.csv'), /cohort\.csv is damaged or no model file/);
  await refuses(folder, [...sample('small.model'), '--steps', 31], /"samplingSteps" expected at most the 30 timesteps, got 31/);
  await refuses(folder, ['sample', 'small.model', '--count', 3, '--out', 'small.model'], /"--out" expected another file than small\.model/);
  await refuses(folder, ['sample', 'small.model', '--out', 'x.csv'], /required option '--count <number>'/);
  run('train', 'cohort.csv', ...ROLES, '--method', 'rose', '--model-out', 'rose.model');
  await refuses(folder, [...sample('rose.model'), '--steps', 5], /"steps", "sampler" and "eta" expected a diffusion model/);
  const bytes = readFileSync(join(folder, 'small.model'));
  writeFileSync(join(folder, 'cut.model'), bytes.subarray(0, bytes.length - 100));
  await refuses(folder, sample('cut.model'), /cut\.model is damaged .* lies at \d+\.\.\d+ of \d+ bytes/);
  bytes[bytes.length - 5]! ^= 4; // in a weight
  writeFileSync(join(folder, 'flipped.model'), bytes);
  await refuses(folder, sample('flipped.model'), /flipped\.model is damaged .* its checksum is \w{8}, it should be \w{8}/);
});

/** What Python's safetensors package reads of a model: texts, and kind, shape and sum of each array. */
function readByPython(name: string) {
  const program = `
import json, sys, zlib
from safetensors import safe_open
with safe_open(sys.argv[1], "numpy") as file:
    texts = file.metadata()
    arrays = {name: file.get_tensor(name) for name in file.keys()}
raw = open(sys.argv[1], "rb").read()
at = raw.index(b'"crc32":"') + 9
print(json.dumps({
    "method": texts["method"], "options": json.loads(texts["options"]),
    "checksum": texts["crc32"] == "%08x" % zlib.crc32(raw[:at] + b"00000000" + raw[at + 8:]),
    "arrays": {name: [str(a.dtype), list(a.shape), float(a.astype("f8").sum())] for name, a in arrays.items()},
}))`;
  return JSON.parse(execFileSync(PYTHON, ['-c', program, join(folder, name)], { encoding: 'utf8' }));
}

test('a flow of trees: rows of the file are those of augment, and Python reads it', () => {
  const how = ['--method', 'forestflow'];
  const { stdout, stderr } = run('train', 'cohort.csv', ...ROLES, ...how, '--model-out', 'flow.model');
  assert.match(stdout, /^forestflow learnt in 20 steps from 160 rows, 40 with died = yes → flow\.model \(\d+ kB\)\n$/);
  assert.match(stderr, /note: flow\.model holds .*; no patient’s row, but which numbers each patient lacks/);
  run('augment', 'cohort.csv', ...ROLES, ...how, '--only-synthetic', '--count', 9, '--model-out', 'again.model', '--out', 'a.csv');
  run('sample', 'flow.model', '--count', 9, '--out', 'b.csv');
  assert.is(read('b.csv'), read('a.csv'));
  assert.equal(readFileSync(join(folder, 'again.model')), readFileSync(join(folder, 'flow.model')));
  if (!has('python:numpy') || !has('python:safetensors')) return;
  const { method, options, checksum, arrays } = readByPython('flow.model');
  assert.equal([method, options.levels, checksum], ['forestflow', 10, true]);
  const [, [levels, width]] = arrays['flow.bases'];
  assert.is(levels, 9);
  assert.equal(arrays['flow.vectors'].slice(0, 2), ['float64', [width, width]]);
  assert.equal(arrays['trees.roots'].slice(0, 2), ['uint32', [9 * width * 20 + 1]]);
  assert.equal(arrays['flow.gaps'].slice(0, 2), ['uint8', [40, 1]]);
  const own = readModel(readFileSync(join(folder, 'flow.model'))).arrays.of('trees.value', ['F32']);
  const sum = own.reduce((total, x) => total + x, 0);
  assert.ok(Math.abs(arrays['trees.value'][2] - sum) <= 1e-9 * own.length, 'the same numbers');
});

for (const [method, steps, layer, moment] of [
  ['ctgan', 1500, 'generator.l1.w', 'generator.l2.variance'],
  ['tvae', 600, 'decoder1.w', 'sigma'],
] as const) {
  test(`${method}: rows of the file are those of augment, and Python reads it`, () => {
    const model = `${method}.model`;
    const more = ['--method', method, '--only-synthetic', '--count', 9, '--model-out', model, '--out', 'a.csv'];
    assert.match(run('augment', 'cohort.csv', ...ROLES, ...more).stderr, new RegExp(`note: ${method}\\.model holds .*; no patient’s row`));
    run('sample', model, '--count', 9, '--out', 'b.csv');
    assert.is(read('b.csv'), read('a.csv'));
    const { arrays: own, training } = readModel(readFileSync(join(folder, model)));
    assert.is((training.value as { steps: number }).steps, steps);
    if (!has('python:numpy') || !has('python:safetensors')) return;
    const said = readByPython(model);
    assert.equal([said.method, said.options.labels, said.checksum], [method, 'minority', true]);
    for (const name of [layer, moment]) {
      const values = own.of(name, ['F32']);
      const [kind, shape, sum] = said.arrays[name];
      assert.equal([kind, shape.length], ['float32', name === layer ? 2 : 1]);
      const total = values.reduce((all, x) => all + x, 0);
      assert.ok(Math.abs(sum - total) <= 1e-9 * values.length, 'the same numbers');
    }
  });
}

test('a model of the default recipe on breast_cancer has at most 400 kB, and Python reads it', () => {
  run('train', BREAST_CANCER, '--target', 'diagnosis', '--model-out', 'bc.model');
  const bytes = readFileSync(join(folder, 'bc.model'));
  assert.ok(bytes.length <= 400_000, `${bytes.length} bytes`);
  if (!has('python:numpy') || !has('python:safetensors')) return;
  const { method, options, checksum, arrays } = readByPython('bc.model');
  assert.equal([method, options.timesteps, checksum], ['tabddpm', 100, true]);
  assert.equal(arrays['denoiser.in.w'].slice(0, 2), ['float16', [128, 30]]);
  assert.equal(arrays['encoder.knots'].slice(0, 2), ['float64', [30 * 212]]);
  const own = readModel(bytes).arrays.of('denoiser.in.w', ['F16']);
  const sum = own.reduce((total, x) => total + x, 0);
  assert.ok(Math.abs(arrays['denoiser.in.w'][2] - sum) <= 1e-9 * own.length, 'the same numbers');
});

test.run();
