/**
 * The JSON beside each embedded table (source, licence, columns with types and roles) as facts and as the schema under which the
 * table is read, so that an embedded table has its declared kinds, target, positive label and group.
 */
import * as z from 'zod/mini';
import { parseJson } from './json.js';
import type { ColumnSchema, Schema } from './schema.js';

const label = z.union([z.string(), z.number()]);

const form = z.object({
  name: z.string(),
  file: z.string(),
  source: z.string(),
  licence: z.string(),
  citation: z.string(),
  rows: z.number(),
  target: z.string(),
  positive_label: label,
  group_column: z.nullable(z.string()),
  id_column: z.nullable(z.string()),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['numeric', 'integer', 'binary', 'categorical', 'ordinal']),
      levels: z.optional(z.array(label)),
    }),
  ),
});

export interface Description {
  readonly title: string;
  readonly file: string;
  readonly source: string;
  readonly licence: string;
  readonly citation: string;
  readonly rows: number;
  readonly schema: Schema & { readonly target: string; readonly positive: string };
}

/** Reads the description that stands beside an embedded table. Throws `InputError` for what is none. */
export function parseDescription(json: string, file: string): Description {
  const { name, file: csv, source, licence, citation, rows, ...facts } = parseJson(json, form, file);
  const group = facts.group_column ?? undefined;
  const identifier = facts.id_column !== null && facts.id_column !== group ? [facts.id_column] : [];
  return {
    title: name,
    file: csv,
    source,
    licence,
    citation,
    rows,
    schema: {
      columns: Object.fromEntries(facts.columns.map((column) => [column.name, columnSchema(column)])),
      target: facts.target,
      positive: String(facts.positive_label),
      group,
      exclude: identifier,
    },
  };
}

/**
 * Levels that a description lists in words are in alphabetical order, so an ordinal column of words is read as categorical; one
 * of numbers is ordered by value.
 */
function columnSchema({ type, levels }: { type: string; levels?: readonly (string | number)[] | undefined }): ColumnSchema {
  if (type === 'ordinal') return { kind: levels?.some((level) => typeof level === 'string') ? 'categorical' : 'ordinal' };
  return { kind: type as ColumnSchema['kind'] };
}
