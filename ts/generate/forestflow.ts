/**
 * ForestFlow (Jolicoeur-Martineau, Fatras & Kachman 2023, arXiv 2309.09968): flow matching whose velocities are learnt by
 * gradient-boosted trees, of the minority alone. Missing numbers are left to the trees.
 */
import { fitEncoder } from '../encode/encoder.js';
import { InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import { takeRows } from '../table/table.js';
import { type FlowModel, firstRounds, fitFlow, flow } from './flow-model.js';
import { encodedOf, flowLayout, flowRows, gapsOf } from './flow-rows.js';
import { FORESTFLOW_DEFAULTS, type ForestFlowOptions } from './forestflow-options.js';
import { CHECKPOINTS, type Generator, type Run, type Sampler } from './generator.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { checkCounts, checkShares, drawInChunks } from './mixed-rows.js';

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
    checkOptions(options);
    throwIfAborted(run.signal);
    const rows = minorityRows(train, forestflow);
    const table = takeRows(train.features, rows);
    const encoder = fitEncoder(table, run.backend.special);
    const encoded = encoder.encode(table);
    const layout = flowLayout(encoder);
    const copies = options.copies ?? noiseCopies(rows.length);
    const training = { ...options, copies, gamma: 0, subsample: 1, minChildWeight: options.minLeaf * copies };
    const model = await fitFlow(flowRows(encoded, layout), gapsOf(encoded, layout), layout, training, stream, run);
    const samplerOf = (own: FlowModel) => ({
      sample: async (count: number, draw: Stream, where: Run) => {
        const drawn = await drawInChunks(count, layout.width, draw, where, (n, part) => flow(own, n, part, where));
        return encoder.decode(encodedOf(drawn, count, layout));
      },
    });
    await showCheckpoints(model, run, samplerOf);
    return { ...samplerOf(model), history: historyOf(model), modelBytes: bytesOf(model) };
  },
};

/**
 * Trees are grown level by level, so that there is no model until the last one is done. What is shown instead is what fewer trees a
 * regression would make; they would have taken that share of the time.
 */
async function showCheckpoints(model: FlowModel, run: Run, samplerOf: (model: FlowModel) => Pick<Sampler, 'sample'>): Promise<void> {
  const total = model.losses.length;
  if (!run.onCheckpoint || model.levels.length === 0) return;
  for (const step of new Set(CHECKPOINTS.map((share) => Math.ceil(share * total)))) {
    await run.onCheckpoint({ step, seconds: (step / total) * model.seconds, sampler: samplerOf(firstRounds(model, step)) });
  }
}

/** Of what drawing reads: the linear flow, the nodes of the trees, and which cells are missing together. */
function bytesOf({ linear, levels, gaps }: FlowModel): number {
  const columns = ['roots', 'feature', 'threshold', 'left', 'defaultLeft', 'value'] as const;
  const start = linear.mean.byteLength + linear.vectors.byteLength + linear.variances.byteLength + gaps.byteLength;
  return levels.flat().reduce((sum, trees) => columns.reduce((bytes, column) => bytes + trees[column].byteLength, sum), start);
}

/** Loss and time over trees a regression. */
function historyOf({ losses, levels, seconds }: FlowModel): Sampler['history'] {
  if (levels.length === 0) return UNTRAINED;
  const steps = losses.map((_, i) => i + 1);
  return { steps, losses, seconds: steps.map((step) => (step / steps.length) * seconds) };
}

function checkOptions(options: ForestFlowOptions): void {
  checkCounts({ ...options }, ['levels', 'copies', 'rounds', 'depth', 'minLeaf']);
  checkShares({ ...options }, ['learningRate']);
  if (!(options.lambda >= 0)) throw new InputError(`"lambda" expected a number of at least 0, got ${options.lambda}`);
}
