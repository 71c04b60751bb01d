/**
 * A class-conditional TabDDPM, once trained: rows of either class from noise, or variants of real minority rows; and how both go into files.
 * conditional-diffusion.ts trains it.
 */
import type { TableEncoder } from '../encode/encoder.js';
import type { Stream } from '../random.js';
import { field, integer, optionsLike, type Place } from '../store/fields.js';
import type { ReadModel, Stored } from '../store/model.js';
import { type StoredPart, stored } from '../store/stored.js';
import { type Table, takeRows } from '../table/table.js';
import { endless } from './class-batches.js';
import {
  CONDITIONAL_DEFAULTS,
  type ConditionalOptions,
  checkConditional,
  checkStrength,
  PARTIAL_DEFAULTS,
  type PartialOptions,
} from './conditional-options.js';
import { checkSampling, type SamplingOptions } from './diffusion-options.js';
import { drawRows, type Sampling } from './diffusion-sampling.js';
import type { ModelCodec, Opening, Run, Sampler, TrainingHistory } from './generator.js';
import { UNTRAINED } from './minority.js';
import { kept } from './opener.js';
import { openDiffusion, storeDiffusion } from './stored-diffusion.js';
import { COLUMN_VALUES, openEncoder, storeEncoder } from './stored-encoder.js';
import { HOLDS_ROWS, openRows, storeRows } from './stored-rows.js';
import type { DiffusionModel } from './trained-diffusion.js';

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
type Guided = Sampling & Pick<ConditionalOptions, 'guidance'>;

/** `count` rows of a class, from noise. */
export async function drawClass(
  { encoder, model }: Pick<ConditionalDiffusion, 'encoder' | 'model'>,
  options: Guided,
  label: Label,
  count: number,
  stream: Stream,
  run: Run,
): Promise<Table> {
  return encoder.decode(await drawRows(model, options, { label, guidance: options.guidance }, count, stream, run));
}

/** `count` minority rows: real ones in random orders, noised to `strength` of the way to noise, and denoised. */
async function drawNear(
  { encoder, model, minority }: Pick<ConditionalDiffusion, 'encoder' | 'model' | 'minority'>,
  options: Guided & Pick<PartialOptions, 'strength'>,
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

/** Options of a draw that is to be another one than the model was told. */
function changedBy<Options extends ConditionalOptions>(options: Options, changed: Partial<SamplingOptions>): Options {
  const sampling = { ...options, ...changed };
  checkSampling(sampling, options.timesteps);
  return sampling;
}

/** Rows of either class from noise. */
export function wholeSampler(learnt: ConditionalDiffusion, options: ConditionalOptions): Sampler {
  const draw =
    (label: Label): Sampler['sample'] =>
    (count, stream, run) =>
      drawClass(learnt, options, label, count, stream, run);
  return {
    history: learnt.history,
    warnings: learnt.warnings,
    modelBytes: learnt.model.weights.byteLength,
    sample: draw(1),
    ...(learnt.majority > 0 && { sampleMajority: draw(0) }),
    sampleBy: async (changed, count, stream, run, label = 1) => drawClass(learnt, changedBy(options, changed), label, count, stream, run),
    ...kept(jointCodec, { learnt, options }),
  };
}

/** Variants of real minority rows. */
export function nearSampler(learnt: ConditionalDiffusion, options: PartialOptions): Sampler {
  return {
    history: learnt.history,
    sample: (count, stream, run) => drawNear(learnt, options, count, stream, run),
    sampleBy: async (changed, count, stream, run) => drawNear(learnt, changedBy(options, changed), count, stream, run),
    ...kept(partialCodec, { learnt, options }),
  };
}

interface ConditionalModel<Options> {
  readonly learnt: ConditionalDiffusion;
  readonly options: Options;
}

export const jointCodec: ModelCodec<ConditionalModel<ConditionalOptions>> = {
  method: 'tabddpm-joint',
  holds: COLUMN_VALUES,
  save: ({ learnt, options }) => store(jointCodec, learnt, options, {}),
  open: (read, opening) => {
    const options = optionsLike(read.options, CONDITIONAL_DEFAULTS);
    checkConditional(options);
    return { learnt: { ...openLearnt(read, opening, options), minority: opening.features }, options };
  },
  samplerOf: ({ learnt, options }) => wholeSampler(learnt, options),
};

export const partialCodec: ModelCodec<ConditionalModel<PartialOptions>> = {
  method: 'tabddpm-partial',
  holds: HOLDS_ROWS,
  save: ({ learnt, options }) => store(partialCodec, learnt, options, { rows: storeRows(learnt.minority) }),
  open: (read, opening) => {
    const options = optionsLike(read.options, PARTIAL_DEFAULTS);
    checkConditional(options);
    checkStrength(options);
    const minority = openRows(field(read.state, 'rows'), read.arrays, opening.features);
    return { learnt: { ...openLearnt(read, opening, options), minority }, options };
  },
  samplerOf: ({ learnt, options }) => nearSampler(learnt, options),
};

function store(
  codec: Pick<ModelCodec, 'method' | 'holds'>,
  { encoder, model, majority }: ConditionalDiffusion,
  options: ConditionalOptions,
  more: Readonly<Record<string, StoredPart>>,
): Stored {
  const parts = { encoder: storeEncoder(encoder.state), diffusion: storeDiffusion(model, options), ...more };
  return stored(codec, options, parts, { majority });
}

function openLearnt(
  { state, arrays }: Pick<ReadModel, 'state' | 'arrays'>,
  { special, features }: Opening,
  options: ConditionalOptions,
): Omit<ConditionalDiffusion, 'minority'> {
  const at = (name: string): Place => field(state, name);
  const encoder = openEncoder(at('encoder'), arrays, special, features);
  const model = openDiffusion(at('diffusion'), arrays, encoder, options);
  return { encoder, model, majority: integer(at('majority'), 0, Number.MAX_SAFE_INTEGER), history: UNTRAINED, warnings: [] };
}
