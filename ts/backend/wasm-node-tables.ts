/** Tables of nodes that the core has grown, copied out tree after tree and joined to an ensemble; layout as in assembly/tree.ts. */
import type { TreeEnsemble } from './ops-trees.js';
import type { CoreMemory } from './wasm.js';

/** feature i32 · threshold f32 · left u32 · defaultLeft u32 · value f32 · gain f32 · cover f32. */
const NODE_COLUMNS = 7;

/** Copies node tables out of the core, tree after tree, and joins them. */
export class NodeTables {
  readonly #trees: Uint8Array[] = [];
  readonly #counts: number[] = [];

  constructor(
    readonly memory: CoreMemory,
    readonly table: number,
    readonly capacity: number,
  ) {}

  add(count: number): void {
    const columns = new Uint8Array(count * NODE_COLUMNS * 4);
    for (let c = 0; c < NODE_COLUMNS; c++) {
      columns.set(this.memory.get(this.table + c * this.capacity * 4, count * 4, Uint8Array), c * count * 4);
    }
    this.#trees.push(columns);
    this.#counts.push(count);
  }

  ensemble(features: number, base: number, link: TreeEnsemble['link']): TreeEnsemble {
    const roots = new Uint32Array(this.#counts.length + 1);
    this.#counts.forEach((count, t) => {
      roots[t + 1] = (roots[t] as number) + count;
    });
    const nodes = roots[this.#counts.length] as number;
    const all = Array.from({ length: NODE_COLUMNS }, () => new Uint32Array(nodes));
    this.#counts.forEach((_, t) => {
      const columns = this.#trees[t] as Uint8Array;
      this.#trees[t] = new Uint8Array(0); // deep trees on many rows are large: none is held twice
      const words = new Uint32Array(columns.buffer);
      const [start, count] = [roots[t] as number, this.#counts[t] as number];
      all.forEach((column, c) => {
        column.set(words.subarray(c * count, (c + 1) * count), start);
      });
      const left = all[2] as Uint32Array;
      for (let i = start; i < start + count; i++) left[i] = (left[i] as number) + start;
    });
    const [feature, threshold, left, defaultLeft, value, gain, cover] = all as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    const floats = (column: Uint32Array) => new Float32Array(column.buffer);
    return {
      features,
      base,
      link,
      roots,
      feature: new Int32Array(feature.buffer),
      threshold: floats(threshold),
      left,
      defaultLeft: Uint8Array.from(defaultLeft),
      value: floats(value),
      gain: floats(gain),
      cover: floats(cover),
    };
  }
}
