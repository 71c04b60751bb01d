/** Fitted classifiers as model files. */

import { field, number, optionsLike } from '../store/fields.js';
import { tensor } from '../store/safetensors.js';
import { stored } from '../store/stored.js';
import { BOOSTING_DEFAULTS, type FittedBoosting } from './boosting.js';
import type { ClassifierCodec } from './classifier.js';
import { type FittedForest, FOREST_DEFAULTS, fittedForest } from './forest.js';
import { openFeatures, storeFeatures } from './stored-features.js';
import { openTrees, storeTrees } from './stored-trees.js';
import { fittedTrees } from './trees.js';

const SPLITS = 'single values of columns of real patients, at which trees split, medians, and the names of levels';

export const forestCodec: ClassifierCodec<FittedForest> = {
  method: 'rf',
  holds: `${SPLITS}; leaves are single patients’ outcomes with ranges of their values: guard it like the data`,
  save: ({ ensemble, medians, settings }, encoder) => {
    const fill = { state: {}, arrays: { medians: tensor('F32', medians) } };
    return stored(forestCodec, settings, { features: storeFeatures(encoder), trees: storeTrees(ensemble), fill });
  },
  open: (read, backend, features) => {
    const encoder = openFeatures(field(read.state, 'features'), features);
    const settings = optionsLike(read.options, { ...FOREST_DEFAULTS, positiveWeight: 1 });
    const ensemble = openTrees(field(read.state, 'trees'), read.arrays, widthOf(encoder), 'mean');
    const medians = read.arrays.of('medians', ['F32'], ensemble.features);
    for (const [i, median] of medians.entries()) number({ value: median, path: `medians[${i}]` });
    return { encoder, fitted: fittedForest(backend, ensemble, settings, medians) };
  },
  on: ({ ensemble, settings, medians }, backend) => fittedForest(backend, ensemble, settings, medians),
};

export const boostingCodec: ClassifierCodec<FittedBoosting> = {
  method: 'xgb',
  holds: `${SPLITS}; no patient’s row, but leaves of few patients tell ranges of their values`,
  save: ({ ensemble, settings }, encoder) =>
    stored(boostingCodec, settings, { features: storeFeatures(encoder), trees: storeTrees(ensemble) }),
  open: (read, backend, features) => {
    const encoder = openFeatures(field(read.state, 'features'), features);
    const settings = optionsLike(read.options, { ...BOOSTING_DEFAULTS, positiveWeight: 1 });
    const ensemble = openTrees(field(read.state, 'trees'), read.arrays, widthOf(encoder), 'logistic');
    return { encoder, fitted: fittedTrees(backend, ensemble, settings) };
  },
  on: ({ ensemble, settings }, backend) => fittedTrees(backend, ensemble, settings),
};

/** Columns of the matrices that an encoder makes. */
const widthOf = ({ spans }: { readonly spans: readonly { readonly width: number }[] }): number =>
  spans.reduce((sum, { width }) => sum + width, 0);
