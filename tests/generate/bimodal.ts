/** A table whose structure a generator has to learn, and what of it its rows have kept. */
import * as assert from 'uvu/assert';
import { Stream } from '../../ts/random.js';
import type { Dataset, LevelColumn, NumberColumn, Table } from '../../ts/table/table.js';

/** Two modes of a number, left and right, a second one tied to it, a level tied to the mode, and gaps in 30% of a third. */
export function bimodal(positives: number, negatives: number): Dataset {
  const stream = Stream.fromSeed(5);
  const rows = positives + negatives;
  const y = Uint8Array.from({ length: rows }, (_, i) => (i < positives ? 1 : 0));
  const bell = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += stream.uniform();
    return sum;
  };
  const side = Array.from({ length: rows }, () => stream.below(2));
  const a = side.map((s, i) => (s ? 3 : -3) + 0.5 * bell() + (y[i] ? 20 : 0));
  const b = a.map((v) => 2 * v + 0.3 * bell());
  const c = side.map(() => (stream.uniform() < 0.3 ? Number.NaN : bell()));
  const number = (name: string, values: number[]): NumberColumn => ({
    name,
    kind: 'numeric',
    values: Float64Array.from(values),
    decimals: -1,
  });
  const level: LevelColumn = { name: 'side', kind: 'binary', levels: ['left', 'right'], codes: Int32Array.from(side) };
  return {
    name: 'bimodal',
    y,
    group: null,
    target: { column: 'y', positive: '1', negative: '0' },
    features: { rows, columns: [number('a', a), number('b', b), number('c', c), level] },
  };
}

export const numbersOf = (table: Table, name: string) => (table.columns.find((c) => c.name === name) as NumberColumn).values;
export const codesOf = (table: Table, name: string) => (table.columns.find((c) => c.name === name) as LevelColumn).codes;

/** Shares of the rows that keep to what real minority rows have in common; of `modes` and `missing`, the share itself. */
export function keptOf(table: Table) {
  const [a, b, c, side] = [numbersOf(table, 'a'), numbersOf(table, 'b'), numbersOf(table, 'c'), codesOf(table, 'side')];
  const share = (holds: (i: number) => boolean) =>
    Array.from({ length: table.rows }, (_, i) => Number(holds(i))).reduce((x, y) => x + y, 0) / table.rows;
  return {
    minority: share((i) => a[i]! > 10),
    right: share((i) => a[i]! > 20),
    apart: share((i) => Math.abs(a[i]! - 20) > 1),
    line: share((i) => Math.abs(b[i]! - 2 * a[i]!) < 4),
    level: share((i) => a[i]! > 20 === (side[i] === 1)),
    missing: share((i) => Number.isNaN(c[i]!)),
  };
}

export function between(value: number, low: number, high: number, what: string): void {
  assert.ok(value >= low && value <= high, `${what}: ${value} is not in ${low} … ${high}`);
}
