/** Every classifier: saved and opened it predicts the very same numbers; a damaged file, or a made one, is refused. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Boosting, InputError, RandomForest, SMOTE, Table } from '../../ts/index.js';
import { readModel } from '../../ts/store/model.js';
import { readSafetensors, type Tensor, writeSafetensors } from '../../ts/store/safetensors.js';
import { cohortCsv } from '../library/cohort.js';
import { bytesOf } from './fingerprint.js';
import { madeFiles, withArray } from './made-files.js';
import { rejection } from './rejection.js';

const test = suite('classifiers in files');
const schema = { columns: { ward: { kind: 'ordinal', levels: ['a', 'b', 'c'] } } } as const;
const tables = [Table.fromCsv(cohortCsv(120, 30), { name: 'cohort' }), Table.fromCsv(cohortCsv(120, 30), { name: 'ordered', schema })];
const [table] = tables as [Table];
const roles = { target: 'died', positive: 'yes', exclude: ['id', 'note'] };
const SIZES = { rf: { trees: 12 }, xgb: { rounds: 12 } };

for (const classifier of [RandomForest, Boosting]) {
  const { method } = classifier;
  const fit = (data: Table) => classifier.fit(data, { ...roles, seed: 3, positiveWeight: 2, ...SIZES[method as keyof typeof SIZES] });

  for (const data of tables) {
    test(`${method}: the very same probabilities, ${data.name}`, async () => {
      const model = await fit(data);
      const bytes = model.save();
      assert.equal((await fit(data)).save(), bytes, 'the same file each time');
      const opened = await classifier.open(bytes);
      assert.is(bytesOf(await opened.predictProbability(data)), bytesOf(await model.predictProbability(data)));
      assert.equal([opened.method, opened.target, opened.warnings, opened.holds()], [method, model.target, model.warnings, model.holds()]);
      assert.equal(opened.save(), bytes);
      const [row] = data.toRows();
      const { lactate: _, ...less } = row!;
      assert.match((await rejection(opened.predictProbability(Table.fromRows([less])))).message, /there is no column "lactate"/);
    });
  }

  test(`${method}: no row goes into the file, and it says what does`, async () => {
    const bytes = (await fit(table)).save();
    const read = readModel(bytes);
    assert.match(read.holds, /single values of columns of real patients/);
    assert.equal(read.target.value, { column: 'died', positive: 'yes', negative: 'no' });
    assert.equal(read.training.value, { rows: 120, positives: 30, warnings: [] });
    assert.is((read.options.value as { positiveWeight: number }).positiveWeight, 2);
    assert.is(new TextDecoder().decode(bytes).includes('p17'), false, 'no id');
  });

  test(`${method}: any cut and any flipped bit is refused`, async () => {
    const bytes = (await fit(table)).save();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), fc.nat(bytes.length - 1), async (bit, length) => {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        for (const damaged of [flipped, bytes.slice(0, length)]) assert.instance(await rejection(classifier.open(damaged)), InputError);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test(`${method}: what says something else with a right checksum is refused, or predicts`, async () => {
    await madeFiles(
      (await fit(table)).save(),
      async (file, part) => {
        const p = await (await classifier.open(file)).predictProbability(table);
        if (part === 'columns' || part === 'target') return;
        for (const value of p) assert.ok(value >= 0 && value <= 1, `${value}`);
      },
      500,
    );
  });

  test(`${method}: trees that are none are refused`, async () => {
    const bytes = (await fit(table)).save();
    const changed = async (name: string, change: (values: Tensor['values']) => Tensor['values']): Promise<string> => {
      const error = await rejection(classifier.open(withArray(bytes, `trees.${name}`, change)));
      assert.instance(error, InputError);
      return error.message;
    };
    const features = readModel(bytes).arrays.of('trees.feature', ['I32']);
    const inner = features.findIndex((f) => f >= 0);
    assert.is(inner, 0);
    const set = (at: number, value: number) => (values: Tensor['values']) => {
      values[at] = value;
      return values;
    };
    assert.match(await changed('left', set(0, 0)), /children of node 0 after it/, 'a cycle');
    assert.match(await changed('left', set(0, 4294967295)), /children of node 0 after it and before \d+, got 4294967295/);
    assert.match(await changed('left', set(0, 2)), /a parent of node 1 before it, got none|one parent of node \d+, got several/);
    assert.match(await changed('feature', set(0, 99)), /a feature in 0\.\.\d in node 0, got 99/);
    assert.match(await changed('feature', set(0, -2)), /a feature in 0\.\.\d in node 0, got -2/);
    assert.match(await changed('threshold', set(0, Number.NaN)), /a threshold in node 0, got NaN/);
    assert.match(await changed('value', set(1, Number.NaN)), /numbers in node 1, got NaN/);
    assert.match(await changed('cover', set(1, Infinity)), /numbers in node 1/);
    assert.match(await changed('roots', set(1, 0)), /at least one node in tree 0/);
    assert.match(await changed('roots', set(0, 1)), /trees that make up its \d+ nodes, got 1\.\./);
    if (method === 'rf') assert.match(await changed('value', set(1, 1.5)), /shares in 0\.\.1, got 1\.5 in node 1/);
  });
}

test('a model of another kind, method or version is named, with what to do', async () => {
  const forest = (await RandomForest.fit(table, { ...roles, trees: 2 })).save();
  const rows = (await SMOTE.fit(table, roles)).save();
  const says = async (opening: Promise<unknown>) => (await rejection(opening)).message;
  assert.match(await says(Boosting.open(forest)), /holds a classifier of the method rf, not xgb; open it with that method$/);
  assert.match(await says(RandomForest.open(rows)), /holds a model of smote, which draws rows and predicts nothing; draw from it/);
  assert.match(await says(SMOTE.open(forest)), /holds a classifier \(rf\), which draws no rows; predict with it/);
  const { metadata, tensors } = readSafetensors(forest, 'a.model');
  const { crc32: _, ...texts } = Object.fromEntries(metadata);
  const arrays = Object.fromEntries(tensors);
  const other = (changed: Record<string, string>) => says(RandomForest.open(writeSafetensors({ ...texts, ...changed }, arrays)));
  assert.match(await other({ format: 'synthward-model-7', synthward: '7.0.0' }), /of synthward 7\.0\.0, .*; update synthward$/);
  assert.match(await other({ format: 'synthward-model-0' }), /train the model again, or open it with that version$/);
  assert.match(await other({ method: 'forest-of-tomorrow' }), /method "forest-of-tomorrow" of .*\(it knows rf, xgb\); update synthward$/);
});

test.run();
