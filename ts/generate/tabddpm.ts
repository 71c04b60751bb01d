/**
 * TabDDPM (Kotelnikov et al. 2023): a denoising diffusion model of a mixed table, Gaussian for the numbers and multinomial for
 * levels and missingness. Here of the minority alone; conditional-diffusion.ts is that of all rows.
 */
import { fitEncoder } from '../encode/encoder.js';
import { takeRows } from '../table/table.js';
import { fitDiffusion } from './diffusion-model.js';
import { checkDiffusion, DIFFUSION_DEFAULTS, type DiffusionOptions } from './diffusion-options.js';
import type { Generator } from './generator.js';
import { minorityRows } from './minority.js';
import { type TabDDPMSampler, tabddpmCodec } from './tabddpm-codec.js';
import type { DiffusionModel } from './trained-diffusion.js';
import { watchDraws } from './watch.js';

/** Options of TabDDPM; `steps`: null = by the number of rows, `trainingSteps`. */
export type TabDDPMOptions = DiffusionOptions;
export type { TabDDPMSampler };

/**
 * Training steps for n rows: few rows are learnt by heart when trained long, many need longer to be learnt at all. Found on
 * splits inside training parts that leave 59 to 464 minority rows (docs/recipe.md); half or double as many steps give much the same.
 */
export function trainingSteps(rows: number): number {
  return Math.min(10000, Math.round(200 + 1.25 * rows));
}

/**
 * TabDDPM of the minority (Kotelnikov, Baranchuk, Rubachev & Babenko, "TabDDPM: modelling tabular data with diffusion models", ICML 2023):
 * Gaussian diffusion of numbers by their normal scores, multinomial diffusion of levels and of missingness, one denoiser for both.
 */
export const tabddpm: Generator<TabDDPMOptions, TabDDPMSampler> = {
  name: 'tabddpm',
  minMinority: 2,
  defaults: DIFFUSION_DEFAULTS,
  async fit(train, stream, run, changed = {}): Promise<TabDDPMSampler> {
    const options = { ...DIFFUSION_DEFAULTS, ...changed };
    checkDiffusion(options);
    const rows = minorityRows(train, tabddpm);
    const table = takeRows(train.features, rows);
    const group = train.group && Int32Array.from(rows, (row) => train.group?.[row] as number);
    const encoder = fitEncoder(table, run.backend.special);
    const samplerOf = (diffusion: DiffusionModel) => tabddpmCodec.samplerOf({ encoder, diffusion, options });
    const { onCheckpoint } = run;
    const model = await fitDiffusion(
      { encoded: encoder.encode(table), levels: encoder.levels, labels: null, group },
      { ...options, labelDropout: 0, steps: options.steps ?? trainingSteps(table.rows) },
      stream,
      run,
      onCheckpoint && ((model, step, seconds) => onCheckpoint({ step, seconds, sampler: samplerOf(model) })),
    );
    const sampler = samplerOf(model);
    return { ...sampler, warnings: await watchDraws(table, sampler.sample, stream.child('watch'), run) };
  },
};
