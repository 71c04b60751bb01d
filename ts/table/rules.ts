/** Which constraints a data set's synthetic rows are held to, and which of its real rows break them. */
import { brokenBy, type Constraint, settledConstraints, wordsOf } from './constraints.js';
import type { ReadTable } from './csv.js';
import { whereOf, withoutLines } from './place.js';
import type { Schema } from './schema.js';
import type { Column, Dataset, LevelColumn, Table } from './table.js';

/** What a schema demands of rows. */
export interface Rules {
  readonly constraints: readonly Constraint[];
  /** Of single columns, by their declarations; they count for those that are learnt from. */
  readonly ranges: readonly Constraint[];
}

export function rulesOf(schema: Schema): Rules | null {
  const ranges = Object.entries(schema.columns ?? {}).flatMap(([column, { range }]): Constraint[] => {
    if (range === undefined || (range[0] === null && range[1] === null)) return [];
    return [{ kind: 'range', column, ...(range[0] !== null && { min: range[0] }), ...(range[1] !== null && { max: range[1] }) }];
  });
  const { constraints = [] } = schema;
  return constraints.length + ranges.length === 0 ? null : { constraints, ranges };
}

/** What is learnt from, and the target: the columns that constraints may be about. */
function learntOf({ features, y, target }: Dataset): Table {
  const column: LevelColumn = {
    name: target.column,
    kind: 'categorical',
    levels: [target.negative, target.positive],
    codes: Int32Array.from(y),
  };
  return { rows: features.rows, columns: [...features.columns, column] };
}

/** The constraints of a table's schema, settled for what is learnt from it. Throws {@link InputError} for one that cannot be held. */
export function heldConstraints(table: Table | ReadTable, dataset: Dataset): Constraint[] {
  const rules = 'rules' in table ? table.rules : undefined;
  if (!rules) return [];
  const numbers = new Set(dataset.features.columns.filter((column: Column) => 'values' in column).map(({ name }) => name));
  const ranges = rules.ranges.filter((range) => 'column' in range && numbers.has(range.column));
  return settledConstraints(
    [...rules.constraints, ...ranges],
    learntOf(dataset),
    table.columns.map(({ name }) => name),
  );
}

/** Real rows that break a constraint, as sentences. `rows` are the table's rows behind those of the data set. */
export function brokenWarnings(table: Table | ReadTable, dataset: Dataset & { readonly rows?: Uint32Array | null }): string[] {
  const asked = (dataset.constraints ?? []).filter((one) => one.kind !== 'range'); // those are warned of when they are read
  if (asked.length === 0) return [];
  const learnt = learntOf(dataset);
  const placed = 'lines' in table ? table : withoutLines(table.rows);
  return asked.flatMap((constraint) => {
    const broken = brokenBy(learnt, [constraint]);
    const rows = [...broken.keys()].filter((row) => broken[row] !== -1);
    if (rows.length === 0) return [];
    const own = rows.map((row) => dataset.rows?.[row] ?? row);
    const count = rows.length === 1 ? '1 real row breaks' : `${rows.length} real rows break`;
    return [
      `${dataset.name}: ${count} the constraint "${wordsOf(constraint)}" (${whereOf(placed, own.slice(0, 5))}${rows.length > 5 ? ' …' : ''}); correct them, or the constraint`,
    ];
  });
}
