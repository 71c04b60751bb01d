/**
 * The trees of XGBoost's JSON model, written and read.
 *
 * Dimensions: T trees, M nodes of all of them. `x < threshold` goes left; a leaf's value stands where a split's threshold would.
 */
import { InputError } from '../errors.js';
import { field, items, type Place } from './fields.js';
import type { Trees } from './trees.js';

const NO_PARENT = 2147483647;
const LARGEST_FLOAT = 3.4028234663852886e38;

/** Tree t as the format has it, of a model with so many features. */
export function treeObject({ roots, feature, threshold, left, defaultLeft, value, gain, cover }: Trees, t: number, features: number) {
  const [start, end] = [roots[t] as number, roots[t + 1] as number];
  const nodes = end - start;
  const isLeaf = (node: number) => feature[start + node] === -1;
  const child = (node: number) => (left[start + node] as number) - start;
  const ints = (of: (node: number) => number) => Int32Array.from({ length: nodes }, (_, node) => of(node));
  const parents = new Int32Array(nodes).fill(NO_PARENT);
  for (let node = 0; node < nodes; node++) if (!isLeaf(node)) parents.fill(node, child(node), child(node) + 2);
  return {
    base_weights: value.subarray(start, end),
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: ints((node) => defaultLeft[start + node] as number),
    id: t,
    left_children: ints((node) => (isLeaf(node) ? -1 : child(node))),
    loss_changes: gain.subarray(start, end),
    parents,
    right_children: ints((node) => (isLeaf(node) ? -1 : child(node) + 1)),
    split_conditions: Float32Array.from({ length: nodes }, (_, node) => (isLeaf(node) ? value : threshold)[start + node] as number),
    split_indices: ints((node) => Math.max(0, feature[start + node] as number)),
    split_type: new Int32Array(nodes),
    sum_hessian: cover.subarray(start, end),
    tree_param: { num_deleted: '0', num_feature: String(features), num_nodes: String(nodes), size_leaf_vector: '1' },
  };
}

/** Counts are texts in this format. */
export function count(place: Place, min: number, max: number): number {
  const value = typeof place.value === 'string' && /^-?\d{1,15}$/.test(place.value) ? Number(place.value) : place.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = min === max ? min : `a whole number in ${min}..${max}`;
  throw new InputError(`"${place.path}" expected ${range}, got ${String(JSON.stringify(value)).slice(0, 40)}`);
}

/** One that may be left out: 0 then. */
export const optionalCount = (place: Place, max: number): number => (place.value === undefined ? 0 : count(place, 0, max));

/** The trees of a booster; throws {@link InputError} for what is none. */
export function readTrees(place: Place, features: number): Trees {
  const list = items(field(place, 'trees'));
  if (list.length === 0) throw new InputError(`"${place.path}.trees" expected at least one tree, got none`);
  count(field(field(place, 'gbtree_model_param'), 'num_trees'), list.length, list.length);
  const trees = list.map((tree) => readTree(tree, features));
  const roots = new Uint32Array(trees.length + 1);
  for (const [t, { order }] of trees.entries()) roots[t + 1] = (roots[t] as number) + order.length;
  const nodes = roots[trees.length] as number;
  const all: Trees = {
    roots,
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Uint32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
    gain: new Float32Array(nodes),
    cover: new Float32Array(nodes),
  };
  for (const [t, tree] of trees.entries()) layOut(tree, roots[t] as number, all);
  return all;
}

/** One tree in the file's order of nodes, and `order`: the nodes that a row can reach, level by level. */
interface ReadTree {
  readonly order: readonly number[];
  readonly left: readonly number[];
  readonly feature: readonly number[];
  readonly condition: readonly number[];
  readonly defaultLeft: readonly number[];
  readonly weight: readonly number[];
  readonly gain: readonly number[];
  readonly cover: readonly number[];
}

