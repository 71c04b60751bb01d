/** Plain data that came from a file, read piece by piece: what is not as expected is an {@link InputError} that names its place. */
import { InputError } from '../errors.js';

/** A value and where it stands, such as `model.encoder.columns[3].grid`. */
export interface Place {
  readonly value: unknown;
  readonly path: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse({ value, path }: Place, expected: string): InputError {
  const got = JSON.stringify(value) ?? 'nothing';
  return new InputError(`"${path}" expected ${expected}, got ${got.length > 40 ? `${got.slice(0, 37)}...` : got}`);
}

/** No file of ours, or of the tools whose files are read, nests deeper. */
const DEEPEST = 100;

/** Whether lists and objects of a JSON text lie in each other deeper than that: walking through them could overflow the stack. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (c === '[' || c === '{') {
      if (++depth > DEEPEST) return true;
    } else if (c === ']' || c === '}') depth--;
  }
  return false;
}

/** What a text says, as JSON. */
export function parsed(text: string, path: string): Place {
  if (isTooDeep(text)) throw new InputError(`"${path}" expected JSON of at most ${DEEPEST} lists and objects in each other, got more`);
  try {
    return { value: JSON.parse(text), path };
  } catch {
    throw refuse({ value: text, path }, 'JSON');
  }
}

export function field(place: Place, name: string): Place {
  if (!isObject(place.value)) throw refuse(place, 'an object');
  return { value: Object.hasOwn(place.value, name) ? place.value[name] : undefined, path: `${place.path}.${name}` };
}

export function items(place: Place): Place[] {
  if (!Array.isArray(place.value)) throw refuse(place, 'a list');
  return place.value.map((value, i) => ({ value, path: `${place.path}[${i}]` }));
}

/** Null where the value is, else what `read` makes of it. */
export const orNull = <T>(place: Place, read: (place: Place) => T): T | null => (place.value === null ? null : read(place));

export function number(place: Place): number {
  if (typeof place.value !== 'number' || !Number.isFinite(place.value)) throw refuse(place, 'a number');
  return place.value;
}

export function integer(place: Place, min: number, max: number): number {
  const { value } = place;
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) throw refuse(place, `an integer in ${min}..${max}`);
  return value as number;
}

export function text(place: Place): string {
  if (typeof place.value !== 'string') throw refuse(place, 'a text');
  return place.value;
}

export function boolean(place: Place): boolean {
  if (typeof place.value !== 'boolean') throw refuse(place, 'true or false');
  return place.value;
}

export function oneOf<T extends string>(place: Place, allowed: readonly T[]): T {
  if (!allowed.includes(place.value as T)) throw refuse(place, `one of ${allowed.join(', ')}`);
  return place.value as T;
}

/** Categories of a column by their texts (null: the missing one), and which of them is the most frequent. */
export function levelIndex(place: Place): { levels: (string | null)[]; mode: number } {
  const levels = items(field(place, 'levels')).map((level) => orNull(level, text));
  if (levels.length === 0) throw new InputError(`"${place.path}.levels" expected at least one level, got []`);
  return { levels, mode: integer(field(place, 'mode'), 0, levels.length - 1) };
}

/**
 * Options of the same form as `defaults`: the same names with values of the same types. Where the default is null a number may stand,
 * and null where it is a number. Whether they are in range is for the method to say.
 */
export function optionsLike<Options extends object>(place: Place, defaults: Options): Options {
  const entries = Object.entries(defaults).map(([name, own]): [string, unknown] => {
    const at = field(place, name);
    if (Array.isArray(own)) return [name, items(at).map(number)];
    if (own === null) return [name, orNull(at, number)];
    if (typeof own === 'number') return [name, number(at)];
    return [name, typeof own === 'boolean' ? boolean(at) : text(at)];
  });
  return Object.fromEntries(entries) as Options;
}
