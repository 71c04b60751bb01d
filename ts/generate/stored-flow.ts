/**
 * A flow for model files: its linear part, its trees one behind the other, and which numbers its rows lacked.
 * Dimensions: W columns, L levels of noise, T trees a regression, N rows that were learnt from, G numbers that can be missing.
 */
import type { TreeEnsemble } from '../backend/ops-trees.js';
import { InputError } from '../errors.js';
import { checkFinite, checkRange, checkVariances } from '../store/arrays.js';
import { field, integer, type Place } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import { tensor } from '../store/safetensors.js';
import type { StoredPart } from '../store/stored.js';
import { checkTrees, openSplits, type Splits, storeSplits } from '../store/trees.js';
import { type FlowModel, treesBetween } from './flow-model.js';
import type { FlowLayout } from './flow-rows.js';
import type { ForestFlowOptions } from './forestflow-options.js';
import type { LinearFlow } from './linear-flow.js';

const [MEAN, VECTORS, VARIANCES] = ['flow.mean', 'flow.vectors', 'flow.variances'];
const [BASES, GAPS] = ['flow.bases', 'flow.gaps'];
const MOST_ROWS = 1e9;

export function storeFlow({ layout, linear, levels, gaps }: FlowModel): StoredPart {
  const [W, G] = [layout.width, layout.gaps.length];
  const rows = G === 0 ? 0 : gaps.length / G;
  const ensembles = levels.flat();
  const bases = Float64Array.from(ensembles, ({ base }) => base);
  return {
    state: { rows },
    arrays: {
      [MEAN]: tensor('F64', linear.mean),
      [VECTORS]: tensor('F64', linear.vectors, [W, W]),
      [VARIANCES]: tensor('F64', linear.variances),
      [BASES]: tensor('F64', bases, [levels.length, W]),
      ...storeSplits(joined(ensembles)),
      [GAPS]: tensor('U8', gaps, [rows, G]),
    },
  };
}

/** The flow again; it draws, but its training is forgotten. Throws {@link InputError} where it is none of such a layout and options. */
export function openFlow(
  place: Place,
  arrays: Arrays,
  layout: FlowLayout,
  options: Pick<ForestFlowOptions, 'levels' | 'rounds'>,
): FlowModel {
  const [W, G] = [layout.width, layout.gaps.length];
  const rows = integer(field(place, 'rows'), Math.min(G, 1), MOST_ROWS);
  const gaps = arrays.of(GAPS, ['U8'], rows * G);
  checkRange(gaps, 0, 1, place, GAPS);
  const linear = openLinear(place, arrays, W);
  const ensembles = openEnsembles(place, arrays, W, W === 0 ? 0 : options.levels - 1, options.rounds);
  const levels = Array.from({ length: ensembles.length / Math.max(W, 1) }, (_, level) => ensembles.slice(level * W, (level + 1) * W));
  return { layout, linear, levels, gaps, losses: [], seconds: 0 };
}

function openLinear(place: Place, arrays: Arrays, W: number): LinearFlow {
  const linear = {
    mean: arrays.of(MEAN, ['F64'], W),
    vectors: arrays.of(VECTORS, ['F64'], W * W),
    variances: arrays.of(VARIANCES, ['F64'], W),
  };
  checkFinite(linear.mean, place, MEAN);
  checkFinite(linear.vectors, place, VECTORS);
  checkVariances(linear.variances, place, VARIANCES);
  return linear;
}

/** T trees of each regression, W regressions at each of `levels` (L − 1). */
function openEnsembles(place: Place, arrays: Arrays, W: number, levels: number, T: number): TreeEnsemble[] {
  const bases = arrays.of(BASES, ['F64'], levels * W);
  checkFinite(bases, place, BASES);
  const splits = openSplits(arrays);
  const trees = splits.roots.length - 1;
  if (trees !== bases.length * T) throw new InputError(`"${place.path}" expected ${bases.length * T} trees, got ${trees}`);
  const unknown = new Float32Array(splits.feature.length); // drawing asks for neither gains nor covers
  const all: TreeEnsemble = { ...splits, features: W, base: 0, link: 'sum', gain: unknown, cover: unknown };
  if (trees + splits.feature.length > 0) checkTrees(all, place.path);
  return Array.from(bases, (base, i) => ({ ...treesBetween(all, i * T, (i + 1) * T), base }));
}

/** Ensembles one behind the other, as if they were one. */
function joined(ensembles: readonly TreeEnsemble[]): Splits {
  const sum = (of: (ensemble: TreeEnsemble) => number) => ensembles.reduce((total, ensemble) => total + of(ensemble), 0);
  const nodes = sum(({ feature }) => feature.length);
  const all: Splits = {
    roots: new Uint32Array(sum(({ roots }) => roots.length - 1) + 1),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Uint32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
  };
  let [tree, node] = [0, 0];
  for (const { roots, feature, threshold, left, defaultLeft, value } of ensembles) {
    const start = node;
    all.roots.set(
      roots.map((root) => root + start),
      tree,
    );
    all.left.set(
      left.map((child) => child + start),
      start,
    );
    all.feature.set(feature, start);
    all.threshold.set(threshold, start);
    all.defaultLeft.set(defaultLeft, start);
    all.value.set(value, start);
    tree += roots.length - 1;
    node += feature.length;
  }
  return all;
}
