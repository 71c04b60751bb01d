/** ydf-training: Yggdrasil Decision Forests in WebAssembly. It reads the text of a CSV file and grows 300 trees, which cannot be changed. */
import { createRequire } from 'node:module';
import { labelsOf, rowsOf } from './trees.mjs';

const ydf = await createRequire(import.meta.url)('ydf-training')({ print: console.error, printErr: console.error });

function csv(place, name) {
  const [x, y] = [rowsOf(place, name), labelsOf(place, name)];
  const names = x[0].map((_, c) => `x${c}`);
  return `${[...names, 'y'].join(',')}\n${x.map((row, i) => `${row.join(',')},${y[i] ? 'yes' : 'no'}`).join('\n')}\n`;
}

function forest(place) {
  const [train, test] = [csv(place, 'train-30k'), csv(place, 'test')];
  let model = null;
  return {
    reset: () => model?.unload(),
    run: () => {
      model = new ydf.RandomForestLearner('y', 'CLASSIFICATION').train(train);
    },
    value: () => place.result(model.predict(test)), // of the rarer class,
  };
}

export const works = { 'forest-30k-300': forest };
