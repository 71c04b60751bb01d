/** The tuned rival on a training part: features, models, scaling and threshold all from its rows alone. */
import { fitTuned } from '../classify/tuned.js';
import { fitFeatures } from '../encode/features.js';
import { bestThreshold } from '../metrics/classification.js';
import type { Stream } from '../random.js';
import type { Dataset, Table } from '../table/table.js';
import type { CellRun } from './cell.js';

export interface TunedBaseline {
  predict(other: Table): Promise<Float32Array>;
  /** Highest F1 on the scaled out-of-fold predictions. */
  readonly threshold: number;
}

export async function fitTunedBaseline(train: Dataset, stream: Stream, run: CellRun): Promise<TunedBaseline> {
  const encoder = fitFeatures(train.features);
  const fitted = await fitTuned(encoder.features(train.features), train.y, train.group, stream, run);
  return {
    predict: (other) => fitted.predict(encoder.features(other)),
    threshold: bestThreshold(train.y, fitted.outOfFold),
  };
}
