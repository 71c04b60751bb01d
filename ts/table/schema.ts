/**
 * What the user declares about a table, as JSON:
 * `{"columns": {"edema": {"kind": "ordinal", "levels": ["0", "0.5", "1"], "missing": ["9"]}}, "target": "died", "positive": "1",
 *   "group": "patient_id", "exclude": ["ward"]}`. Everything is optional; what is not declared is inferred.
 */
import * as z from 'zod/mini';
import { InputError } from '../errors.js';
import { parseJson } from './json.js';
import { listed, quoted, unknownName } from './names.js';
import { type ColumnKind, isLevelColumn, type Table } from './table.js';

export interface ColumnSchema {
  readonly kind?: ColumnKind | undefined;
  /** All levels of a level column, an ordinal one's in order. Without it an ordinal column must hold numbers. */
  readonly levels?: readonly string[] | undefined;
  /** Cells that mean "missing" in this column, beside the usual ones. */
  readonly missing?: readonly string[] | undefined;
}

export interface Schema {
  readonly columns?: Readonly<Record<string, ColumnSchema>> | undefined;
  readonly target?: string | undefined;
  readonly positive?: string | undefined;
  readonly group?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** The rows are simulated, not patients': wherever their numbers stand, it is said. */
  readonly simulated?: boolean | undefined;
}

const text = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform((value) => String(value)),
);

const columnForm = z.strictObject({
  kind: z.optional(z.enum(['numeric', 'integer', 'binary', 'categorical', 'ordinal', 'text'])),
  levels: z.optional(z.array(text).check(z.minLength(1))),
  missing: z.optional(z.array(text)),
});

const schemaForm = z.strictObject({
  columns: z.optional(z.record(z.string(), columnForm)),
  target: z.optional(z.string()),
  positive: z.optional(text),
  group: z.optional(z.string()),
  exclude: z.optional(z.array(z.string())),
  simulated: z.optional(z.boolean()),
});

/** Checks a schema that came as JSON, text or already parsed. */
export const parseSchema = (json: unknown, file = 'the schema'): Schema => parseJson(json, schemaForm, file);

/** A column's declaration, if there is one; safe for names such as "constructor". */
export function declared(schema: Schema, name: string): ColumnSchema | undefined {
  return schema.columns && Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined;
}

/** Fails where the schema names a column that the table does not have, or contradicts itself. */
export function checkSchema(schema: Schema, names: readonly string[], file: string): void {
  const known = new Set(names);
  const named = [...Object.keys(schema.columns ?? {}), ...(schema.exclude ?? [])];
  if (schema.target !== undefined) named.push(schema.target);
  if (schema.group !== undefined) named.push(schema.group);
  for (const name of named) if (!known.has(name)) throw new InputError(`${file}: ${unknownName(name, names)}`);
  for (const [name, column] of Object.entries(schema.columns ?? {})) {
    const levels = column.levels ?? [];
    const twice = levels.find((level, i) => levels.indexOf(level) !== i);
    if (twice !== undefined) throw new InputError(`${file}: the schema lists the level ${quoted(twice)} of ${quoted(name)} twice`);
    if (column.kind === 'binary' && levels.length > 2) {
      throw new InputError(
        `${file}: the schema declares ${quoted(name)} binary, but lists ${levels.length} levels: ${listed(levels.map(quoted))}`,
      );
    }
    if (levels.length > 0 && (column.kind === 'numeric' || column.kind === 'integer' || column.kind === 'text')) {
      throw new InputError(
        `${file}: the schema lists levels of ${quoted(name)}, but declares it ${column.kind}; use "categorical" or "ordinal"`,
      );
    }
  }
}

/** The declaration under which another file of the same study is read with the very same kinds. */
export function schemaOf(table: Table): Schema {
  const columns: [string, ColumnSchema][] = table.columns.map((column) => [
    column.name,
    isLevelColumn(column) && column.kind === 'ordinal' ? { kind: column.kind, levels: column.levels } : { kind: column.kind },
  ]);
  return { columns: Object.fromEntries(columns) };
}
