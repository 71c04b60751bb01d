/** Generators as the library's users hold them: `fit` learns a table's minority, what it resolves to draws rows. */
import { InputError } from '../errors.js';
import { type AdasynOptions, adasyn } from '../generate/adasyn.js';
import { type BorderlineOptions, borderline } from '../generate/borderline.js';
import type { ConditionalOptions, PartialOptions } from '../generate/conditional-options.js';
import { copula } from '../generate/copula.js';
import { type CTGANOptions, ctgan } from '../generate/ctgan.js';
import type { SamplingOptions } from '../generate/diffusion-options.js';
import { type ForestFlowOptions, forestflow } from '../generate/forestflow.js';
import type { Generator, Progress, Run, Sampler, TrainingHistory } from '../generate/generator.js';
import { random } from '../generate/random.js';
import { type RoseOptions, rose } from '../generate/rose.js';
import { type SmoteOptions, smote } from '../generate/smote.js';
import { type TabDDPMOptions, type TabDDPMSampler, tabddpm } from '../generate/tabddpm.js';
import { tabddpmJoint } from '../generate/tabddpm-joint.js';
import { tabddpmPartial } from '../generate/tabddpm-partial.js';
import { type TVAEOptions, tvae } from '../generate/tvae.js';
import { Stream } from '../random.js';
import { syntheticTable } from '../table/augmented.js';
import { type Table as Data, type Dataset, takeRows } from '../table/table.js';
import { newBackend } from './core.js';
import { checkCount, checkSeed, DEFAULT_SEED, datasetOf, type JobOptions, type RoleOptions } from './roles.js';
import { Table } from './table.js';

export interface FitOptions extends RoleOptions, JobOptions {
  readonly onProgress?: (progress: Progress) => void;
}

