/** A binary classifier on a feature matrix; every method is one record of this type. Dimensions: N rows, D features. */
import type { Backend } from '../backend/backend.js';
import type { FeatureMatrix } from '../encode/features.js';
import type { Stream } from '../random.js';

export interface ClassifierRun {
  readonly backend: Backend;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface FittedClassifier {
  /** Probability of the positive class; (N). */
  predict(features: FeatureMatrix): Promise<Float32Array>;
}

export interface Classifier<Options extends object = object> {
  readonly name: string;
  readonly defaults: Options;
  /** Learns from x (N, D) with NaN for missing numbers and y (N), both classes present. `positiveWeight` multiplies positive rows. */
  fit(
    features: FeatureMatrix,
    y: Uint8Array,
    stream: Stream,
    run: ClassifierRun,
    options?: Partial<Options> & { readonly positiveWeight?: number },
  ): Promise<FittedClassifier>;
}
