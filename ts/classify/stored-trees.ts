/**
 * A tree ensemble as arrays of a model file, and the check that every ensemble from outside goes through, whatever its format.
 * Dimensions: D features, T trees, M nodes of all of them.
 */
import type { TreeEnsemble } from '../backend/ops-trees.js';
import { InputError } from '../errors.js';
import { field, number, type Place } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import { tensor } from '../store/safetensors.js';
import type { StoredPart } from '../store/stored.js';

export function storeTrees({ base, roots, feature, threshold, left, defaultLeft, value, gain, cover }: TreeEnsemble): StoredPart {
  return {
    state: { base },
    arrays: {
      'trees.roots': tensor('U32', roots),
      'trees.feature': tensor('I32', feature),
      'trees.threshold': tensor('F32', threshold),
      'trees.left': tensor('U32', left),
      'trees.value': tensor('F32', value),
      'trees.gain': tensor('F32', gain),
      'trees.cover': tensor('F32', cover),
      'trees.defaultLeft': tensor('U8', defaultLeft),
    },
  };
}

/** The ensemble again, on D `features`. Throws {@link InputError} where the arrays are no trees of them. */
export function openTrees(place: Place, arrays: Arrays, features: number, link: TreeEnsemble['link']): TreeEnsemble {
  const feature = arrays.of('trees.feature', ['I32']);
  const nodes = feature.length;
  const ensemble: TreeEnsemble = {
    features,
    base: number(field(place, 'base')),
    link,
    roots: arrays.of('trees.roots', ['U32']),
    feature,
    threshold: arrays.of('trees.threshold', ['F32'], nodes),
    left: arrays.of('trees.left', ['U32'], nodes),
    defaultLeft: arrays.of('trees.defaultLeft', ['U8'], nodes),
    value: arrays.of('trees.value', ['F32'], nodes),
    gain: arrays.of('trees.gain', ['F32'], nodes),
    cover: arrays.of('trees.cover', ['F32'], nodes),
  };
  checkTrees(ensemble, place.path);
  return ensemble;
}

/**
 * Throws {@link InputError} unless every row of D values reaches a leaf with a number: each tree's nodes are one run of the arrays, its
 * root first, children after their parent, every node but the root with exactly one parent. A forest's values are shares. `path` stands
 * in the message.
 */
export function checkTrees(ensemble: TreeEnsemble, path: string): void {
  const { roots, feature, value, link } = ensemble;
  const nodes = feature.length;
  const fail = (what: string): InputError => new InputError(`"${path}" expected ${what}`);
  if (roots.length < 2) throw fail('at least one tree, got none');
  if (roots[0] !== 0 || roots[roots.length - 1] !== nodes) {
    throw fail(`trees that make up its ${nodes} nodes, got ${roots[0]}..${roots[roots.length - 1]}`);
  }
  if (!Number.isFinite(ensemble.base)) throw fail(`a number to start from, got ${ensemble.base}`);
  const parents = new Uint8Array(nodes);
  for (let t = 0; t + 1 < roots.length; t++) {
    const [start, end] = [roots[t] as number, roots[t + 1] as number];
    if (!(start < end)) throw fail(`at least one node in tree ${t}, got none`);
    for (let node = start; node < end; node++) checkNode(ensemble, node, start, end, parents, fail);
  }
  if (link !== 'mean') return;
  const outside = value.findIndex((share) => !(share >= 0 && share <= 1));
  if (outside >= 0) throw fail(`shares in 0..1, got ${value[outside]} in node ${outside}`);
}

function checkNode(
  { features, feature, threshold, left, value, gain, cover }: TreeEnsemble,
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
