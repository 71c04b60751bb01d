/**
 * Trees as arrays of a model file, and the check that every tree from outside goes through, whatever its format.
 * Dimensions: D features, T trees, M nodes of all of them. `x < threshold` goes left.
 */
import { InputError } from '../errors.js';
import type { Arrays } from './model.js';
import { type Tensor, tensor } from './safetensors.js';

/** Trees one behind the other in flat arrays, each with its root first and the two children of a node side by side: all that rows need. */
export interface Splits {
  readonly roots: Uint32Array; // (T + 1), first node of each tree
  readonly feature: Int32Array; // (M), −1 = leaf
  readonly threshold: Float32Array; // (M)
  readonly left: Uint32Array; // (M), index of the left child; the right one follows it
  readonly defaultLeft: Uint8Array; // (M)
  readonly value: Float32Array; // (M)
}

/** The same with what was known when they were grown. */
export interface Trees extends Splits {
  readonly gain: Float32Array; // (M)
  readonly cover: Float32Array; // (M)
}

export const storeSplits = ({ roots, feature, threshold, left, defaultLeft, value }: Splits): Readonly<Record<string, Tensor>> => ({
  'trees.roots': tensor('U32', roots),
  'trees.feature': tensor('I32', feature),
  'trees.threshold': tensor('F32', threshold),
  'trees.left': tensor('U32', left),
  'trees.value': tensor('F32', value),
  'trees.defaultLeft': tensor('U8', defaultLeft),
});

/** The arrays again, of equal lengths; {@link checkTrees} tells whether they are trees. */
export function openSplits(arrays: Arrays): Splits {
  const feature = arrays.of('trees.feature', ['I32']);
  const nodes = feature.length;
  return {
    roots: arrays.of('trees.roots', ['U32']),
    feature,
    threshold: arrays.of('trees.threshold', ['F32'], nodes),
    left: arrays.of('trees.left', ['U32'], nodes),
    defaultLeft: arrays.of('trees.defaultLeft', ['U8'], nodes),
    value: arrays.of('trees.value', ['F32'], nodes),
  };
}

/**
 * Throws {@link InputError} unless every row of D values reaches a leaf with a number: each tree's nodes are one run of the arrays, its
 * root first, children after their parent, every node but the root with exactly one parent. `path` stands in the message.
 */
export function checkTrees(ensemble: Trees & { readonly features: number }, path: string): void {
  const { roots, feature } = ensemble;
  const nodes = feature.length;
  const fail = (what: string): InputError => new InputError(`"${path}" expected ${what}`);
  if (roots.length < 2) throw fail('at least one tree, got none');
  if (roots[0] !== 0 || roots[roots.length - 1] !== nodes) {
    throw fail(`trees that make up its ${nodes} nodes, got ${roots[0]}..${roots[roots.length - 1]}`);
  }
  const parents = new Uint8Array(nodes);
  for (let t = 0; t + 1 < roots.length; t++) {
    const [start, end] = [roots[t] as number, roots[t + 1] as number];
    if (!(start < end)) throw fail(`at least one node in tree ${t}, got none`);
    for (let node = start; node < end; node++) checkNode(ensemble, node, start, end, parents, fail);
  }
}

function checkNode(
  { features, feature, threshold, left, value, gain, cover }: Trees & { readonly features: number },
  node: number,
  start: number,
  end: number,
  parents: Uint8Array,
  fail: (what: string) => InputError,
): void {
  const numbers = [value[node], gain[node], cover[node]] as number[];
  if (!numbers.every(Number.isFinite)) throw fail(`numbers in node ${node}, got ${numbers.join(', ')}`);
  if (node > start && parents[node] !== 1) throw fail(`a parent of node ${node} before it, got none`);
  const f = feature[node] as number;
  if (f === -1) return;
  if (f < 0 || f >= features) throw fail(`a feature in 0..${features - 1} in node ${node}, got ${f}`);
  if (Number.isNaN(threshold[node])) throw fail(`a threshold in node ${node}, got NaN`);
  const child = left[node] as number;
  if (child <= node || child + 1 >= end) throw fail(`children of node ${node} after it and before ${end}, got ${child} and ${child + 1}`);
  for (const at of [child, child + 1]) {
    if (parents[at] === 1) throw fail(`one parent of node ${at}, got several`);
    parents[at] = 1;
  }
}
