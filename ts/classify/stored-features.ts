/** A feature encoder as plain data, for model files. */
import { type FeatureEncoder, featureEncoderOf } from '../encode/features.js';
import { InputError } from '../errors.js';
import { field, items, levelIndex, number, oneOf, type Place, text } from '../store/fields.js';
import type { StoredPart } from '../store/stored.js';
import { isNumberColumn, type Table } from '../table/table.js';

type FeatureStates = FeatureEncoder['state'];

export const storeFeatures = ({ state }: FeatureEncoder): StoredPart => ({ state: { columns: state }, arrays: {} });

/** The encoder again. Throws {@link InputError} unless it is one of the columns of `like`. */
export function openFeatures(place: Place, like: Table): FeatureEncoder {
  const columns = items(field(place, 'columns')).map(openColumn);
  const same =
    columns.length === like.columns.length &&
    columns.every((state, i) => {
      const column = like.columns[i];
      return column?.name === state.column && isNumberColumn(column) === (state.kind === 'number' && state.order === null);
    });
  if (!same) throw new InputError(`"${place.path}.columns" expected the columns of the model, got others`);
  if (columns.length === 0) throw new InputError(`"${place.path}.columns" expected at least one column, got []`);
  return featureEncoderOf(columns);
}

function openColumn(place: Place): FeatureStates[number] {
  const column = text(field(place, 'column'));
  if (oneOf(field(place, 'kind'), ['number', 'onehot']) === 'onehot')
    return { kind: 'onehot', column, index: levelIndex(field(place, 'index')) };
  const order = field(place, 'order');
  const scale = field(place, 'scale');
  return {
    kind: 'number',
    column,
    order: order.value === null || order.value === 'values' ? order.value : items(order).map(text),
    scale: { median: number(field(scale, 'median')), mean: number(field(scale, 'mean')), sd: number(field(scale, 'sd')) },
  };
}
