/** Parameters of a network as arrays of a model file, each by its name. Dimensions: P numbers in all. */
import { type Parameter, sizeOf } from '../nn/parameters.js';
import { checkFinite } from '../store/arrays.js';
import type { Place } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import { type Tensor, tensor } from '../store/safetensors.js';

/** `block` (P) holds the parameters one after the other. */
export function storeWeights(
  prefix: string,
  dtype: 'F16' | 'F32',
  parameters: readonly Parameter[],
  block: Float32Array,
): Readonly<Record<string, Tensor>> {
  const arrays = parameters.map(({ name, offset, rows, cols }) => {
    const own = block.subarray(offset, offset + rows * cols);
    return [`${prefix}${name}`, tensor(dtype, own, rows === 1 ? [cols] : [rows, cols])] as const;
  });
  return Object.fromEntries(arrays);
}

/** The block (P) again. Throws {@link InputError}, at the `place` in the file, for a number that is not finite. */
export function openWeights(
  prefix: string,
  dtypes: readonly ('F16' | 'F32')[],
  parameters: readonly Parameter[],
  arrays: Arrays,
  place: Place,
): Float32Array {
  const own = parameters.map(({ name, rows, cols }) => arrays.of(`${prefix}${name}`, dtypes, rows * cols));
  const block = new Float32Array(sizeOf(parameters)); // no more than the file has
  parameters.forEach(({ name, offset }, i) => {
    const values = own[i] as Float32Array;
    checkFinite(values, place, `${prefix}${name}`);
    block.set(values, offset);
  });
  return block;
}
