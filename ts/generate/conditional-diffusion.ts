/**
 * TabDDPM of all training rows with the class as a label, half of each batch minority: one model that draws either class, from noise or
 * from real rows noised part of the way (Meng et al. 2022, SDEdit, is this for pictures). tabddpm-joint.ts and tabddpm-partial.ts are the
 * methods that draw from it.
 */
import { fitEncoder } from '../encode/encoder.js';
import type { Stream } from '../random.js';
import { type Dataset, rowsWhere, takeRows } from '../table/table.js';
import { type ConditionalDiffusion, drawClass, type Label, wholeSampler } from './conditional-codec.js';
import { CONDITIONAL_DEFAULTS, type ConditionalOptions, checkConditional } from './conditional-options.js';
import { fitDiffusion } from './diffusion-model.js';
import type { Generator, Run, Sampler } from './generator.js';
import { minorityRows } from './minority.js';
import { type DiffusionModel, historyOf } from './trained-diffusion.js';
import { watchDraws } from './watch.js';

/** Training steps, whatever the number of rows: half of each batch is of the smaller class (docs/recipe.md). */
export const CONDITIONAL_STEPS = 780;

/** Learns all rows of `train`. */
async function fitConditional(
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
