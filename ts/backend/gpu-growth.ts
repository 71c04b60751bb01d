/**
 * One tree grown on the GPU, level by level: histograms of all nodes of a level, the best split of each, the rows' way to the next.
 * Only the sums of the best splits come back, a few numbers a node and feature. Dimensions as in kernels/histogram.ts.
 */
import { addLeaves, binLimbs, gradientDigits, nodesInOrder, partition, stripSums } from '../../kernels/histogram.js';
import { bestPlaces, nearSums } from '../../kernels/split.js';
import type { GpuKernels, GpuTexture } from './gpu-kernels.js';
import { bestSplit, leafWeight, limbs, type Split, SUMS, threshold, type Units } from './gpu-splits.js';
import type { GpuTable } from './gpu-table.js';
import type { BoostingOptions, TreeEnsemble } from './ops-trees.js';

/** Elements of the largest result of a kernel; a level with more is grown in parts. */
const RESULT_LIMIT = 4_194_304;
/** Fields of a node in the table of splits that rows are parted by. */
const FIELDS = 8;

/** A node that may be split: its number in the tree, the sums of its rows. */
interface Node extends Units {
  readonly at: number;
}

/** Labels (N), and the units that sums of gradients come in. */
export interface Labels {
  readonly positive: GpuTexture;
  readonly units: Units;
}

/** Columns of nodes, as of {@link TreeEnsemble}. */
export class Tree {
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly left: number[] = [];
  readonly defaultLeft: number[] = [];
  readonly value: number[] = [];
  readonly gain: number[] = [];
  readonly cover: number[] = [];

  leaf(value: number, cover: number): number {
    for (const column of [this.threshold, this.left, this.defaultLeft, this.gain]) column.push(0);
    this.value.push(Math.fround(value));
    this.cover.push(Math.fround(cover));
    return this.feature.push(-1) - 1;
  }

  split(node: number, { feature, missingLeft, gain }: Split, at: number, left: number, value: number): void {
    this.feature[node] = feature;
    this.threshold[node] = at;
    this.left[node] = left;
    this.defaultLeft[node] = Number(missingLeft);
    this.value[node] = Math.fround(value);
    this.gain[node] = Math.fround(gain);
  }
}

/** Most slots that keep every result within the limit. */
const mostSlots = ({ strips, cols, mostBins }: GpuTable, limit: number): number =>
  Math.max(1, Math.floor(limit / Math.max(4 * strips, 8 * cols * mostBins)));

export class Growth {
  readonly #limits: GpuTexture;
  readonly #start: GpuTexture;
  readonly #most: number;

  constructor(
    readonly kernels: GpuKernels,
    readonly table: GpuTable,
    readonly labels: Labels,
    readonly options: BoostingOptions,
    resultLimit = RESULT_LIMIT,
  ) {
    const { lambda, alpha = 0, maxDeltaStep = 0, minChildWeight } = options;
    const { g, h } = labels.units;
    this.#limits = kernels.upload(Float32Array.of(lambda, alpha, maxDeltaStep, minChildWeight, g, h, 0, 0), 1, 8);
    this.#start = kernels.upload(new Float32Array(table.rows), 1, table.rows);
    this.#most = mostSlots(table, resultLimit);
  }

  free(): void {
    this.kernels.free(this.#limits);
    this.kernels.free(this.#start);
  }

  /** Grows a tree on the gradients at `margins` (N), of rows of `weights` (N), at most 1; returns it and the margins with its leaves. */
  grow(margins: GpuTexture, weights: GpuTexture): { tree: Tree; margins: GpuTexture } {
    const { kernels, options } = this;
    const n = this.table.rows;
    const digits = kernels.runAnyShape(gradientDigits, 1, 4 * n, [margins, this.labels.positive, weights]);
    const tree = new Tree();
    let nodes = this.#start;
    let level: Node[] = [];
    for (let depth = 0; depth === 0 || level.length > 0; depth++) {
      const inOrder = kernels.runAnyShape(nodesInOrder, 1, n * this.table.cols, [nodes, this.table.on.order]);
      if (depth === 0) level = [this.#root(tree, inOrder, digits)];
      const splits = depth < options.depth ? this.#splits(level, inOrder, digits) : level.map(() => null);
      const { next, table } = this.#children(tree, level, splits, depth + 1);
      const parted = kernels.upload(table, 1, table.length);
      const moved = kernels.runAnyShape(partition, 1, n, [nodes, parted, this.table.on.codes, n]);
      for (const texture of [inOrder, parted]) kernels.free(texture);
      if (nodes !== this.#start) kernels.free(nodes);
      nodes = moved;
      level = next;
    }
    const leaves = kernels.upload(Float32Array.from(tree.value), 1, tree.value.length);
    const added = kernels.runAnyShape(addLeaves, 1, n, [margins, nodes, leaves]);
    for (const texture of [digits, nodes, leaves]) kernels.free(texture);
    return { tree, margins: added };
  }

  /** Histograms (D·B, slots, 8) of the nodes in slots `first` … */
  #histograms(first: number, slots: number, inOrder: GpuTexture, digits: GpuTexture): GpuTexture {
    const { strips, cols, mostBins, on } = this.table;
    const rows = [on.strips, inOrder, on.order, digits, slots, first];
    const partial = this.kernels.runAnyShape(stripSums, 1, strips * slots * 4, rows);
    const limbs = this.kernels.runAnyShape(binLimbs, 1, cols * mostBins * slots * 8, [partial, on.firstStrips, slots]);
    this.kernels.free(partial);
    return limbs;
  }

  /** Sums (D, slots, 2, 8) of the near side of the splits at `places` (D, slots, 2), which are freed with the histograms. */
  #sums(histograms: GpuTexture, places: GpuTexture, slots: number): Float32Array {
    const { cols, mostBins, on } = this.table;
    const sums = this.kernels.runAnyShape(nearSums, 1, cols * slots * 2 * SUMS, [histograms, on.bins, places, slots, mostBins]);
    const values = this.kernels.read(sums);
    for (const texture of [sums, histograms, places]) this.kernels.free(texture);
    return values;
  }

  /** The root with the sums of all rows: those of all bins of the first feature. */
  #root(tree: Tree, inOrder: GpuTexture, digits: GpuTexture): Node {
    const places = new Float32Array(this.table.cols * 2).fill(-1);
    places[0] = this.table.bins[0] as number;
    const all = this.kernels.upload(places, 1, places.length);
    return this.#node(tree, this.#sums(this.#histograms(0, 1, inOrder, digits), all, 1));
  }

  #node(tree: Tree, sums: Float32Array): Node {
    const { units } = this.labels;
    const [g, h] = [limbs(sums, 0) * units.g, limbs(sums, 3) * units.h];
    return { at: tree.leaf(leafWeight(g, h, this.options) * this.options.learningRate, h), g, h };
  }