export interface SampleOptions extends JobOptions {
  /** Class of the rows: by default the positive one. The other only where the method learns both ({@link TabDDPMJoint}). */
  readonly label?: string;
  /** Of diffusion models: reverse steps (see {@link SamplingOptions.samplingSteps}), sampler, noise share. */
  readonly steps?: number;
  readonly sampler?: SamplingOptions['sampler'];
  readonly eta?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** A fitted generator. It holds no backend: every draw has one of its own. */
export interface GeneratorModel {
  readonly method: string;
  readonly target: Dataset['target'];
  readonly history: TrainingHistory;
  /** What whoever uses the rows should know, as sentences. */
  readonly warnings: readonly string[];
  /** Bytes of what was learnt, where the method says. */
  readonly modelBytes: number | undefined;
  /**
   * `count` synthetic rows with the columns that were learnt from and the target, in the order of the table. The same seed gives the same rows.
   *
   * @throws {InputError} for a class that the model does not know, and for options that the method has not.
   * @throws {CancelledError} when `signal` was aborted.
   */
  sample(count: number, options?: SampleOptions): Promise<Table>;
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
}

/** Any of them, with options that are only known when it runs. */
export type AnyMethod = Pick<GeneratorMethod<object>, 'method' | 'defaults' | 'fit'>;

type Draw = Pick<Sampler, 'sample' | 'sampleMajority'>;
/** The sampler with other sampling options; null where the method has none. */
type Redraw = ((changed: Partial<SamplingOptions>) => Draw) | null;

interface Fitted {
  readonly sampler: Sampler;
  readonly redraw: Redraw;
}

type FitRows<Options> = (data: Dataset, stream: Stream, run: Run, options: Partial<Options>) => Promise<Fitted>;

const plain =
  <Options extends object>(generator: Generator<Options>): FitRows<Options> =>
  async (data, stream, run, options) => ({ sampler: await generator.fit(data, stream, run, options), redraw: null });

const ofDiffusion: FitRows<TabDDPMOptions> = async (data, stream, run, options) => {
  const sampler: TabDDPMSampler = await tabddpm.fit(data, stream, run, options);
  return { sampler, redraw: (changed) => ({ sample: (...how) => sampler.sampleBy(changed, ...how) }) };
};

/** A method whose draws are made of a model that is shared with others. */
const ofShared =
  <Options extends ConditionalOptions>(generator: Generator<Options>): FitRows<Options> =>
  async (data, stream, run, options) => {
    const { model } = generator;
    if (!model) throw new Error(`${generator.name} shares no model`);
    const learnt = await model.fit(data, stream, run, options);
    return { sampler: model.from(learnt, options), redraw: (changed) => model.from(learnt, { ...options, ...changed }) };
  };

const ROLE_NAMES = ['target', 'positive', 'group', 'exclude', 'seed', 'signal', 'onProgress'];

function methodOf<Options extends object>(
  generator: Generator<Options>,
  fitRows: FitRows<Options> = plain(generator),
): GeneratorMethod<Options> {
  const { name, defaults } = generator;
  return {
    method: name,
    defaults,
    async fit(table, { target, positive, group, exclude, seed = DEFAULT_SEED, signal, onProgress, ...changed }) {
      const unknown = Object.keys(changed).find((key) => !Object.hasOwn(defaults, key));
      if (unknown !== undefined) {
        throw new InputError(`"${unknown}" is no option of ${name}; there are ${[...ROLE_NAMES, ...Object.keys(defaults)].join(', ')}`);
      }
      const roles = {
        target,
        ...(positive !== undefined && { positive }),
        ...(group !== undefined && { group }),
        ...(exclude && { exclude }),
      };
      const data = datasetOf(table, roles);
      const stream = Stream.fromSeed(checkSeed(seed)).child(name).child('fit');
      const run = { backend: await newBackend(), signal, onProgress };
      const fitted = await fitRows(data, stream, run, changed as Partial<Options>);
      const warnings = [...data.warnings, ...(fitted.sampler.warnings ?? [])];
      return modelOf(name, data, shapeOf(table, data), fitted, warnings);
    },
  };
}

/** The columns that were learnt from, and the target, without rows. */
function shapeOf(table: Table, { features, target }: Dataset): Data {
  const learnt = new Set([...features.columns.map((column) => column.name), target.column]);
  return takeRows({ rows: table.rows, columns: table.data.columns.filter((column) => learnt.has(column.name)) }, []);
}

function modelOf(
  method: string,
  { target }: Dataset,
  shape: Data,
  { sampler, redraw }: Fitted,
  warnings: readonly string[],
): GeneratorModel {
  return {
    method,
    target,
    history: sampler.history,
    warnings,
    modelBytes: sampler.modelBytes,
    async sample(count, { label = target.positive, steps, sampler: how, eta, seed = DEFAULT_SEED, signal, onProgress } = {}) {
      checkCount('count', count);
      const changed = {
        ...(steps !== undefined && { samplingSteps: steps }),
        ...(how !== undefined && { sampler: how }),
        ...(eta !== undefined && { eta }),
      };
      const asked = Object.keys(changed).length > 0;
      if (asked && !redraw)
        throw new InputError(
          `"${steps !== undefined ? 'steps' : how !== undefined ? 'sampler' : 'eta'}" is for diffusion models; ${method} has none`,
        );
      const drawing: Draw = asked && redraw ? redraw(changed) : sampler;
      const stream = Stream.fromSeed(checkSeed(seed)).child(method).child('sample').child(label);
      const run = { backend: await newBackend(), signal, onProgress };
      const drawn = await drawerOf(drawing, method, target, label)(count, stream, run);
      return new Table(syntheticTable(shape, drawn, { target: target.column, positive: label, group: null }), `rows of ${method}`);
    },
  };
}

function drawerOf(drawing: Draw, method: string, target: Dataset['target'], label: string): Sampler['sample'] {
  if (label === target.positive) return drawing.sample;
  if (label !== target.negative) {
    throw new InputError(`"label" expected ${target.positive} or ${target.negative} of "${target.column}", got ${label}`);
  }
  if (!drawing.sampleMajority) {
    throw new InputError(
      `"label" expected ${target.positive}, which is all that ${method} learns, got ${label}; fit TabDDPMJoint to draw both classes`,
    );
  }
  return drawing.sampleMajority;
}

/** A diffusion model of the minority (Kotelnikov et al. 2023). */
export const TabDDPM: GeneratorMethod<TabDDPMOptions> = methodOf(tabddpm, ofDiffusion);
/** One class-conditional diffusion model of all rows; it draws both classes. */
export const TabDDPMJoint: GeneratorMethod<ConditionalOptions> = methodOf(tabddpmJoint, ofShared(tabddpmJoint));
/** Real minority rows, partly noised and denoised by that model. */
export const TabDDPMPartial: GeneratorMethod<PartialOptions> = methodOf(tabddpmPartial, ofShared(tabddpmPartial));
/** Flow matching with boosted trees (Jolicoeur-Martineau et al. 2024). */
export const ForestFlow: GeneratorMethod<ForestFlowOptions> = methodOf(forestflow);
/** A conditional adversarial network (Xu et al. 2019). */
export const CTGAN: GeneratorMethod<CTGANOptions> = methodOf(ctgan);
/** A variational autoencoder (Xu et al. 2019). */
export const TVAE: GeneratorMethod<TVAEOptions> = methodOf(tvae);
/** Interpolation between minority neighbours (Chawla et al. 2002), SMOTE-NC with categories. */
export const SMOTE: GeneratorMethod<SmoteOptions> = methodOf(smote);
/** Interpolation from rows near the border (Han et al. 2005). */
export const BorderlineSMOTE: GeneratorMethod<BorderlineOptions> = methodOf(borderline);
/** Interpolation where the majority is dense (He et al. 2008). */
export const ADASYN: GeneratorMethod<AdasynOptions> = methodOf(adasyn);
/** Smoothed bootstrap (Menardi & Torelli 2014). */
export const ROSE: GeneratorMethod<RoseOptions> = methodOf(rose);
/** A Gaussian copula with empirical marginals. */
export const GaussianCopula: GeneratorMethod<object> = methodOf(copula);
/** Copies of minority rows. */
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
