/**
 * CTGAN (Xu, Skoularidou, Cuesta-Infante & Veeramachaneni 2019): a conditional generative adversarial network of mode-normalised rows.
 * Trained on the minority alone; or on all rows with the class as one more category, and asked for the minority. See adversarial-model.ts
 * for the training.
 */
import { turnsFor } from '../backend/turns.js';
import { fitModeEncoder } from '../encode/mode-encoder.js';
import { InputError } from '../errors.js';
import { type Dataset, type LevelColumn, type Table, takeRows } from '../table/table.js';
import { drawRows } from './adversarial-draws.js';
import { type AdversarialModel, fitAdversarial } from './adversarial-model.js';
import { CTGAN_DEFAULTS, type CTGANOptions } from './ctgan-options.js';
import type { Generator, Sampler } from './generator.js';
import { minorityRows } from './minority.js';
import { checkCounts, checkShares } from './mixed-rows.js';
import { watchDraws } from './watch.js';

/** Steps for n rows that are learnt from: the paper's 300 epochs of batches of 500, but at least 1,500 steps and at most 3,000. */
export function ctganSteps(rows: number): number {
  return Math.min(3000, Math.max(1500, Math.ceil((300 * rows) / 500)));
}

export const ctgan: Generator<CTGANOptions> = {
  name: 'ctgan',
  minMinority: 2,
  defaults: CTGAN_DEFAULTS,
  async fit(data, stream, run, changed = {}): Promise<Sampler> {
    const options = { ...CTGAN_DEFAULTS, ...changed };
    checkOptions(options);
    const minority = minorityRows(data, ctgan);
    const turn = turnsFor(run.signal);
    const joint = options.labels === 'conditional' && minority.length < data.y.length;
    const table = joint ? withClass(data) : takeRows(data.features, minority);
    const encoder = await fitModeEncoder(table, run.backend.special, turn);
    const modes = stream.child('modes');
    const encoded = await encoder.encode(table, () => modes.uniform(), turn);
    const steps = options.steps ?? ctganSteps(table.rows);
    const wanted = joint ? { column: encoder.categories.length - 1, level: 1 } : null;
    const samplerOf = (model: AdversarialModel): Sampler => ({
      history: model.history,
      modelBytes: model.weights.byteLength + model.moments.byteLength,
      sample: async (count, draw, where) => {
        const { rows, columns } = encoder.decode(await drawRows(model, wanted, count, draw, where), count);
        return { rows, columns: joint ? columns.slice(0, -1) : columns };
      },
    });
    const { onCheckpoint } = run;
    const look =
      onCheckpoint &&
      ((model: AdversarialModel, step: number, seconds: number) => onCheckpoint({ step, seconds, sampler: samplerOf(model) }));
    const sampler = samplerOf(await fitAdversarial(encoder, encoded, table.rows, { ...options, steps }, stream, run, look));
    const real = takeRows(data.features, minority);
    return { ...sampler, warnings: await watchDraws(real, sampler.sample, stream.child('watch'), run) };
  },
};

/** The features, and last the class as a category with levels 0 (majority) and 1 (minority). */
function withClass({ features, y, target }: Dataset): Table {
  const label: LevelColumn = { name: className(features, target.column), kind: 'binary', levels: ['0', '1'], codes: Int32Array.from(y) };
  return { rows: features.rows, columns: [...features.columns, label] };
}

/** A name that no feature has. */
function className({ columns }: Table, name: string): string {
  return columns.some((column) => column.name === name) ? className({ rows: 0, columns }, `${name}'`) : name;
}

function checkOptions(options: CTGANOptions): void {
  checkCounts({ ...options }, ['latent', 'generator', 'critic', 'pac', 'batch', 'steps']);
  checkShares({ ...options }, ['learningRate', 'emaDecay']);
  if (!(options.dropout >= 0 && options.dropout < 1)) throw new InputError(`"dropout" expected a number in [0, 1), got ${options.dropout}`);
  if (!(options.penalty >= 0 && options.penalty < Infinity))
    throw new InputError(`"penalty" expected a number of at least 0, got ${options.penalty}`);
  if (!(options.temperature > 0 && options.temperature <= 10))
    throw new InputError(`"temperature" expected a number in (0, 10], got ${options.temperature}`);
}