  /** The best split of each node of a level. */
  #splits(level: readonly Node[], inOrder: GpuTexture, digits: GpuTexture): (Split | null)[] {
    const { cols, mostBins, bins, on } = this.table;
    const found: (Split | null)[] = [];
    while (found.length < level.length) {
      const first = found.length;
      const slots = Math.min(level.length - first, this.#most);
      const histograms = this.#histograms(first, slots, inOrder, digits);
      const all = [histograms, on.bins, this.#limits, slots, mostBins];
      const places = this.kernels.runAnyShape(bestPlaces, 1, cols * slots * 2, all);
      const sums = this.#sums(histograms, places, slots);
      for (const [slot, node] of level.slice(first, first + slots).entries()) {
        found.push(this.#canSplit(node) ? bestSplit(sums, bins, slot, slots, node, this.labels.units, this.options) : null);
      }
    }
    return found;
  }

  #canSplit({ h }: Units): boolean {
    return h >= 2 * this.options.minChildWeight;
  }

  /** Splits a level's nodes: the nodes of the next, and where each row goes, as {@link partition} reads it. */
  #children(tree: Tree, level: readonly Node[], splits: readonly (Split | null)[], depth: number): { next: Node[]; table: Float32Array } {
    const { options, table } = this;
    const next: Node[] = [];
    const fields = new Float32Array(FIELDS * level.length);
    const child = (sums: Units): Node => {
      const { g, h } = sums;
      return { at: tree.leaf(leafWeight(g, h, options) * options.learningRate, h), g, h };
    };
    const place = (node: Node): number => (depth < options.depth && this.#canSplit(node) ? next.push(node) - 1 : -1 - node.at);
    for (const [slot, node] of level.entries()) {
      const split = splits[slot];
      if (!split) {
        fields.set([-1, 0, 0, -1 - node.at], slot * FIELDS);
        continue;
      }
      const left = child(split);
      const right = child({ g: node.g - split.g, h: node.h - split.h });
      const at = threshold(split, table.bins, table.lower, table.upper);
      tree.split(node.at, split, at, left.at, leafWeight(node.g, node.h, options));
      const { feature, bin, missingLeft } = split;
      fields.set([feature, bin, missingLeft ? (table.bins[feature] as number) : -1, place(left), place(right)], slot * FIELDS);
    }
    return { next, table: fields };
  }
}

/** Trees one after the other, their nodes numbered throughout. */
export function joined(trees: readonly Tree[], features: number, base: number): TreeEnsemble {
  const roots = new Uint32Array(trees.length + 1);
  trees.forEach(({ feature }, t) => {
    roots[t + 1] = (roots[t] as number) + feature.length;
  });
  const column = (of: (tree: Tree) => readonly number[]) => trees.flatMap(of);
  return {
    features,
    base,
    link: 'logistic',
    roots,
    feature: Int32Array.from(column((tree) => tree.feature)),
    threshold: Float32Array.from(column((tree) => tree.threshold)),
    left: Uint32Array.from(
      trees.flatMap(({ left, feature }, t) => left.map((at, i) => (roots[t] as number) + ((feature[i] as number) < 0 ? 0 : at))),
    ),
    defaultLeft: Uint8Array.from(column((tree) => tree.defaultLeft)),
    value: Float32Array.from(column((tree) => tree.value)),
    gain: Float32Array.from(column((tree) => tree.gain)),
    cover: Float32Array.from(column((tree) => tree.cover)),
  };
}
