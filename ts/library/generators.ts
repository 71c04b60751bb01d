/** Generators as the library's users hold them: `fit` learns a table's minority, what it resolves to draws rows. */
import { InputError, throwIfAborted } from '../errors.js';
import { type AdasynOptions, adasyn } from '../generate/adasyn.js';
import { type BorderlineOptions, borderline } from '../generate/borderline.js';
import type { ConditionalOptions, PartialOptions } from '../generate/conditional-options.js';
import { CTGAN_DEFAULTS, type CTGANOptions } from '../generate/ctgan-options.js';
import type { SamplingOptions } from '../generate/diffusion-options.js';
import { FORESTFLOW_DEFAULTS, type ForestFlowOptions } from '../generate/forestflow-options.js';
import { type Generator, methodStreams, type Progress, type TrainingHistory } from '../generate/generator.js';
import { random } from '../generate/random.js';
import { type RoseOptions, rose } from '../generate/rose.js';
import { type SmoteOptions, smote } from '../generate/smote.js';
import { type TabDDPMOptions, tabddpm } from '../generate/tabddpm.js';
import { tabddpmJoint } from '../generate/tabddpm-joint.js';
import { tabddpmPartial } from '../generate/tabddpm-partial.js';
import { TVAE_DEFAULTS, type TVAEOptions } from '../generate/tvae-options.js';
import { type Drawing, drawOutlined, type OpenedModel, openModel, saveModel } from '../model.js';
import { outlineOf } from '../table/outline.js';
import { brokenWarnings } from '../table/rules.js';
import { takeRows } from '../table/table.js';
import { newBackend } from './core.js';
import {
  checkCount,
  checkKnown,
  checkSeed,
  DEFAULT_SEED,
  datasetOf,
  type JobOptions,
  type OpenOptions,
  type RoleOptions,
} from './roles.js';
import { Table } from './table.js';

