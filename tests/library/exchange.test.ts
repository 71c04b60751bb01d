import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Boosting, exportModel, InputError, RandomForest, Table } from '../../ts/index.js';
import { allClose } from '../close.js';
import { rejection } from '../contract/rejection.js';
import { cohortCsv } from './cohort.js';

const test = suite('library models for other tools');
const table = Table.fromCsv(cohortCsv(300, 60), { name: 'cohort' });
const roles = { target: 'died', exclude: ['id', 'note'] };

test('a booster goes into XGBoost JSON and comes back', async () => {
  const model = await Boosting.fit(table, { ...roles, rounds: 10 });
  const bytes = await exportModel(model.save(), 'xgboost-json');
  const again = await Boosting.open(bytes);
  allClose(await again.predictProbability(table), await model.predictProbability(table), { abs: 1e-6 }, 'probabilities');
  assert.equal(again.target, model.target);
  assert.equal(again.save(), bytes);
  const other = await rejection(RandomForest.open(bytes));
  assert.instance(other, InputError);
  assert.match(other.message, /holds a classifier of the method xgb, not rf/);
});

test('a forest goes into ONNX, and not into XGBoost JSON', async () => {
  const file = (await RandomForest.fit(table, { ...roles, trees: 3 })).save();
  assert.is((await exportModel(file, 'onnx'))[0], 8, 'the version of the format comes first');
  const refused = await rejection(exportModel(file, 'xgboost-json'));
  assert.instance(refused, InputError);
  assert.match(refused.message, /holds no model of rf/);
  assert.instance(await rejection(exportModel(file.slice(1), 'onnx')), InputError);
});

test.run();
