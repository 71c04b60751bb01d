/** CTGAN, once trained: how it draws, and how it goes into a file. ctgan.ts trains it. Dimensions: C category columns. */
import type { ModeEncoder } from '../encode/mode-encoder.js';
import { InputError } from '../errors.js';
import { type ResidualShape, residualParameters, runningMoments } from '../nn/residual.js';
import { checkVariances } from '../store/arrays.js';
import { boolean, field, integer, items, optionsLike, type Place } from '../store/fields.js';
import { stored } from '../store/stored.js';
import type { LevelColumn, Table } from '../table/table.js';
import { type AdversarialModel, drawRows, makerShape } from './adversarial-draws.js';
import type { LevelCounts } from './conditions.js';
import { CTGAN_DEFAULTS, type CTGANOptions } from './ctgan-options.js';
import type { ModelCodec } from './generator.js';
import { UNTRAINED } from './minority.js';
import { checkCounts, checkLabels, checkShares } from './mixed-rows.js';
import { kept } from './opener.js';
import { openModes, storeModes } from './stored-modes.js';
import { openWeights, storeWeights } from './stored-weights.js';

export interface CTGANModel {
  readonly options: CTGANOptions;
  /** Whether the class is the last category, and the minority is asked for. */
  readonly joint: boolean;
  readonly learnt: AdversarialModel;
}

const PREFIX = 'generator.';
const CLASSES = ['0', '1'];
const MOST_ROWS = 1e9;

export const ctganCodec: ModelCodec<CTGANModel> = {
  method: 'ctgan',
  holds:
    'up to 1000 sorted values of each number column of real patients, and the names of levels with how often each occurs; no patient’s row',
  save: ({ options, joint, learnt: { encoder, counts, shape, weights, moments } }) => {
    const [ofWeights, ofMoments] = parametersOf(shape);
    const arrays = { ...storeWeights(PREFIX, 'F32', ofWeights, weights), ...storeWeights(PREFIX, 'F32', ofMoments, moments) };
    return stored(ctganCodec, options, { encoder: storeModes(encoder.state), network: { state: {}, arrays } }, { joint, counts });
  },
  open: ({ options: place, state, arrays }, { special, features }) => {
    const options = optionsLike(place, CTGAN_DEFAULTS);
    checkOptions(options);
    const joint = boolean(field(state, 'joint'));
    const encoder = openModes(field(state, 'encoder'), arrays, special, joint ? withClass(features, []) : features);
    if (joint) checkClass(encoder, state);
    const { latent, temperature, generator } = options;
    const shape = makerShape(encoder, latent, generator);
    const [weights, moments] = parametersOf(shape).map((own) => openWeights(PREFIX, ['F32'], own, arrays, state)) as Pair<Float32Array>;
    for (const { name, offset, cols } of parametersOf(shape)[1])
      if (name.endsWith('variance')) checkVariances(moments.subarray(offset, offset + cols), state, `${PREFIX}${name}`);
    const counts = openCounts(field(state, 'counts'), encoder);
    return { options, joint, learnt: { encoder, counts, shape, latent, temperature, weights, moments, history: UNTRAINED } };
  },
  samplerOf: (model) => {
    const { joint, learnt } = model;
    const { encoder, weights, moments, history } = learnt;
    const wanted = joint ? { column: encoder.categories.length - 1, level: 1 } : null;
    return {
      history,
      modelBytes: weights.byteLength + moments.byteLength,
      sample: async (count, stream, run) => {
        const { rows, columns } = encoder.decode(await drawRows(learnt, wanted, count, stream, run), count);
        return { rows, columns: joint ? columns.slice(0, -1) : columns };
      },
      ...kept(ctganCodec, model),
    };
  },
};

type Pair<T> = [T, T];

/** Of the weights and of the running moments; a table of constants has neither. */
const parametersOf = (shape: ResidualShape) =>
  (shape.outputs === 0 ? [[], []] : [residualParameters(shape), runningMoments(shape)]) as Pair<ReturnType<typeof runningMoments>>;

/** The features, and last the class as a category with levels 0 (majority) and 1 (minority). */
export function withClass({ rows, columns }: Table, y: ArrayLike<number>): Table {
  const label: LevelColumn = { name: className(columns), kind: 'binary', levels: CLASSES, codes: Int32Array.from(y) };
  return { rows, columns: [...columns, label] };
}

/** A name that no feature has. */
function className(columns: Table['columns'], name = 'class'): string {
  return columns.some((column) => column.name === name) ? className(columns, `${name}'`) : name;
}

/** Throws {@link InputError} where the last category is not the class. */
function checkClass({ state: { encoder } }: ModeEncoder, { path }: Place): void {
  const last = encoder.columns.at(-1);
  const levels = last && 'index' in last ? last.index.levels : [];
  if (levels.length !== CLASSES.length || !levels.every((level, k) => level === CLASSES[k]))
    throw new InputError(`"${path}.encoder.columns" expected both classes as levels of the last column, which is asked for`);
}

/** How many rows have each level: of each category as many numbers as it has levels, all of the same sum. */
function openCounts(place: Place, { categories }: ModeEncoder): LevelCounts {
  const counts = items(place).map((list) => items(list).map((count) => integer(count, 0, MOST_ROWS)));
  const fits = counts.length === categories.length && categories.every(({ width }, c) => counts[c]?.length === width);
  if (!fits) throw new InputError(`"${place.path}" expected a number for each level of each category`);
  const sums = counts.map((list) => list.reduce((sum, count) => sum + count, 0));
  if (!sums.every((sum) => sum === sums[0] && sum >= 1 && sum <= MOST_ROWS))
    throw new InputError(`"${place.path}" expected lists of the same sum in 1..${MOST_ROWS}, got sums of ${sums.slice(0, 5).join(', ')}`);
  return counts;
}

/** Throws {@link InputError} for an option that is out of range. */
export function checkOptions(options: CTGANOptions): void {
  checkLabels(options);
  checkCounts({ ...options }, ['latent', 'generator', 'critic', 'pac', 'batch', 'steps']);
  checkShares({ ...options }, ['learningRate', 'emaDecay']);
  if (!(options.dropout >= 0 && options.dropout < 1)) throw new InputError(`"dropout" expected a number in [0, 1), got ${options.dropout}`);
  if (!(options.penalty >= 0 && options.penalty < Infinity))
    throw new InputError(`"penalty" expected a number of at least 0, got ${options.penalty}`);
  if (!(options.temperature > 0 && options.temperature <= 10))
    throw new InputError(`"temperature" expected a number in (0, 10], got ${options.temperature}`);
}
