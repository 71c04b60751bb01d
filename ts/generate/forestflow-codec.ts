/** ForestFlow, once trained: how it draws, and how it goes into a file. forestflow.ts trains it. */
import type { TableEncoder } from '../encode/encoder.js';
import { InputError } from '../errors.js';
import { field, optionsLike } from '../store/fields.js';
import { stored } from '../store/stored.js';
import { type FlowModel, flow } from './flow-model.js';
import { encodedOf, flowLayout } from './flow-rows.js';
import { FORESTFLOW_DEFAULTS, type ForestFlowOptions } from './forestflow-options.js';
import type { ModelCodec, Sampler } from './generator.js';
import { UNTRAINED } from './minority.js';
import { checkCounts, checkShares, drawInChunks } from './mixed-rows.js';
import { kept } from './opener.js';
import { COLUMN_VALUES, openEncoder, storeEncoder } from './stored-encoder.js';
import { openFlow, storeFlow } from './stored-flow.js';

export interface ForestFlowModel {
  readonly encoder: TableEncoder;
  readonly flow: FlowModel;
  readonly options: ForestFlowOptions;
}

export const forestflowCodec: ModelCodec<ForestFlowModel> = {
  method: 'forestflow',
  holds: `${COLUMN_VALUES}, but which numbers each patient lacks, and trees whose leaves tell ranges of values of few patients`,
  save: ({ encoder, flow, options }) => stored(forestflowCodec, options, { encoder: storeEncoder(encoder.state), flow: storeFlow(flow) }),
  open: ({ state, options: given, arrays }, { special, features }) => {
    const options = optionsLike(given, FORESTFLOW_DEFAULTS);
    checkForestFlow(options);
    const encoder = openEncoder(field(state, 'encoder'), arrays, special, features);
    return { encoder, flow: openFlow(field(state, 'flow'), arrays, flowLayout(encoder), options), options };
  },
  samplerOf: (model) => {
    const { encoder, flow: own } = model;
    const { layout } = own;
    return {
      history: historyOf(own),
      modelBytes: bytesOf(own),
      sample: async (count, stream, run) => {
        const drawn = await drawInChunks(count, layout.width, stream, run, (n, part) => flow(own, n, part, run));
        return encoder.decode(encodedOf(drawn, count, layout));
      },
      ...kept(forestflowCodec, model),
    };
  },
};

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

/** Throws {@link InputError} for an option that is out of range. */
export function checkForestFlow(options: ForestFlowOptions): void {
  checkCounts({ ...options }, ['levels', 'copies', 'rounds', 'depth', 'minLeaf']);
  checkShares({ ...options }, ['learningRate']);
  if (!(options.lambda >= 0 && options.lambda < Infinity))
    throw new InputError(`"lambda" expected a number of at least 0, got ${options.lambda}`);
}