/** What the fit of a method is told beside the options of the method. */
export interface FitOptions extends RoleOptions, JobOptions {
  /** Told of steps done, and of how many there are; of training also the loss. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How rows are drawn. */
export interface SampleOptions extends JobOptions {
  /** Class of the rows: by default the positive one. The other only where the method learns both ({@link TabDDPMJoint}). */
  readonly label?: string;
  /** Of diffusion models: reverse steps. By default as the model was told by `samplingSteps`. */
  readonly steps?: number;
  /** Of diffusion models: the sampler. By default as the model was told by `sampler`. */
  readonly sampler?: SamplingOptions['sampler'];
  /** Of diffusion models: noise of a step. By default as the model was told by `eta`. */
  readonly eta?: number;
  /** Told of steps done, and of how many there are; of training also the loss. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A fitted generator. It holds no backend: every draw has one of its own. */
export interface GeneratorModel {
  readonly method: string;
  /** `negative` is null where a file does not tell it. */
  readonly target: OpenedModel['target'];
  /** What training left to see; empty in a model from a file. */
  readonly history: TrainingHistory;
  /** What whoever uses the rows should know, as sentences. */
  readonly warnings: readonly string[];
  /** Bytes of what was learnt, where the method says. */
  readonly modelBytes: number | undefined;
  /**
   * `count` synthetic rows with the columns that were learnt from and the target, in the order of the table, kinds, levels and units as there.
   * The same seed gives the same rows.
   *
   * @throws {InputError} for a count that is no whole number from 1 on, a class that the model does not know, and options that the method has not.
   * @throws {ComputeError} where memory is used up, or too few rows hold the constraints of the table.
   * @throws {CancelledError} when `signal` was aborted.
   */
  sample(count: number, options?: SampleOptions): Promise<Table>;
  /**
   * The model as the bytes of a file (safetensors, docs/formats.md), from which {@link GeneratorMethod.open} makes one that draws the very same rows.
   */
  save(): Uint8Array;
  /** What such a file holds of the real patients, as a sentence. */
  holds(): string;
}

/** A method of making rows. */
export interface GeneratorMethod<Options extends object> {
  readonly method: string;
  readonly defaults: Options;
  /**
   * Learns from a table: what the outcome is, and options of the method.
   *
   * @throws {InputError} for columns that are not there, options out of range, one class only.
   * @throws {ComputeError} when there are too few minority rows for the method, or training diverges.
   * @throws {CancelledError} when `signal` was aborted.
   */
  fit(table: Table, options: FitOptions & Partial<Options>): Promise<GeneratorModel>;
  /**
   * The model of a file that `save` or `synthward train` has written.
   *
   * @throws {InputError} for bytes that are no whole model file, and for a model of another method.
   * @throws {CancelledError} when `signal` was aborted.
   */
  open(bytes: Uint8Array, options?: OpenOptions): Promise<GeneratorModel>;
}

/** Any of them, with options that are only known when it runs. */
export type AnyMethod = Pick<GeneratorMethod<object>, 'method' | 'defaults' | 'fit' | 'open'>;

const NO_HISTORY: TrainingHistory = { steps: [], losses: [], seconds: [] };

const methodOf = <Options extends object>(generator: Generator<Options>): GeneratorMethod<Options> =>
  lazyMethod(generator.name, generator.defaults, async () => generator);

/** A method whose code is loaded when it is first used: few users need all of them. */
function lazyMethod<Options extends object>(
  name: string,
  defaults: Options,
  load: () => Promise<Generator<Options>>,
): GeneratorMethod<Options> {
  return {
    method: name,
    defaults,
    async fit(table, { target, positive, group, exclude, seed = DEFAULT_SEED, signal, onProgress, ...changed }) {
      checkKnown(name, changed, defaults);
      const data = datasetOf(table, { target, positive, group, exclude });
      const stream = methodStreams(checkSeed(seed), name).fit;
      const run = { backend: await newBackend(), signal, onProgress };
      const generator = await load();
      const sampler = await generator.fit(data, stream, run, changed as Partial<Options>);
      const { constraints } = data;
      const outline = outlineOf(table.data, data.features, { target, group: null }).filter(({ role }) => role !== 'left out');
      const rowless = { ...data, features: takeRows(data.features, []), group: null }; // no patient stays with the model
      return modelOf({
        method: name,
        target: data.target,
        outline,
        constraints,
        sampler: {
          ...sampler,
          warnings: [...data.warnings, ...brokenWarnings(table.data, data), ...(sampler.warnings ?? [])],
        },
        save: () => saveModel(sampler, rowless, { seed, outline, constraints }),
        holds: () => sampler.holds,
      });
    },
    async open(bytes, { signal, name: file = 'the model file' } = {}) {
      throwIfAborted(signal);
      const opened = await openModel(bytes, await newBackend(), file);
      throwIfAborted(signal);
      if (opened.method !== name)
        throw new InputError(`${file} holds a model of ${opened.method}, not of ${name}; open it with that method`);
      const sampler = { ...opened.sampler, history: NO_HISTORY, warnings: opened.warnings };
      return modelOf({ ...opened, sampler, save: () => bytes.slice(), holds: () => opened.holds });
    },
  };
}

/** What draws, from a fit or from a file. */
interface Drawer extends Drawing {
  save(): Uint8Array;
  holds(): string;
}

function modelOf(drawer: Drawer): GeneratorModel {
  const { method, target, sampler, save, holds } = drawer;
  return {
    method,
    target,
    history: sampler.history,
    warnings: sampler.warnings ?? [],
    modelBytes: sampler.modelBytes,
    save,
    holds,
    async sample(count, { label = target.positive, steps, sampler: how, eta, seed = DEFAULT_SEED, signal, onProgress } = {}) {
      checkCount('count', count);
      const changed = {
        ...(steps !== undefined && { samplingSteps: steps }),
        ...(how !== undefined && { sampler: how }),
        ...(eta !== undefined && { eta }),
      };
      const sampling = Object.keys(changed).length > 0 ? changed : undefined;
      const stream = methodStreams(checkSeed(seed), method).sample;
      const run = { backend: await newBackend(), signal, onProgress };
      return new Table(await drawOutlined(drawer, count, stream, run, { label, sampling }), `rows of ${method}`);
    },
  };
}

/** A diffusion model of the minority (Kotelnikov et al., "TabDDPM: modelling tabular data with diffusion models", ICML 2023), see {@link tabddpm}. */
export const TabDDPM: GeneratorMethod<TabDDPMOptions> = methodOf(tabddpm);
/** One class-conditional diffusion model of all rows; it draws both classes (Kotelnikov et al. 2023; guidance: Ho & Salimans 2022). */
export const TabDDPMJoint: GeneratorMethod<ConditionalOptions> = methodOf(tabddpmJoint);
/** Real minority rows, partly noised and denoised by that model (as images are by SDEdit, Meng et al. 2022). */
export const TabDDPMPartial: GeneratorMethod<PartialOptions> = methodOf(tabddpmPartial);
/** Flow matching with boosted trees (Jolicoeur-Martineau, Fatras & Kachman, AISTATS 2024). */
export const ForestFlow: GeneratorMethod<ForestFlowOptions> = lazyMethod(
  'forestflow',
  FORESTFLOW_DEFAULTS,
  async () => (await import('../generate/forestflow.js')).forestflow,
);
/** A conditional adversarial network (Xu et al., "Modeling tabular data using conditional GAN", NeurIPS 2019, §4). */
export const CTGAN: GeneratorMethod<CTGANOptions> = lazyMethod(
  'ctgan',
  CTGAN_DEFAULTS,
  async () => (await import('../generate/ctgan.js')).ctgan,
);
/** A variational autoencoder (Xu et al., NeurIPS 2019, §4, beside CTGAN). */
export const TVAE: GeneratorMethod<TVAEOptions> = lazyMethod('tvae', TVAE_DEFAULTS, async () => (await import('../generate/tvae.js')).tvae);
/** Interpolation between minority neighbours (Chawla et al., JAIR 16, 2002); SMOTE-NC (§6.1) with categories. */
export const SMOTE: GeneratorMethod<SmoteOptions> = methodOf(smote);
/** Interpolation from rows near the border (Borderline-SMOTE: Han, Wang & Mao, ICIC 2005). */
export const BorderlineSMOTE: GeneratorMethod<BorderlineOptions> = methodOf(borderline);
/** Interpolation where the majority is dense (He, Bai, Garcia & Li, IJCNN 2008). */
export const ADASYN: GeneratorMethod<AdasynOptions> = methodOf(adasyn);
/** Smoothed bootstrap (Menardi & Torelli, Data Mining and Knowledge Discovery 28, 2014). */
export const ROSE: GeneratorMethod<RoseOptions> = methodOf(rose);
/** A Gaussian copula with empirical marginals (Nelsen 2006, §2; for tables Patki, Wedge & Veeramachaneni 2016). */
export const GaussianCopula: GeneratorMethod<object> = lazyMethod('copula', {}, async () => (await import('../generate/copula.js')).copula);
/** Copies of minority rows, drawn with replacement: what any other method must beat. */
export const RandomCopies: GeneratorMethod<object> = methodOf(random);

/** Every method; the command line knows them by the same names. */
export const generatorMethods: readonly AnyMethod[] = [
  TabDDPM,
  TabDDPMJoint,
  TabDDPMPartial,
  ForestFlow,
  CTGAN,
  TVAE,
  SMOTE,
  BorderlineSMOTE,
  ADASYN,
  ROSE,
  GaussianCopula,
  RandomCopies,
];
