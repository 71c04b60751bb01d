/** Boosting and forests as the study uses them, beside the figures of other systems on a table of the same recipe. */
import { readFileSync } from 'node:fs';
import { wasmBackend } from '../ts/backend/select.js';
import { cohort } from '../ts/bench/cohort.js';
import { type BenchItem, type BenchLine, line } from '../ts/bench/line.js';
import { bestOfEach } from '../ts/bench/timer.js';
import { fitting, type Labelled, labelled, predicting } from '../ts/bench/work-trees.js';
import { boosting } from '../ts/classify/boosting.js';
import { forest } from '../ts/classify/forest.js';
import { fitFeatures } from '../ts/encode/features.js';
import { readCsv } from '../ts/table/csv.js';
import { toDataset } from '../ts/table/dataset.js';
import { FIGURES } from './reference.js';

const ROWS = 30_000;
const newRows = () => labelled(cohort(ROWS, 20240503));

function breastCancer(): Labelled {
  const bytes = readFileSync(new URL('../data/breast_cancer.csv', import.meta.url));
  const data = toDataset(readCsv(bytes, { file: 'breast_cancer.csv' }), { name: 'breast_cancer', target: 'diagnosis' });
  return { x: fitFeatures(data.features).features(data.features), y: data.y };
}

const faster = (reference: number, timesAsFast: number, of: string) => ({ reference, timesAsFast, of });

export const boost30k: BenchItem = {
  name: 'boost-30k',
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const work = fitting(backend, boosting, labelled(cohort(ROWS)), newRows());
    const small = fitting(backend, boosting, breastCancer());
    const { fit } = await bestOfEach({ fit: work.run }, setting, 5);
    const { few } = await bestOfEach({ few: small.run }, setting, 10);
    const { xgboost, lightgbm, mlXgboost } = FIGURES.boosting;
    return [
      line('boost-30k', fit, 's', faster(xgboost[30], 1.1, 'xgboost hist*')),
      line('boost-30k, beside LightGBM', fit, 's', faster(lightgbm[30], 0.9, 'LightGBM*')),
      line('boost-30k, beside ml-xgboost', fit, 's', faster(mlXgboost, 15, 'ml-xgboost*')),
      line('boost-30k, AUROC on 30,000 new rows', await work.check(), ''),
      line('boost-30k, breast_cancer', few, 's'),
    ];
  },
};

export const boost300k: BenchItem = {
  name: 'boost-300k',
  run: async (setting) => {
    const work = fitting(await wasmBackend(setting.variant), boosting, labelled(cohort(10 * ROWS)), newRows());
    const { fit } = await bestOfEach({ fit: work.run }, setting, 2);
    const { xgboost, lightgbm } = FIGURES.boosting;
    return [
      line('boost-300k', fit, 's', faster(xgboost[300], 1.1, 'xgboost hist*')),
      line('boost-300k, beside LightGBM', fit, 's', faster(lightgbm[300], 0.9, 'LightGBM*')),
      line('boost-300k, AUROC on 30,000 new rows', await work.check(), ''),
    ];
  },
};

export const forest30k: BenchItem = {
  name: 'forest-30k',
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const work = fitting(backend, forest, labelled(cohort(ROWS)), newRows());
    const small = fitting(backend, forest, breastCancer());
    const { fit } = await bestOfEach({ fit: work.run }, setting, 3);
    const { few } = await bestOfEach({ few: small.run }, setting, 10);
    const { scikit, xgboost, ydf } = FIGURES.forest;
    return [
      line('forest-30k', fit, 's', faster(scikit, 4, 'scikit-learn*')),
      line("forest-30k, beside xgboost's forest", fit, 's', faster(xgboost, 1, "xgboost's forest*")),
      line('forest-30k, beside ydf-training', fit, 's', faster(ydf, 3, 'ydf-training*')),
      line('forest-30k, AUROC on 30,000 new rows', await work.check(), ''),
      line('forest-30k, breast_cancer', few, 's'),
    ];
  },
};

export const predict: BenchItem = {
  name: 'predict',
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const [train, test] = [labelled(cohort(ROWS)), newRows()];
    const lines: BenchLine[] = [];
    for (const [item, classifier, judged] of [
      ['predict', boosting, { reference: FIGURES.predict.xgboost, atLeast: 1, of: 'xgboost*' }],
      ['predict, forest', forest, {}],
    ] as const) {
      const work = await predicting(backend, classifier, train, test);
      const { rows } = await bestOfEach({ rows: work.run }, setting, 8);
      lines.push(line(item, work.amount / rows, 'rows/s', judged));
    }
    return lines;
  },
};
