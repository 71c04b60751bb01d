/**
 * A table in memory, column by column. Dimensions: N rows.
 *
 * Missing stays missing: NaN in a number column, −1 in a level column.
 */

/** Numbers. `integer` columns hold whole numbers. `decimals` is the finest decimal grid seen, −1 where there is none. */
export interface NumberColumn {
  readonly name: string;
  readonly kind: 'numeric' | 'integer';
  readonly values: Float64Array; // (N), NaN = missing
  readonly decimals: number;
}

/**
 * Levels. `binary` and `categorical` are unordered; `ordinal` (only by declaration in a schema) is ordered as listed.
 * Levels are kept as the text of the file.
 */
export interface LevelColumn {
  readonly name: string;
  readonly kind: 'binary' | 'categorical' | 'ordinal';
  readonly levels: readonly string[];
  readonly codes: Int32Array; // (N), −1 = missing
}

/** What is not modelled but carried through: identifiers, free text, dates. */
export interface TextColumn {
  readonly name: string;
  readonly kind: 'text';
  readonly texts: readonly string[]; // (N), '' = missing
}

export type Column = NumberColumn | LevelColumn | TextColumn;
export type ColumnKind = Column['kind'];

export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** A table whose roles are settled: what is learnt from, what is predicted, what must not be split apart. */
export interface Dataset {
  readonly name: string;
  readonly features: Table; // number and level columns only, in file order
  readonly y: Uint8Array; // (N), 1 = positive
  readonly group: Int32Array | null; // (N), rows of one group (patient) never part in a split
  readonly target: { readonly column: string; readonly positive: string; readonly negative: string };
}

export const isNumberColumn = (column: Column): column is NumberColumn => column.kind === 'numeric' || column.kind === 'integer';

export const isLevelColumn = (column: Column): column is LevelColumn =>
  column.kind === 'binary' || column.kind === 'categorical' || column.kind === 'ordinal';
