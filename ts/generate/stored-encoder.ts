/** A table encoder as plain data and an array, for model files. Dimensions: Q knots of a column. */
import { type EncoderState, encoderOf, type TableEncoder } from '../encode/encoder.js';
import type { Grid } from '../encode/grid.js';
import type { Normal, Quantiles } from '../encode/quantile.js';
import { InputError } from '../errors.js';
import { boolean, field, integer, items, levelIndex, number, oneOf, orNull, type Place, text } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import { tensor } from '../store/safetensors.js';
import type { StoredPart } from '../store/stored.js';
import type { Table } from '../table/table.js';

/** Said of files that hold an encoder. */
export const COLUMN_VALUES = 'up to 1000 sorted values of each number column of real patients, and the names of levels; no patient’s row';

const KNOTS = 'encoder.knots';
/** More of anything in one column is no file of ours. */
const MOST = 1e7;

/** The quantiles' knots of all columns lie in one array, the rest is JSON. */
export function storeEncoder({ columns }: EncoderState): StoredPart {
  const knots = columns.flatMap((column) => ('quantiles' in column && column.quantiles ? column.quantiles.knots : []));
  const state = columns.map((column) =>
    'quantiles' in column && column.quantiles
      ? { ...column, quantiles: { ...column.quantiles, knots: column.quantiles.knots.length } }
      : column,
  );
  return { state: { columns: state }, arrays: { [KNOTS]: tensor('F64', Float64Array.from(knots)) } };
}

/** The encoder again; what it decodes numbers its levels as `like` does. */
export function openEncoder(place: Place, arrays: Arrays, normal: Normal, like: Table): TableEncoder {
  const knots = arrays.of(KNOTS, ['F64']);
  let at = 0;
  const take = (count: number): number[] => {
    at += count;
    return Array.from(knots.subarray(at - count, at));
  };
  const columns = items(field(place, 'columns')).map((column): EncoderState['columns'][number] => {
    const name = text(field(column, 'name'));
    const kind = oneOf(field(column, 'kind'), ['numeric', 'integer', 'binary', 'categorical', 'ordinal'] as const);
    if (kind !== 'numeric' && kind !== 'integer') return { kind, name, index: levelIndex(field(column, 'index')) };
    const grid = orNull(field(column, 'grid'), openGrid);
    const quantiles = orNull(field(column, 'quantiles'), (own) => openQuantiles(own, take));
    if (quantiles !== null && grid === null) throw new InputError(`"${column.path}.grid" expected a grid beside quantiles, got null`);
    return { kind, name, grid, quantiles, someMissing: boolean(field(column, 'someMissing')) };
  });
  if (at !== knots.length) throw new InputError(`"${place.path}" expected ${at} knots in the array "${KNOTS}", got ${knots.length}`);
  const same =
    columns.length === like.columns.length && columns.every((c, i) => c.name === like.columns[i]?.name && c.kind === like.columns[i]?.kind);
  if (!same) throw new InputError(`"${place.path}.columns" expected the columns of the model, got others`);
  return encoderOf({ columns }, normal, like);
}

function openQuantiles(place: Place, take: (count: number) => number[]): Quantiles {
  const knots = take(integer(field(place, 'knots'), 1, MOST));
  const ascending = knots.every((knot, i) => Number.isFinite(knot) && (i === 0 || knot >= (knots[i - 1] as number)));
  if (!ascending) throw new InputError(`"${place.path}.knots" expected ascending numbers in the array "${KNOTS}"`);
  return {
    ends: oneOf(field(place, 'ends'), ['saturated', 'ranked']),
    count: integer(field(place, 'count'), 1, Number.MAX_SAFE_INTEGER),
    knots,
  };
}

export function openGrid(place: Place): Grid {
  const seen = orNull(field(place, 'seen'), (list) => items(list).map(number));
  if (seen?.length === 0) throw new InputError(`"${place.path}.seen" expected at least one number, got []`);
  return {
    low: number(field(place, 'low')),
    high: number(field(place, 'high')),
    decimals: integer(field(place, 'decimals'), -1, 15),
    seen,
  };
}
