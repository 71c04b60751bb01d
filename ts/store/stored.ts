/** What a fitted model keeps in a file, put together from parts. */
import type { Stored } from './model.js';
import type { Tensor } from './safetensors.js';

/** A part of a model: plain data, and arrays of names that no other part uses. */
export interface StoredPart {
  readonly state: object;
  readonly arrays: Readonly<Record<string, Tensor>>;
}

/** The parts under their names, beside what is plain data anyway. */
export function stored(
  { method, holds }: Pick<Stored, 'method' | 'holds'>,
  options: object,
  parts: Readonly<Record<string, StoredPart>>,
  plain: object = {},
): Stored {
  const entries = Object.entries(parts);
  return {
    method,
    holds,
    options,
    state: { ...Object.fromEntries(entries.map(([name, part]) => [name, part.state])), ...plain },
    arrays: Object.fromEntries(entries.flatMap(([, part]) => Object.entries(part.arrays))),
  };
}
