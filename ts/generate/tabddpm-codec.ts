/** TabDDPM of the minority, once trained: how it draws, and how it goes into a file. tabddpm.ts trains it. */
import type { TableEncoder } from '../encode/encoder.js';
import type { Stream } from '../random.js';
import { field, optionsLike } from '../store/fields.js';
import { stored } from '../store/stored.js';
import type { Table } from '../table/table.js';
import { checkDiffusion, checkSampling, DIFFUSION_DEFAULTS, type DiffusionOptions, type SamplingOptions } from './diffusion-options.js';
import { drawRows } from './diffusion-sampling.js';
import type { ModelCodec, Run, Sampler } from './generator.js';
import { kept } from './opener.js';
import { openDiffusion, storeDiffusion } from './stored-diffusion.js';
import { COLUMN_VALUES, openEncoder, storeEncoder } from './stored-encoder.js';
import { type DiffusionModel, historyOf } from './trained-diffusion.js';

export interface TabDDPMModel {
  readonly encoder: TableEncoder;
  readonly diffusion: DiffusionModel;
  readonly options: DiffusionOptions;
}

/** A sampler that can also draw in other ways than it was told to. */
export interface TabDDPMSampler extends Sampler {
  sampleBy(changed: Partial<SamplingOptions>, rows: number, stream: Stream, run: Run): Promise<Table>;
}

export const tabddpmCodec: ModelCodec<TabDDPMModel, TabDDPMSampler> = {
  method: 'tabddpm',
  holds: COLUMN_VALUES,
  save: ({ encoder, diffusion, options }) =>
    stored(tabddpmCodec, options, { encoder: storeEncoder(encoder.state), diffusion: storeDiffusion(diffusion, options) }),
  open: (read, { special, features }) => {
    const options = optionsLike(read.options, DIFFUSION_DEFAULTS);
    checkDiffusion(options);
    const encoder = openEncoder(field(read.state, 'encoder'), read.arrays, special, features);
    return { encoder, diffusion: openDiffusion(field(read.state, 'diffusion'), read.arrays, encoder, options), options };
  },
  samplerOf: (model) => {
    const { encoder, diffusion, options } = model;
    const sampleBy: TabDDPMSampler['sampleBy'] = async (changed, count, stream, run) => {
      const sampling = { ...options, ...changed };
      checkSampling(sampling, options.timesteps);
      return encoder.decode(await drawRows(diffusion, sampling, { label: null, guidance: 0 }, count, stream, run));
    };
    return {
      history: historyOf(diffusion),
      modelBytes: diffusion.weights.byteLength,
      sampleBy,
      sample: (count, stream, run) => sampleBy({}, count, stream, run),
      ...kept(tabddpmCodec, model),
    };
  },
};
