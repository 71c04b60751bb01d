/** ForestFlow in files: tables of every kind, models without trees or columns, and arrays that are no flow. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import { forestflow } from '../../ts/generate/forestflow.js';
import type { ForestFlowOptions } from '../../ts/generate/forestflow-options.js';
import { openModel, saveModel } from '../../ts/model.js';
import { Stream } from '../../ts/random.js';
import { readModel } from '../../ts/store/model.js';
import type { Tensor } from '../../ts/store/safetensors.js';
import { type Dataset, takeRows } from '../../ts/table/table.js';
import { tableBytes } from '../contract/fingerprint.js';
import { awkward, categorical, mixed } from '../contract/fixtures.js';
import { withArray } from '../contract/made-files.js';
import { rejection } from '../contract/rejection.js';

const test = suite('forestflow in files');
const backend = await wasmBackend();
const run = { backend };
const SMALL: Partial<ForestFlowOptions> = { levels: 3, copies: 4, rounds: 3, depth: 2 };

const fitted = (train: Dataset, changed: Partial<ForestFlowOptions> = {}) =>
  forestflow.fit(train, Stream.fromSeed(1), run, { ...SMALL, ...changed });

/** Every cell of the same rows. */
const constant = (train: Dataset): Dataset => ({ ...train, features: takeRows(train.features, new Uint32Array(train.features.rows)) });

test('the very same rows: categories alone, awkward columns, no trees, no columns', async () => {
  const models: [string, Dataset, Partial<ForestFlowOptions>, boolean][] = [
    ['categories', categorical({ rows: 40, positives: 20 }), {}, true],
    ['awkward', awkward({ rows: 40, positives: 20 }), {}, true],
    ['one level of noise', mixed({ rows: 40, positives: 20 }), { levels: 1 }, false],
    ['constant columns', constant(mixed({ rows: 40, positives: 20 })), {}, false],
  ];
  for (const [what, train, changed, trees] of models) {
    const sampler = await fitted(train, changed);
    const bytes = saveModel(sampler, train);
    assert.is(readModel(bytes).arrays.of('trees.feature', ['I32']).length > 0, trees, what);
    const opened = await openModel(bytes, backend);
    const [own, again] = [sampler, opened.sampler].map((from) => from.sample(40, Stream.fromSeed(2), run));
    assert.is(tableBytes((await again)!), tableBytes((await own)!), what);
    assert.equal(saveModel(opened.sampler, train), saveModel({ ...sampler, history: opened.sampler.history }, train), what);
    assert.is(opened.sampler.modelBytes, sampler.modelBytes, what);
  }
});

test('says that it holds which numbers patients lack, and holds no number of them', async () => {
  const train = mixed({ rows: 40, positives: 20 });
  const read = readModel(saveModel(await fitted(train), train));
  assert.match(read.holds, /no patient’s row, but which numbers each patient lacks/);
  const gaps = read.arrays.of('flow.gaps', ['U8']);
  assert.ok(gaps.length > 0 && gaps.length % 20 === 0);
  assert.ok(gaps.includes(1) && gaps.includes(0));
});

test('arrays that are no flow are refused by name', async () => {
  const train = mixed({ rows: 40, positives: 20 });
  const bytes = saveModel(await fitted(train), train);
  const says = async (name: string, change: (values: Tensor['values']) => Tensor['values']): Promise<string> => {
    const error = await rejection(openModel(withArray(bytes, name, change), backend, 'a.model'), name);
    assert.instance(error, InputError);
    return error.message;
  };
  const set = (at: number, value: number) => (values: Tensor['values']) => {
    values[at] = value;
    return values;
  };
  const shorter = (values: Tensor['values']) => values.slice(0, -1);
  assert.match(await says('flow.mean', set(0, Number.NaN)), /"a\.model: state\.flow" expected numbers in the array "flow\.mean", got NaN/);
  assert.match(await says('flow.vectors', set(1, Infinity)), /expected numbers in the array "flow\.vectors", got Infinity/);
  assert.match(await says('flow.variances', set(0, Number.NaN)), /expected numbers in the array "flow\.variances", got NaN/);
  assert.match(await says('flow.variances', set(0, -1e-9)), /expected variances of at least 0 .* "flow\.variances", got -1e-9/);
  assert.match(await says('flow.bases', set(2, Number.NaN)), /expected numbers in the array "flow\.bases", got NaN/);
  assert.match(await says('flow.gaps', set(0, 2)), /expected 0\.\.1 in the array "flow\.gaps", got 2/);
  for (const name of ['mean', 'vectors', 'variances', 'bases', 'gaps']) {
    assert.match(await says(`flow.${name}`, shorter), new RegExp(`the array "flow\\.${name}" expected \\d+ numbers, got \\d+`));
  }
  assert.match(await says('trees.roots', shorter), /expected \d+ trees, got \d+/);
  assert.match(await says('trees.roots', set(1, 0)), /expected at least one node in tree 0, got none/);
  assert.match(await says('trees.value', set(0, Number.NaN)), /expected numbers in node 0, got NaN/);
  assert.match(await says('trees.threshold', set(0, Number.NaN)), /expected a threshold in node 0, got NaN/);
  assert.match(await says('trees.feature', set(0, 99)), /expected a feature in 0\.\.\d+ in node 0, got 99/);
  assert.match(await says('trees.left', set(0, 0)), /expected children of node 0 after it/);
  assert.match(await says('trees.left', shorter), /the array "trees\.left" expected \d+ numbers, got \d+/);
  const none = saveModel(await fitted(train, { levels: 1 }), train);
  const nodes = (values: Tensor['values']) => new (values.constructor as Int32ArrayConstructor)(1);
  const stray = ['feature', 'threshold', 'left', 'defaultLeft', 'value'].reduce(
    (file, name) => withArray(file, `trees.${name}`, nodes),
    none,
  );
  assert.match((await rejection(openModel(stray, backend))).message, /expected at least one tree, got none/);
});

test.run();