function readTree(tree: Place, features: number): ReadTree {
  const param = field(tree, 'tree_param');
  const { value, path } = field(tree, 'left_children');
  const nodes = Array.isArray(value) ? value.length : 0;
  if (nodes === 0) throw new InputError(`"${path}" expected a list of at least one node, got none`);
  count(field(param, 'num_nodes'), nodes, nodes);
  optionalCount(field(param, 'size_leaf_vector'), 1);
  const deleted = optionalCount(field(param, 'num_deleted'), nodes - 1);
  const categories = field(tree, 'categories_nodes');
  if (Array.isArray(categories.value) && categories.value.length > 0)
    throw new InputError(`"${categories.path}" expected no splits by category; train the model on one 0/1 column a level`);
  const ints = (name: string, min: number, max: number) => numbers(field(tree, name), nodes, min, max, true);
  const floats = (name: string) => numbers(field(tree, name), nodes, -LARGEST_FLOAT, LARGEST_FLOAT, false);
  const lefts = ints('left_children', -1, nodes - 1);
  const order = reachable(lefts, ints('right_children', -1, nodes - 1), tree.path);
  if (order.length + deleted !== nodes)
    throw new InputError(`"${tree.path}" expected ${nodes - deleted} nodes below its root, got ${order.length}`);
  return {
    order,
    left: lefts,
    feature: ints('split_indices', 0, features - 1),
    condition: floats('split_conditions'),
    defaultLeft: ints('default_left', 0, 1),
    weight: floats('base_weights'),
    gain: floats('loss_changes'),
    cover: floats('sum_hessian'),
  };
}

/** A list of `length` numbers in min..max; true and false count as 1 and 0. */
function numbers(place: Place, length: number, min: number, max: number, whole: boolean): number[] {
  const { value, path } = place;
  if (!Array.isArray(value)) throw new InputError(`"${path}" expected a list of ${length} numbers`);
  if (value.length !== length) throw new InputError(`"${path}" expected ${length} numbers, got ${value.length}`);
  return value.map((entry: unknown, i) => {
    const x = typeof entry === 'boolean' ? Number(entry) : entry;
    if (typeof x === 'number' && x >= min && x <= max && (!whole || Number.isInteger(x))) return x;
    const range = whole ? `a whole number in ${min}..${max}` : 'a number';
    throw new InputError(`"${path}[${i}]" expected ${range}, got ${typeof x === 'number' ? x : typeof x}`);
  });
}

/** The nodes below the root level by level, siblings side by side. Throws {@link InputError} where a node has two parents, or one child. */
function reachable(left: readonly number[], right: readonly number[], path: string): number[] {
  const order = [0];
  const met = new Uint8Array(left.length);
  met[0] = 1;
  for (let i = 0; i < order.length; i++) {
    const node = order[i] as number;
    const children = [left[node] as number, right[node] as number];
    if (children[0] === -1 && children[1] === -1) continue;
    for (const child of children) {
      if (child === -1) throw new InputError(`"${path}" expected two children of node ${node}, got one`);
      if (met[child] === 1) throw new InputError(`"${path}" expected one parent of node ${child}, got several: it is no tree`);
      met[child] = 1;
      order.push(child);
    }
  }
  return order;
}

/** Puts a tree behind the others, from node `start` on. */
function layOut(tree: ReadTree, start: number, all: Trees): void {
  let next = start + 1;
  for (const [i, node] of tree.order.entries()) {
    const at = start + i;
    const leaf = tree.left[node] === -1;
    all.feature[at] = leaf ? -1 : (tree.feature[node] as number);
    all.threshold[at] = leaf ? 0 : (tree.condition[node] as number);
    all.value[at] = (leaf ? tree.condition : tree.weight)[node] as number;
    all.defaultLeft[at] = tree.defaultLeft[node] as number;
    all.gain[at] = tree.gain[node] as number;
    all.cover[at] = tree.cover[node] as number;
    if (leaf) continue;
    all.left[at] = next;
    next += 2;
  }
}
