/** ml-random-forest, in JavaScript. Its cost grows faster than the rows, so that the whole work is not waited for. */
import { RandomForestClassifier } from 'ml-random-forest';
import { labelsOf, rowsOf } from './trees.mjs';

const [ROWS, TREES] = [1000, 5];

function forest(place) {
  const { trees, cols, featuresPerSplit } = place.work.trees;
  const [x, y] = [rowsOf(place, 'train-30k', ROWS), labelsOf(place, 'train-30k', ROWS)];
  const [test, all] = [rowsOf(place, 'test'), place.octets('train-30k.y.u8').length];
  const options = { nEstimators: TREES, maxFeatures: featuresPerSplit / cols, replacement: false, seed: 1, noOOB: true };
  let model = null;
  return {
    run: () => {
      model = new RandomForestClassifier(options);
      model.train(x, y);
    },
    value: () => place.result(model.predictProbability(test, 1)),
    scale: (trees / TREES) * (all / ROWS),
    note: `${TREES} trees on ${ROWS} rows were grown, their time multiplied by ${trees / TREES} and ${all / ROWS}: more rows cost more than that`,
  };
}

export const works = { 'forest-30k': forest };
