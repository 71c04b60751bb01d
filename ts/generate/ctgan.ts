/**
 * CTGAN (Xu, Skoularidou, Cuesta-Infante & Veeramachaneni 2019): a conditional generative adversarial network of mode-normalised rows.
 * Trained on the minority alone; or on all rows with the class as one more category, and asked for the minority. See adversarial-model.ts
 * for the training.
 */
import { turnsFor } from '../backend/turns.js';
import { fitModeEncoder } from '../encode/mode-encoder.js';
import { takeRows } from '../table/table.js';
import type { AdversarialModel } from './adversarial-draws.js';
import { fitAdversarial } from './adversarial-model.js';
import { checkOptions, ctganCodec, withClass } from './ctgan-codec.js';
import { CTGAN_DEFAULTS, type CTGANOptions } from './ctgan-options.js';
import type { Generator, Sampler } from './generator.js';
import { minorityRows } from './minority.js';
import { watchDraws } from './watch.js';

/** Steps for n rows that are learnt from: the paper's 300 epochs of batches of 500, but at least 1,500 steps and at most 3,000. */
export function ctganSteps(rows: number): number {
  return Math.min(3000, Math.max(1500, Math.ceil((300 * rows) / 500)));
}

export const ctgan: Generator<CTGANOptions> = {
  name: ctganCodec.method,
  minMinority: 2,
  defaults: CTGAN_DEFAULTS,
  async fit(data, stream, run, changed = {}): Promise<Sampler> {
    const options = { ...CTGAN_DEFAULTS, ...changed };
    checkOptions(options);
    const minority = minorityRows(data, ctgan);
    const turn = turnsFor(run.signal);
    const joint = options.labels === 'conditional' && minority.length < data.y.length;
    const table = joint ? withClass(data.features, data.y) : takeRows(data.features, minority);
    const encoder = await fitModeEncoder(table, run.backend.special, turn);
    const modes = stream.child('modes');
    const encoded = await encoder.encode(table, () => modes.uniform(), turn);
    const steps = options.steps ?? ctganSteps(table.rows);
    const samplerOf = (learnt: AdversarialModel) => ctganCodec.samplerOf({ options, joint, learnt });
    const { onCheckpoint } = run;
    const look =
      onCheckpoint &&
      ((model: AdversarialModel, step: number, seconds: number) => onCheckpoint({ step, seconds, sampler: samplerOf(model) }));
    const sampler = samplerOf(await fitAdversarial(encoder, encoded, table.rows, { ...options, steps }, stream, run, look));
    const real = takeRows(data.features, minority);
    return { ...sampler, warnings: await watchDraws(real, sampler.sample, stream.child('watch'), run) };
  },
};
