/** Tables for the audits: a split of an embedded table, patients of a simple law, and what can be passed off as synthetic. */
import { readFileSync } from 'node:fs';
import type { AuditParts, Part } from '../../ts/audit/parts.js';
import type { Stream } from '../../ts/random.js';
import { readCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { parseDescription } from '../../ts/table/description.js';
import { stratifiedSplit } from '../../ts/table/split.js';
import { type Dataset, isNumberColumn, rowsWhere, type Table, takeDataset, takeRows } from '../../ts/table/table.js';

const data = (name: string) => readFileSync(new URL(`../../data/${name}`, import.meta.url));

/** pbc_visits in two parts that share no patient. */
export function pbcVisits(stream: Stream, testShare = 0.3): { training: Dataset; holdout: Dataset } {
  const { schema } = parseDescription(data('pbc_visits.json').toString(), 'pbc_visits.json');
  const table = readCsv(data('pbc_visits.csv'), { file: 'pbc_visits.csv', schema });
  const dataset = toDataset(table, { name: 'pbc_visits', ...schema });
  const { train, test } = stratifiedSplit(dataset, stream, testShare);
  return { training: takeDataset(dataset, train), holdout: takeDataset(dataset, test) };
}

export const partOf = ({ features, y, group }: Dataset, from = 0): Part => ({
  features,
  y,
  patients: group ?? Int32Array.from(y, (_, row) => from + row),
});

export const partsOf = (training: Dataset, synthetic: Table, holdout: Dataset | null): AuditParts => ({
  training: partOf(training),
  synthetic: { features: synthetic, y: new Uint8Array(synthetic.rows).fill(1) },
  holdout: holdout && partOf(holdout, training.y.length),
  target: training.target,
  grouped: training.group !== null,
});

export const minority = ({ features, y }: Dataset): Table => takeRows(features, rowsWhere(y, 1));

/** Numbers moved by up to `size` standard deviations, rounded to the column's own digits or finer. */
export function jittered(table: Table, size: number, stream: Stream): Table {
  const columns = table.columns.map((column) => {
    if (!isNumberColumn(column)) return column;
    const there = column.values.filter((value) => !Number.isNaN(value));
    const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
    const sd = Math.sqrt(there.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / there.length);
    const own = stream.child(column.name);
    return { ...column, values: column.values.map((value) => value + size * sd * (2 * own.uniform() - 1)) };
  });
  return { rows: table.rows, columns };
}

/** Patients of one simple law: twelve numbers that hang together, a level column, an outcome of one in four. */
export function lawful(rows: number, stream: Stream): Dataset {
  const normal = () => Array.from({ length: 12 }, () => stream.uniform()).reduce((sum, u) => sum + u, -6);
  const y = Uint8Array.from({ length: rows }, () => (stream.uniform() < 0.25 ? 1 : 0));
  const common = Float64Array.from(y, (label) => normal() + label);
  const columns = Array.from({ length: 12 }, (_, c) => ({
    name: `lab${c}`,
    kind: 'numeric' as const,
    values: common.map((value) => Math.round(1000 * (value + normal())) / 1000),
    decimals: 3,
  }));
  const codes = Int32Array.from(y, () => stream.below(2));
  const sex = { name: 'sex', kind: 'binary' as const, levels: ['f', 'm'], codes };
  return {
    name: 'lawful',
    features: { rows, columns: [...columns, sex] },
    y,
    group: null,
    target: { column: 'died', positive: 'yes', negative: 'no' },
  };
}
