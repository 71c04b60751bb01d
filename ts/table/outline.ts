/**
 * A table without its rows: enough to write new rows as the table was, and nothing of the patients beyond the levels of what is learnt
 * from. Plain data; the columns stand in the order of the table.
 */
import { filled, idsOf, type NewIds, newIds, type Roles } from './augmented.js';
import { type CellRules, cellRulesOf, declared } from './cell-rules.js'; // not by schema.js, whose checks no thread that computes should load
import type { ReadTable } from './csv.js';
import type { ColumnSchema, Schema } from './schema.js';
import { type Column, type Dataset, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table } from './table.js';

/** What is learnt from, and the target. */
export type FeatureColumn =
  | (CellRules & {
      readonly role: 'feature' | 'target';
      readonly name: string;
      readonly kind: NumberColumn['kind'];
      readonly decimals: number;
      /** Numbers that were taken for "missing" when it was learnt from. */
      readonly suspected?: readonly number[];
    })
  | (CellRules & {
      readonly role: 'feature' | 'target';
      readonly name: string;
      readonly kind: LevelColumn['kind'];
      readonly levels: readonly string[];
    });

export type OutlineColumn =
  | FeatureColumn
  /** Patients: each new row is one of its own. */
  | { readonly role: 'group'; readonly name: string; readonly ids: NewIds }
  /** Not learnt from, and empty in new rows. */
  | { readonly role: 'left out'; readonly name: string };

/** `roles` as {@link Roles}; what `features` has is learnt from. How its cells are read goes along, so that other tables are read alike. */
export function outlineOf(table: Table | ReadTable, features: Table, roles: Pick<Roles, 'target' | 'group'>): OutlineColumn[] {
  const learnt = new Set(features.columns.map(({ name }) => name));
  const schema = ('schema' in table && table.schema) || {};
  return table.columns.map((column): OutlineColumn => {
    const { name } = column;
    if (name === roles.group) return { role: 'group', name, ids: newIds(column) };
    const role = name === roles.target ? 'target' : 'feature';
    if (role === 'feature' && !learnt.has(name)) return { role: 'left out', name };
    const rules = role === 'feature' ? cellRulesOf(schema, name) : {};
    if (isNumberColumn(column)) {
      const { kind, decimals, suspected, unit } = column;
      return { role, name, kind, decimals, ...rules, ...(unit !== undefined && { unit }), ...(suspected && { suspected }) };
    }
    if (isLevelColumn(column)) return { role, name, kind: column.kind, levels: column.levels, ...rules };
    return { role, name, kind: 'categorical', levels: [...new Set(column.texts)].filter((text) => text !== '') };
  });
}

/** Of a data set whose table is not at hand: its features, then the target. */
export function outlineOfDataset({ features, target: { column, positive, negative } }: Dataset): OutlineColumn[] {
  const target: LevelColumn = { name: column, kind: 'categorical', levels: [negative, positive], codes: new Int32Array(0) };
  return outlineOf({ rows: 0, columns: [...features.columns, target] }, features, { target: column, group: null });
}

const featuresOf = (outline: readonly OutlineColumn[]) => outline.filter((column): column is FeatureColumn => column.role === 'feature');

/**
 * The declaration under which another file is read as the table was that was learnt from: its features of the same kinds, by the same rules
 * of what is missing; what is `said` of the file itself comes on top. Levels that the table does not have may occur.
 */
export function schemaAlike(outline: readonly OutlineColumn[], said: Schema = {}): Schema {
  const columns = featuresOf(outline).map((column): [string, ColumnSchema] => {
    const { name, kind } = column;
    const own = declared(said, name) ?? {};
    const suspected = 'levels' in column ? [] : (column.suspected ?? []).map(String);
    const rule = {
      missing: [...(own.missing ?? []), ...(column.missing ?? []), ...suspected],
      unit: own.unit ?? column.unit,
      censored: own.censored ?? column.censored,
    };
    if ('levels' in column && kind === 'ordinal') return [name, { ...rule, kind, levels: column.levels }];
    return [name, { ...rule, kind: kind === 'binary' ? 'categorical' : kind }];
  });
  const { missing, censored, encoding, headerLine } = said;
  return { columns: Object.fromEntries(columns), missing, censored, encoding, headerLine };
}

/** The features, without rows. */
export const outlinedFeatures = (outline: readonly OutlineColumn[]): Table => ({
  rows: 0,
  columns: outline.flatMap((column) => (column.role === 'feature' ? [emptyColumn(column)] : [])),
});

/** Drawn rows with all columns of the table: `label` in the target, an id of its own for each row, and nothing in what was left out. */
export function outlinedTable(outline: readonly OutlineColumn[], drawn: Table, label: string): Table {
  const byName = new Map(drawn.columns.map((column) => [column.name, column]));
  const columns = outline.map((column): Column => {
    if (column.role === 'feature') return byName.get(column.name) as Column;
    if (column.role === 'target') return filled(emptyColumn(column), drawn.rows, () => label);
    const empty = { name: column.name, kind: 'text', texts: [] } as const;
    return filled(empty, drawn.rows, column.role === 'group' ? idsOf(column.ids) : () => '');
  });
  return { rows: drawn.rows, columns };
}

/** Whether a value can stand in the target: a level of it, or a number where it holds numbers. */
export function isTargetValue(outline: readonly OutlineColumn[], value: string): boolean {
  return outline.some((c) => c.role === 'target' && ('levels' in c ? c.levels.includes(value) : !Number.isNaN(Number(value))));
}

function emptyColumn(column: FeatureColumn): Column {
  const { name } = column;
  if ('levels' in column) return { name, kind: column.kind, levels: column.levels, codes: new Int32Array(0) };
  const { kind, decimals, suspected } = column;
  return { name, kind, decimals, values: new Float64Array(0), ...(suspected && { suspected }) };
}
