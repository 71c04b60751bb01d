/** A mode encoder as plain data and an array, for model files. */

import { type ModeEncoder, type ModeEncoderState, modeEncoderOf, type NumberModes } from '../encode/mode-encoder.js';
import type { MixtureFunctions } from '../encode/modes.js';
import type { Normal } from '../encode/quantile.js';
import { InputError } from '../errors.js';
import { field, items, number, type Place } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import type { StoredPart } from '../store/stored.js';
import type { Table } from '../table/table.js';
import { openEncoder, storeEncoder } from './stored-encoder.js';

export function storeModes({ encoder, numbers }: ModeEncoderState): StoredPart {
  const { state, arrays } = storeEncoder(encoder);
  return { state: { ...state, numbers }, arrays };
}

/** The encoder again; what it decodes numbers its levels as `like` does. */
export function openModes(place: Place, arrays: Arrays, functions: MixtureFunctions & Normal, like: Table): ModeEncoder {
  const { state, numeric } = openEncoder(place, arrays, functions, like);
  const own = field(place, 'numbers');
  const numbers = items(own).map(openNumber);
  if (numbers.length !== numeric)
    throw new InputError(`"${own.path}" expected the modes of ${numeric} columns with quantiles, got ${numbers.length}`);
  return modeEncoderOf({ encoder: state, numbers }, functions, like);
}

function openNumber(place: Place): NumberModes {
  const at = field(place, 'modes');
  const numbers = (name: string): number[] => items(field(at, name)).map(number);
  const modes = { weights: numbers('weights'), means: numbers('means'), deviations: numbers('deviations') };
  const { weights, means, deviations } = modes;
  if (weights.length === 0 || means.length !== weights.length || deviations.length !== weights.length)
    throw new InputError(`"${at.path}" expected as many means and deviations as weights, at least one`);
  if (![...weights, ...deviations].every((value) => value > 0))
    throw new InputError(`"${at.path}" expected weights and deviations above 0`);
  return { modes, middle: number(field(place, 'middle')) };
}
