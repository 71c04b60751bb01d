/** Rows between rows on the core; the caller frees what is allocated here. */
import type { Stream } from '../random.js';
import type { Lattice, Places } from './ops-distance.js';
import type { CoreMemory, WasmWords } from './wasm.js';

/** Columns that are made together: of a million rows 64 MB. */
const GROUP = 8;

export function places(memory: CoreMemory, rows: number | Uint32Array, index: Uint32Array, k: number, stream: Stream): Places {
  const count = typeof rows === 'number' ? rows : rows.length;
  const base = memory.alloc(Math.max(1, count) * 4);
  if (typeof rows === 'number') {
    const { key0, key1 } = stream.child('row');
    memory.core.drawBases?.(base, count, index.length / k, key0, key1);
  } else memory.writeWords({ ptr: base, length: count } as WasmWords, rows);
  const [others, gaps] = [stream.child('neighbour'), stream.child('gap')];
  const [other, gap] = [memory.alloc(Math.max(1, count) * 4), memory.alloc(Math.max(1, count) * 8)];
  memory.core.drawEnds?.(base, count, memory.put(index), k, others.key0, others.key1, gaps.key0, gaps.key1, other, gap);
  return {
    base: typeof rows === 'number' ? memory.get(base, count, Uint32Array) : rows,
    other: memory.get(other, count, Uint32Array),
    gap: memory.get(gap, count, Float64Array),
  };
}

export function interpolate(
  memory: CoreMemory,
  columns: readonly Float64Array[],
  { base, other, gap }: Places,
  lattices: readonly (Lattice | null)[] = [],
): Float64Array[] {
  const rows = gap.length;
  const at = [base, other, gap].map(memory.put);
  const out = memory.alloc(Math.max(1, Math.min(GROUP, columns.length + 1) * rows) * 8);
  const made: Float64Array[] = [];
  for (let first = 0; first < columns.length; first += GROUP) {
    const mark = memory.mark();
    const group = columns.slice(first, first + GROUP);
    const width = group.length + (group.length % 2); // the core takes them in pairs
    memory.core.interpolate?.(memory.put(rowsOf(group, width)), width, ...(at as [number, number, number]), rows, out);
    for (const c of group.keys()) {
      const [column, lattice] = [out + c * rows * 8, lattices[first + c]];
      if (lattice) {
        const { low, high, power, seen } = lattice;
        memory.core.snap?.(column, rows, low, high, power, seen ? memory.put(seen) : 0, seen?.length ?? 0);
      }
      made.push(memory.get(column, rows, Float64Array));
    }
    memory.release(mark);
  }
  return made;
}

/** Columns (C, M) side by side as rows (M, width). */
function rowsOf(columns: readonly Float64Array[], width: number): Float64Array {
  const values = new Float64Array((columns[0] as Float64Array).length * width);
  columns.forEach((column, c) => {
    for (let row = 0, at = c; row < column.length; row++, at += width) values[at] = column[row] as number;
  });
  return values;
}
