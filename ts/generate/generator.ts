/**
 * A generator learns the minority of a training part and draws synthetic minority rows. Every method is one record of this
 * type; nothing else about it is known outside its file.
 */
import type { Backend } from '../backend/backend.js';
import type { SpecialOps } from '../backend/ops-special.js';
import { Stream } from '../random.js';
import type { ReadModel, Stored } from '../store/model.js';
import type { Dataset, Table } from '../table/table.js';
import type { SamplingOptions } from './diffusion-options.js';

/** Where the work happens and how it can be watched and stopped. */
export interface Run {
  readonly backend: Backend;
  readonly signal?: AbortSignal | undefined;
  /** Told of steps done, and of how many there are; of training also the loss. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called by methods that train, with what the model draws so far; at about each of `CHECKPOINTS` of the training and at its end. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => Promise<void>) | undefined;
}

/**
 * The streams of a method that is fitted to a whole table and drawn from, the same in the library, the command line and the page, so that a
 * seed gives the same rows in each. What draws the rows of a file's model takes `sample` of the seed that it is given.
 */
export function methodStreams(seed: number, method: string): { readonly fit: Stream; readonly sample: Stream } {
  const own = Stream.fromSeed(seed).child('augment').child(method);
  return { fit: own.child('fit'), sample: own.child('sample') };
}

/** A model in the middle of its training. `seconds` of training so far, without what watching it took. */
export interface Checkpoint {
  readonly step: number;
  readonly seconds: number;
  readonly sampler: Pick<Sampler, 'sample'>;
}

/** Shares of the training at which a model is looked at. */
export const CHECKPOINTS: readonly number[] = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1];

/** How far a job is: `done` of `total` steps of a phase. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
}

/** What training left to see: loss over steps and seconds. Empty for methods that do not train. */
export interface TrainingHistory {
  /** Steps done at each look; (L), as are the other two. */
  readonly steps: readonly number[];
  /** Training loss there. */
  readonly losses: readonly number[];
  /** Seconds since the training began. */
  readonly seconds: readonly number[];
  /** Where rows were held out to tell when to stop: the step whose weights were kept, and the loss there. */
  readonly kept?: { readonly step: number; readonly loss: number };
}

/** What a method has learnt: it draws rows. */
export interface Sampler {
  /** `rows` synthetic minority rows with the columns, kinds and levels of the training features. */
  sample(rows: number, stream: Stream, run: Run): Promise<Table>;
  /** The same of the majority, where the method learns both classes; the study then adds rows of both at the real prior. */
  sampleMajority?(rows: number, stream: Stream, run: Run): Promise<Table>;
  /** Rows drawn in another way than the model was told to, where there are several ways; `label` 0 asks for the majority. */
  sampleBy?(changed: Partial<SamplingOptions>, rows: number, stream: Stream, run: Run, label?: 0 | 1): Promise<Table>;
  /** What goes into a model file. */
  save(): Stored;
  /** What that file would hold of the real patients, as a sentence. */
  readonly holds: string;
  readonly history: TrainingHistory;
  /** Bytes of what was learnt, as sampling needs it: parameters in float32, nodes of trees. */
  readonly modelBytes?: number;
  /** What whoever uses the rows should know, as sentences; none where there is nothing. */
  readonly warnings?: readonly string[];
}

/**
 * What several methods learn alike: those whose `model` has the same name learn the same from the same training part and stream (with
 * the same options), so that one `fit` serves them all, each drawing its rows by its own `from`.
 */
export interface SharedModel<Model = unknown> {
  readonly name: string;
  fit(train: Dataset, stream: Stream, run: Run, options?: object): Promise<Model>;
  /** Draws from a model that `fit` of the same name has made. */
  from(model: Model, options?: object): Sampler;
}

/** How the fitted models of a method go into files and come out of them; a record beside the method. */
export interface ModelCodec<Model = unknown, Drawn extends Sampler = Sampler> {
  readonly method: string;
  /** What a file holds of the real patients, as a sentence. */
  readonly holds: string;
  save(model: Model): Stored;
  /** The model again, from a file that says that it is of this method. Throws {@link InputError} where it cannot be. */
  open(read: ReadModel, setting: Opening): Model;
  /** Draws the very same rows from a model that was saved and opened as from the one that was fitted. */
  samplerOf(model: Model): Drawn;
}

/** What a model is opened with. */
export interface Opening {
  readonly special: SpecialOps;
  /** The features' names, kinds and levels, without rows. */
  readonly features: Table;
}

/** A method that makes synthetic rows. */
export interface Generator<Options extends object = object, Drawn extends Sampler = Sampler> {
  readonly name: string;
  /** The fewest minority rows that the method can learn from. */
  readonly minMinority: number;
  readonly defaults: Options;
  /**
   * Learns from the training part only.
   *
   * @throws {InputError} for options out of range.
   * @throws {ComputeError} when there are fewer than `minMinority` positive rows, when training diverges (a loss that is not finite), and
   * where memory is used up; it never yields rows then.
   * @throws {CancelledError} when `signal` was aborted.
   */
  fit(train: Dataset, stream: Stream, run: Run, options?: Partial<Options>): Promise<Drawn>;
  /** Present where methods share what they learn; `fit` is then `from` of its fit. */
  readonly model?: SharedModel;
}
