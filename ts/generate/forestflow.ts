/**
 * ForestFlow (Jolicoeur-Martineau, Fatras & Kachman 2023, arXiv 2309.09968): flow matching whose velocities are learnt by
 * gradient-boosted trees, of the minority alone. Missing numbers are left to the trees.
 */
import { fitEncoder } from '../encode/encoder.js';
import { throwIfAborted } from '../errors.js';
import { takeRows } from '../table/table.js';
import { flowLayout, flowRows, gapsOf } from './flow-rows.js';
import { firstRounds, fitFlow } from './flow-training.js';
import { checkForestFlow, type ForestFlowModel, forestflowCodec } from './forestflow-codec.js';
import { FORESTFLOW_DEFAULTS, type ForestFlowOptions } from './forestflow-options.js';
import { CHECKPOINTS, type Generator, type Run, type Sampler } from './generator.js';
import { minorityRows } from './minority.js';

/** Copies for n rows: about as many noisy rows whatever n is, so that a fit of a larger table does not take longer by that. */
export function noiseCopies(rows: number): number {
  return Math.max(1, Math.min(50, Math.round(6000 / rows)));
}

export const forestflow: Generator<ForestFlowOptions> = {
  name: 'forestflow',
  minMinority: 2,
  defaults: FORESTFLOW_DEFAULTS,
  async fit(train, stream, run, changed = {}): Promise<Sampler> {
    const options = { ...FORESTFLOW_DEFAULTS, ...changed };
    checkForestFlow(options);
    throwIfAborted(run.signal);
    const rows = minorityRows(train, forestflow);
    const table = takeRows(train.features, rows);
    const encoder = fitEncoder(table, run.backend.special);
    const encoded = encoder.encode(table);
    const layout = flowLayout(encoder);
    const copies = options.copies ?? noiseCopies(rows.length);
    const training = { ...options, copies, gamma: 0, subsample: 1, minChildWeight: options.minLeaf * copies };
    const flow = await fitFlow(flowRows(encoded, layout), gapsOf(encoded, layout), layout, training, stream, run);
    const model = { encoder, flow, options };
    await showCheckpoints(model, run);
    return forestflowCodec.samplerOf(model);
  },
};

/**
 * Trees are grown level by level, so that there is no model until the last one is done. What is shown instead is what fewer trees a
 * regression would make; they would have taken that share of the time.
 */
async function showCheckpoints(model: ForestFlowModel, run: Run): Promise<void> {
  const { flow, options } = model;
  const total = flow.losses.length;
  if (!run.onCheckpoint || flow.levels.length === 0) return;
  for (const step of new Set(CHECKPOINTS.map((share) => Math.ceil(share * total)))) {
    const sampler = forestflowCodec.samplerOf({ ...model, flow: firstRounds(flow, step), options: { ...options, rounds: step } });
    await run.onCheckpoint({ step, seconds: (step / total) * flow.seconds, sampler });
  }
}
