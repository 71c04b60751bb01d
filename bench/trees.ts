/** Boosting and forests as the study uses them: processor seconds of one thread against the figures of other systems. */
import { readFileSync } from 'node:fs';
import { wasmBackend } from '../ts/backend/select.js';
import { boosting } from '../ts/classify/boosting.js';
import type { Classifier } from '../ts/classify/classifier.js';
import { forest } from '../ts/classify/forest.js';
import type { FeatureMatrix } from '../ts/encode/features.js';
import { fitFeatures } from '../ts/encode/features.js';
import { auroc } from '../ts/metrics/classification.js';
import { Stream } from '../ts/random.js';
import { readCsv } from '../ts/table/csv.js';
import { toDataset } from '../ts/table/dataset.js';
import { COHORT_COLUMNS, type Cohort, cohort } from './cohort.js';
import { type BenchItem, type BenchLine, line } from './line.js';
import { cpuSecondsOf } from './timer.js';

const ROWS = 30_000;

/** Processor seconds and rows a second of other systems on the same work, one thread: see docs/performance.md. */
const XGBOOST = { boosting: 0.81, predict: 754_000, forest: 4.65, boostingSmall: 0.062, forestSmall: 0.093 };

interface Work {
  readonly x: FeatureMatrix;
  readonly y: Uint8Array;
}

const features = ({ x }: Cohort): FeatureMatrix => ({ rows: x.length / COHORT_COLUMNS, cols: COHORT_COLUMNS, values: x, spans: [] });

function breastCancer(): Work {
  const bytes = readFileSync(new URL('../data/breast_cancer.csv', import.meta.url));
  const data = toDataset(readCsv(bytes, { file: 'breast_cancer.csv' }), { name: 'breast_cancer', target: 'diagnosis' });
  return { x: fitFeatures(data.features).features(data.features), y: data.y };
}

export const trees: BenchItem = {
  name: 'trees',
  run: async () => {
    const backend = await wasmBackend();
    const train = cohort(ROWS);
    const test = cohort(ROWS, 20240503);
    const [x, xTest] = [features(train), features(test)];
    const small = breastCancer();
    const fit = (classifier: Classifier, work: Work) => classifier.fit(work.x, work.y, Stream.fromSeed(1), { backend });

    const judge = async (name: string, classifier: Classifier, reference: number, smallReference: number): Promise<BenchLine[]> => {
      const seconds = await cpuSecondsOf(() => fit(classifier, { x, y: train.y }));
      const model = await fit(classifier, { x, y: train.y });
      const predictSeconds = await cpuSecondsOf(() => model.predict(xTest), 5);
      const predictReference = classifier === boosting ? { reference: XGBOOST.predict, atLeast: 0.5 } : {};
      return [
        line(`${name} ${ROWS}×${COHORT_COLUMNS}`, seconds, 's', { reference, atMost: 2 }),
        line(`${name} breast_cancer`, await cpuSecondsOf(() => fit(classifier, small), 10), 's', { reference: smallReference, atMost: 2 }),
        line(`${name} predict`, ROWS / predictSeconds, 'rows/s', predictReference),
        line(`${name} AUROC, ${ROWS} new rows`, auroc(test.y, await model.predict(xTest)), ''),
      ];
    };
    return [
      ...(await judge('boosting', boosting, XGBOOST.boosting, XGBOOST.boostingSmall)),
      ...(await judge('forest', forest, XGBOOST.forest, XGBOOST.forestSmall)),
    ];
  },
};
