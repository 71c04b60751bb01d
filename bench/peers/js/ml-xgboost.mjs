/** ml-xgboost: xgboost compiled to WebAssembly. */
import { createRequire } from 'node:module';
import { labelsOf, rowsOf } from './trees.mjs';

const XGBoost = await createRequire(import.meta.url)('ml-xgboost');

function boosting(place) {
  const { depth, learningRate, rounds } = place.work.trees;
  const [x, y, test] = [rowsOf(place, 'train-30k'), labelsOf(place, 'train-30k'), rowsOf(place, 'test')];
  const options = { objective: 'binary:logistic', max_depth: depth, eta: learningRate, iterations: rounds, subsample: 1, silent: 1 };
  let model = null;
  return {
    reset: () => model?.free(),
    run: () => {
      model = new XGBoost(options);
      model.train(x, y);
    },
    value: () => place.result(model.predict(test)),
  };
}

export const works = { 'boost-30k': boosting };
