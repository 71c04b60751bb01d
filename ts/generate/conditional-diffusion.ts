/**
 * TabDDPM of all training rows with the class as a label, half of each batch minority: one model that draws either class, from noise or
 * from real rows noised part of the way (Meng et al. 2022, SDEdit, is this for pictures). tabddpm-joint.ts and tabddpm-partial.ts are the
 * methods that draw from it.
 */
import { fitEncoder, type TableEncoder } from '../encode/encoder.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { type Dataset, rowsWhere, type Table, takeRows } from '../table/table.js';
import { endless } from './class-batches.js';
import { type DiffusionModel, fitDiffusion, historyOf } from './diffusion-model.js';
import { checkDiffusion, checkShares, DIFFUSION_DEFAULTS, type DiffusionOptions } from './diffusion-options.js';
import { drawRows, type Sampling } from './diffusion-sampling.js';
import type { Generator, Run, Sampler, TrainingHistory } from './generator.js';
import { minorityRows } from './minority.js';
import { watchDraws } from './watch.js';

/** `steps`: null = {@link conditionalSteps}. */
export interface ConditionalOptions extends DiffusionOptions {
  /** How much more than the label itself is asked for (Ho & Salimans 2022); 0 = not. */
  readonly guidance: number;
  /** Share of labels that are left out while training, which guidance needs; null = .1 with guidance, else 0. */
  readonly labelDropout: number | null;
}

export const CONDITIONAL_DEFAULTS: ConditionalOptions = { ...DIFFUSION_DEFAULTS, guidance: 0, labelDropout: null };

/** Training steps, whatever the number of rows: half of each batch is of the smaller class (docs/recipe.md). */
export const CONDITIONAL_STEPS = 780;

/** What was learnt. */
export interface ConditionalDiffusion {
  readonly encoder: TableEncoder;
  readonly model: DiffusionModel;
  readonly minority: Table; // the real rows
  readonly majority: number; // how many there are
  readonly history: TrainingHistory;
  readonly warnings: readonly string[]; // of minority rows from noise
}

export type Label = 0 | 1;

/** Learns all rows of `train`. */
export async function fitConditional(
  train: Dataset,
  stream: Stream,
  run: Run,
  changed: Partial<ConditionalOptions>,
  samplerOf: (model: ConditionalDiffusion) => Sampler,
): Promise<ConditionalDiffusion> {
  const options = { ...CONDITIONAL_DEFAULTS, ...changed };
  checkConditional(options);
  const minority = minorityRows(train, { name: MODEL, minMinority: MIN_MINORITY });
  const encoder = fitEncoder(train.features, run.backend.special);
  const settled = (model: DiffusionModel): ConditionalDiffusion => ({
    encoder,
    model,
    minority: takeRows(train.features, minority),
    majority: train.y.length - minority.length,
    history: historyOf(model),
    warnings: [],
  });
  const { onCheckpoint } = run;
  const model = await fitDiffusion(
    { encoded: encoder.encode(train.features), levels: encoder.levels, labels: train.y, group: train.group },
    { ...options, labelDropout: options.labelDropout ?? (options.guidance > 0 ? 0.1 : 0), steps: options.steps ?? CONDITIONAL_STEPS },
    stream,
    run,
    onCheckpoint && ((model, step, seconds) => onCheckpoint({ step, seconds, sampler: samplerOf(settled(model)) })),
  );
  const fitted = settled(model);
  const look = (label: Label, rows: Uint32Array) => {
    const sample: Sampler['sample'] = (count, draw, where) => drawClass(fitted, options, label, count, draw, where);
    return watchDraws(takeRows(train.features, rows), sample, stream.child('watch').child(label), run);
  };
  if (fitted.majority > 0) await look(0, rowsWhere(train.y, 0));
  return { ...fitted, warnings: await look(1, minority) };
}

/** `count` rows of a class, from noise. */
export async function drawClass(
  { encoder, model }: ConditionalDiffusion,
  options: Sampling & Pick<ConditionalOptions, 'guidance'>,
  label: Label,
  count: number,
  stream: Stream,
  run: Run,
): Promise<Table> {
  return encoder.decode(await drawRows(model, options, { label, guidance: options.guidance }, count, stream, run));
}

/** `count` minority rows: real ones in random orders, noised to `strength` of the way to noise, and denoised. */
export async function drawNear(
  { encoder, model, minority }: ConditionalDiffusion,
  options: Sampling & Pick<ConditionalOptions, 'guidance'> & { readonly strength: number },
  count: number,
  stream: Stream,
  run: Run,
): Promise<Table> {
  const next = endless(minority.rows, stream.child('rows'));
  const rows = encoder.encode(takeRows(minority, Array.from({ length: count }, next)));
  const t = Math.max(1, Math.round(options.strength * options.timesteps)) - 1;
  const wanted = { label: 1, guidance: options.guidance, start: { rows, t } };
  return encoder.decode(await drawRows(model, options, wanted, count, stream.child('noise'), run));
}

const MODEL = 'tabddpm-conditional';
const MIN_MINORITY = 2;

/** How a method draws from the model. */
export interface ConditionalMethod<Options extends ConditionalOptions> {
  readonly name: string;
  readonly defaults: Options;
  /** Throws {@link InputError} for options of the method's own that are out of range. */
  check(options: Options): void;
  samplerOf(model: ConditionalDiffusion, options: Options): Sampler;
}

export function conditionalMethod<Options extends ConditionalOptions>(way: ConditionalMethod<Options>): Generator<Options> {
  const { name, defaults } = way;
  const method: Generator<Options> = {
    name,
    minMinority: MIN_MINORITY,
    defaults,
    async fit(train, stream, run, changed = {}) {
      const options = { ...defaults, ...changed };
      way.check(options);
      minorityRows(train, method);
      const from = (model: ConditionalDiffusion) => way.samplerOf(model, options);
      const model = await fitConditional(train, stream, run, options, from);
      const sampler = from(model);
      const warnings = sampler.warnings ?? (await watchDraws(model.minority, sampler.sample, stream.child('watch'), run));
      return { ...sampler, warnings };
    },
    model: {
      name: MODEL,
      fit: (train, stream, run, changed = {}) => {
        const options = { ...CONDITIONAL_DEFAULTS, ...changed };
        return fitConditional(train, stream, run, options, (model) => wholeSampler(model, options));
      },
      from: (model: unknown, changed = {}) => {
        const options = { ...defaults, ...changed };
        way.check(options);
        return way.samplerOf(model as ConditionalDiffusion, options);
      },
    },
  };
  return method;
}

/** Rows of either class from noise. */
export function wholeSampler(model: ConditionalDiffusion, options: ConditionalOptions): Sampler {
  const draw =
    (label: Label): Sampler['sample'] =>
    (count, stream, run) =>
      drawClass(model, options, label, count, stream, run);
  return {
    history: model.history,
    warnings: model.warnings,
    modelBytes: model.model.weights.byteLength,
    sample: draw(1),
    ...(model.majority > 0 && { sampleMajority: draw(0) }),
  };
}

function checkConditional(options: ConditionalOptions): void {
  checkDiffusion(options);
  checkShares(options, ['labelDropout']);
  if (!(options.guidance >= 0 && options.guidance <= 100))
    throw new InputError(`"guidance" expected a number in 0..100, got ${options.guidance}`);
  if (options.guidance > 0 && options.labelDropout === 0)
    throw new InputError(`"labelDropout" expected more than 0 with guidance, got 0; guidance needs rows without a label`);
}
