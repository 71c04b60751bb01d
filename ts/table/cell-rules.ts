/** How the cells of a column are read, beside its kind: what means missing, the unit that is taken off, what a limit is read as. */
import type { ColumnSchema, Schema } from './schema.js';

/** What a cell such as "<0.3" is read as: the limit itself, half of it where it is an upper one, or missing. */
export const CENSORED = ['limit', 'half', 'missing'] as const;
/** One of these ways. */
export type Censored = (typeof CENSORED)[number];

/** These rules of one column; what is not there is not declared. */
export type CellRules = Pick<ColumnSchema, 'missing' | 'unit' | 'censored'>;

/** Of a column, with what is declared of all. */
export function cellRulesOf(schema: Schema, name: string): CellRules {
  const own = declared(schema, name);
  const missing = [...new Set([...(own?.missing ?? []), ...(schema.missing ?? [])])];
  const censored = own?.censored ?? schema.censored;
  return { ...(missing.length > 0 && { missing }), ...(own?.unit !== undefined && { unit: own.unit }), ...(censored && { censored }) };
}

/** A column's declaration, if there is one; safe for names such as "constructor". */
export function declared(schema: Schema, name: string): ColumnSchema | undefined {
  return schema.columns && Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined;
}
