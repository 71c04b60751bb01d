/**
 * What the user declares about a table, as JSON:
 * `{"columns": {"edema": {"kind": "ordinal", "levels": ["0", "0.5", "1"], "missing": ["9"]}}, "target": "died", "positive": "1",
 *   "group": "patient_id", "exclude": ["ward"]}`. Everything is optional; what is not declared is inferred.
 */
import * as z from 'zod/mini';
import { InputError } from '../errors.js';
import { CENSORED, type Censored } from './cell-rules.js';
import { parseConstraints } from './constraint-form.js';
import type { Constraint } from './constraints.js';
import { parseJson } from './json.js';
import { listed, quoted, unknownName } from './names.js';
import { type ColumnKind, isLevelColumn, type Table } from './table.js';

export { CENSORED, type Censored } from './cell-rules.js';

/** What a column is for. Of these only a feature is learnt from. */
export const ROLES = ['feature', 'target', 'group', 'identifier', 'date', 'free text', 'excluded'] as const;
/** What a column is for. */
export type Role = (typeof ROLES)[number];

/** What is declared of one column; what is left out is inferred. */
export interface ColumnSchema {
  readonly kind?: ColumnKind | undefined;
  readonly role?: Role | undefined;
  /** All levels of a level column, an ordinal one's in order. Without it an ordinal column must hold numbers. */
  readonly levels?: readonly string[] | undefined;
  /** Cells that mean "missing" in this column, beside the usual ones. With an empty list no number is suspected to. */
  readonly missing?: readonly string[] | undefined;
  /** Told to the reader; where the cells of a number column hold it, it is taken off. */
  readonly unit?: string | undefined;
  /** Values that are possible, both included; null where there is no limit. Real cells outside are warned of, synthetic ones do not occur. */
  readonly range?: readonly [number | null, number | null] | undefined;
  readonly censored?: Censored | undefined;
}

/** What is declared of a table (docs/formats.md); what is left out is inferred. */
export interface Schema {
  readonly columns?: Readonly<Record<string, ColumnSchema>> | undefined;
  readonly target?: string | undefined;
  readonly positive?: string | undefined;
  readonly group?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Cells that mean "missing" in any column, beside the usual ones. */
  readonly missing?: readonly string[] | undefined;
  /** As of a column, for all that do not say it. */
  readonly censored?: Censored | undefined;
  /** What holds in every row, and is held in every synthetic one (constraints.ts). */
  readonly constraints?: readonly Constraint[] | undefined;
  /** The rows are simulated, not patients': wherever their numbers stand, it is said. */
  readonly simulated?: boolean | undefined;
  /** Of the file: how its bytes are text, and the line of its header. */
  readonly encoding?: string | undefined;
  readonly headerLine?: number | undefined;
}

const text = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform((value) => String(value)),
);
const end = z.nullable(z.number());

const columnForm = z.strictObject({
  kind: z.optional(z.enum(['numeric', 'integer', 'binary', 'categorical', 'ordinal', 'text'])),
  role: z.optional(z.enum(ROLES)),
  levels: z.optional(z.array(text).check(z.minLength(1))),
  missing: z.optional(z.array(text)),
  unit: z.optional(z.string()),
  range: z.optional(z.tuple([end, end])),
  censored: z.optional(z.enum(CENSORED)),
});

const schemaForm = z.strictObject({
  columns: z.optional(z.record(z.string(), columnForm)),
  target: z.optional(z.string()),
  positive: z.optional(text),
  group: z.optional(z.string()),
  exclude: z.optional(z.array(z.string())),
  missing: z.optional(z.array(text)),
  censored: z.optional(z.enum(CENSORED)),
  constraints: z.optional(z.unknown()),
  simulated: z.optional(z.boolean()),
  encoding: z.optional(z.string()),
  headerLine: z.optional(z.int().check(z.minimum(1))),
});

/** Checks a schema that came as JSON, text or already parsed, and settles what its columns' roles say. */
export function parseSchema(json: unknown, file = 'the schema'): Schema {
  const { constraints, ...rest } = parseJson(json, schemaForm, file);
  const settled = settleRoles(rest, file);
  return constraints === undefined ? settled : { ...settled, constraints: parseConstraints(constraints, `${file}: constraints`) };
}

