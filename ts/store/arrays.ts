/** Numbers of arrays that came from a file: what is not as expected is an {@link InputError} that names the array and the part of the file. */
import { InputError } from '../errors.js';
import type { Place } from './fields.js';

export function checkRange(values: Int32Array | Uint32Array | Uint8Array, min: number, max: number, place: Place, name: string): void {
  const wrong = values.find((value) => value < min || value > max);
  if (wrong !== undefined) throw new InputError(`"${place.path}" expected ${min}..${max} in the array "${name}", got ${wrong}`);
}

export function checkFinite(values: Float32Array | Float64Array, place: Place, name: string): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new InputError(`"${place.path}" expected numbers in the array "${name}", got ${wrong}`);
}

export function checkVariances(values: Float32Array | Float64Array, place: Place, name: string): void {
  checkFinite(values, place, name);
  const wrong = values.find((value) => value < 0);
  if (wrong !== undefined) throw new InputError(`"${place.path}" expected variances of at least 0 in the array "${name}", got ${wrong}`);
}
