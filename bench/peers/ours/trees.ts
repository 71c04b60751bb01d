/** Our boosting and forest; their value is what they score on the test rows. */
import { boosting } from '../../../ts/classify/boosting.js';
import type { Classifier, FittedClassifier } from '../../../ts/classify/classifier.js';
import { forest } from '../../../ts/classify/forest.js';
import type { FeatureMatrix } from '../../../ts/encode/features.js';
import { Stream } from '../../../ts/random.js';
import { WORK } from '../work.js';
import { type Bodies, type Body, floats, octets, type Place, result } from './body.js';

function features(folder: string, name: string): FeatureMatrix {
  const values = floats(folder, `${name}.x.f32`);
  return { rows: values.length / WORK.trees.cols, cols: WORK.trees.cols, values, spans: [] };
}

/** Both have the work's settings as their defaults: 100 rounds of depth 6, η 0.3; 100 trees until pure, √25 features a split. */
const fitting =
  <Options extends object>(classifier: Classifier<Options>, train: string, options?: Partial<Options>) =>
  (place: Place): Body => {
    const { folder, backend } = place;
    const [x, y, test] = [features(folder, train), octets(folder, `${train}.y.u8`), features(folder, 'test')];
    let model: FittedClassifier;
    return {
      run: async () => {
        model = await classifier.fit(x, y, Stream.fromSeed(1), { backend }, options);
      },
      value: async () => result(place, await model.predict(test)),
    };
  };

async function predicting(place: Place): Promise<Body> {
  const { folder, backend } = place;
  const [y, test] = [octets(folder, 'train-30k.y.u8'), features(folder, 'test')];
  const model = await boosting.fit(features(folder, 'train-30k'), y, Stream.fromSeed(1), { backend });
  let scores: Float32Array = new Float32Array(0);
  return {
    run: async () => {
      for (let call = 0; call < WORK.predict.calls; call++) scores = await model.predict(test);
    },
    value: () => result(place, scores),
  };
}

export const trees: Bodies = {
  'boost-30k': fitting(boosting, 'train-30k'),
  'boost-300k': fitting(boosting, 'train-300k'),
  'forest-30k': fitting(forest, 'train-30k'),
  'forest-30k-300': fitting(forest, 'train-30k', WORK.limited),
  predict: predicting,
};
