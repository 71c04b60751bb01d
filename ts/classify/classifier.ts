/** A binary classifier on a feature matrix; every method is one record of this type. Dimensions: N rows, D features. */
import type { Backend } from '../backend/backend.js';
import type { FeatureEncoder, FeatureMatrix } from '../encode/features.js';
import { Stream } from '../random.js';
import type { ReadModel, Stored } from '../store/model.js';
import type { Table } from '../table/table.js';

/** Where a classifier computes, and how it is watched and stopped. */
export interface ClassifierRun {
  readonly backend: Backend;
  readonly signal?: AbortSignal | undefined;
  /** Told of each tree: how many there are, and how many there will be. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The stream of a classifier that is fitted to a whole table, the same in the library, the command line and the page. */
export const classifierStream = (seed: number, name: string): Stream => Stream.fromSeed(seed).child('classify').child(name);

/** A classifier that has learnt. */
export interface FittedClassifier {
  /**
   * Probability of the positive class, 0 … 1; (N).
   *
   * @throws {InputError} for another number of columns than was learnt from.
   * @throws {CancelledError} when `signal` was aborted.
   */
  predict(features: FeatureMatrix, run?: Pick<ClassifierRun, 'signal'>): Promise<Float32Array>;
}

/** How the fitted models of a method go into files and come out of them; a record beside the method. */
export interface ClassifierCodec<Fitted extends FittedClassifier = FittedClassifier> {
  readonly method: string;
  /** What a file holds of the real patients, as a sentence. */
  readonly holds: string;
  /** `encoder` made the features that it was fitted to. */
  save(fitted: Fitted, encoder: FeatureEncoder): Stored;
  /** The classifier again, from a file that says that it is of this method. Throws {@link InputError} where it cannot be. */
  open(read: ReadModel, backend: Backend, features: Table): { readonly fitted: Fitted; readonly encoder: FeatureEncoder };
  /** The same classifier on another backend: predictions that run at a time need one each. */
  on(fitted: Fitted, backend: Backend): Fitted;
}

/** A method of classification. */
export interface Classifier<Options extends object = object, Fitted extends FittedClassifier = FittedClassifier> {
  readonly name: string;
  readonly defaults: Options;
  /**
   * Learns from x (N, D) with NaN for missing numbers and y (N), both classes present. `positiveWeight` multiplies positive rows.
   *
   * @throws {InputError} for options out of range, labels of another number than rows, one class only.
   * @throws {ComputeError} where memory is used up.
   * @throws {CancelledError} when `signal` was aborted.
   */
  fit(
    features: FeatureMatrix,
    y: Uint8Array,
    stream: Stream,
    run: ClassifierRun,
    options?: Partial<Options> & { readonly positiveWeight?: number },
  ): Promise<Fitted>;
}