/** Target, group and excluded columns may be named once for all or as the role of a column; both must say the same. */
function settleRoles(schema: Schema, file: string): Schema {
  const entries = Object.entries(schema.columns ?? {});
  const withRole = (...roles: Role[]) => entries.filter(([, { role }]) => role !== undefined && roles.includes(role)).map(([name]) => name);
  const settled = { ...schema };
  for (const role of ['target', 'group'] as const) {
    const named = new Set([...(schema[role] === undefined ? [] : [schema[role]]), ...withRole(role)]);
    if (named.size > 1) throw new InputError(`${file}: ${listed([...named].map(quoted))} cannot all be the ${role}; leave one`);
    for (const name of named) settled[role] = name;
  }
  const left = withRole('identifier', 'date', 'free text', 'excluded');
  if (left.length > 0) settled.exclude = [...new Set([...(schema.exclude ?? []), ...left])];
  const taken = settled.exclude?.find((name) => name === settled.target || name === settled.group);
  if (taken !== undefined) throw new InputError(`${file}: ${quoted(taken)} cannot be left out and be the target or the group; change one`);
  return settled;
}

/** Fails where the schema names a column that the table does not have, or contradicts itself. */
export function checkSchema(schema: Schema, names: readonly string[], file: string): void {
  const known = new Set(names);
  const named = [...Object.keys(schema.columns ?? {}), ...(schema.exclude ?? [])];
  if (schema.target !== undefined) named.push(schema.target);
  if (schema.group !== undefined) named.push(schema.group);
  for (const name of named) if (!known.has(name)) throw new InputError(`${file}: ${unknownName(name, names)}`);
  for (const [name, column] of Object.entries(schema.columns ?? {})) checkColumn(name, column, file);
}

function checkColumn(name: string, { kind, levels = [], range }: ColumnSchema, file: string): void {
  const twice = levels.find((level, i) => levels.indexOf(level) !== i);
  if (twice !== undefined) throw new InputError(`${file}: the schema lists the level ${quoted(twice)} of ${quoted(name)} twice`);
  if (kind === 'binary' && levels.length > 2) {
    throw new InputError(
      `${file}: the schema declares ${quoted(name)} binary, but lists ${levels.length} levels: ${listed(levels.map(quoted))}`,
    );
  }
  if (levels.length > 0 && (kind === 'numeric' || kind === 'integer' || kind === 'text')) {
    throw new InputError(`${file}: the schema lists levels of ${quoted(name)}, but declares it ${kind}; use "categorical" or "ordinal"`);
  }
  const [low, high] = range ?? [null, null];
  if (low !== null && high !== null && low > high) {
    throw new InputError(`${file}: the schema gives ${quoted(name)} the range ${low} to ${high}; put the lower end first`);
  }
}

/** The schema with further cells that mean "missing": "999" in every column, "sbp=-9,999" in one. */
export function withMissing(schema: Schema, entries: readonly string[]): Schema {
  const everywhere: string[] = [...(schema.missing ?? [])];
  const columns = new Map(Object.entries(schema.columns ?? {}));
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const codes = entry
      .slice(at + 1)
      .split(',')
      .map((code) => code.trim())
      .filter((code) => code !== '');
    if (codes.length === 0) throw new InputError(`"missing" expected codes such as 999 or sbp=-9,999, got ${quoted(entry)}`);
    const name = entry.slice(0, Math.max(at, 0)).trim();
    const own = columns.get(name);
    if (at <= 0) everywhere.push(...codes);
    else columns.set(name, { ...own, missing: [...(own?.missing ?? []), ...codes] });
  }
  return { ...schema, columns: Object.fromEntries(columns), ...(everywhere.length > 0 && { missing: everywhere }) };
}

/** The declaration under which another file of the same study is read with the very same kinds. */
export function schemaOf(table: Table): Schema {
  const columns: [string, ColumnSchema][] = table.columns.map((column) => [
    column.name,
    isLevelColumn(column) && column.kind === 'ordinal' ? { kind: column.kind, levels: column.levels } : { kind: column.kind },
  ]);
  return { columns: Object.fromEntries(columns) };
}
