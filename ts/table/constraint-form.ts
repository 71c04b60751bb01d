/** Constraints as JSON: what a schema or a model file says, checked. */
import { InputError } from '../errors.js';
import type { Constraint, Values } from './constraints.js';

const KINDS = ['range', 'grid', 'order', 'sum', 'implies', 'combination'] as const;
const KEYS: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  range: ['column', 'min', 'max'],
  grid: ['column', 'step'],
  order: ['columns', 'strict'],
  sum: ['total', 'parts'],
  implies: ['if', 'must'],
  combination: ['columns', 'allowed'],
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse(path: string, expected: string, got: unknown): InputError {
  const text = JSON.stringify(got) ?? 'nothing';
  return new InputError(`"${path}" expected ${expected}, got ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`);
}

/** `names` are the table's columns, where they are known: "sbp >= dbp" may name columns with spaces. */
export function parseConstraints(value: unknown, path = 'constraints'): Constraint[] {
  if (!Array.isArray(value)) throw refuse(path, 'a list', value);
  return value.map((one, i) => (typeof one === 'string' ? inShort(one, `${path}[${i}]`) : parseOne(one, `${path}[${i}]`)));
}

/** "a <= b < c" is not one constraint, so only signs of one kind may stand in it; "total = a + b". */
function inShort(text: string, path: string): Constraint {
  for (const [sign, strict, descending] of [
    [' <= ', false, false],
    [' >= ', false, true],
    [' < ', true, false],
    [' > ', true, true],
  ] as const) {
    const columns = text.split(sign).map((part) => part.trim());
    if (columns.length < 2 || columns.includes('')) continue;
    return { kind: 'order', columns: descending ? columns.reverse() : columns, strict };
  }
  const [total, parts, ...rest] = text.split(' = ').map((part) => part.trim());
  if (total && parts && rest.length === 0) {
    const names = parts.split(' + ').map((part) => part.trim());
    if (!names.includes('')) return { kind: 'sum', total, parts: names };
  }
  throw refuse(path, 'an object, "a >= b" or "total = a + b"', text);
}

function parseOne(value: unknown, path: string): Constraint {
  if (!isObject(value)) throw refuse(path, 'an object, "a >= b" or "total = a + b"', value);
  const kind = KINDS.find((one) => one === value.kind);
  if (kind === undefined) throw refuse(`${path}.kind`, `one of ${KINDS.join(', ')}`, value.kind);
  const unknown = Object.keys(value).find((key) => key !== 'kind' && !KEYS[kind].includes(key));
  if (unknown !== undefined) throw new InputError(`"${path}" does not know the key "${unknown}"; ${kind} has ${KEYS[kind].join(', ')}`);
  switch (kind) {
    case 'range':
      return range(value, path);
    case 'grid': {
      const step = number(value.step, `${path}.step`);
      if (!(step > 0)) throw refuse(`${path}.step`, 'a number above 0', step);
      return { kind, column: text(value.column, `${path}.column`), step };
    }
    case 'order': {
      const { strict = false } = value;
      if (typeof strict !== 'boolean') throw refuse(`${path}.strict`, 'true or false', strict);
      return { kind, columns: texts(value.columns, `${path}.columns`, 2), strict };
    }
    case 'sum':
      return { kind, total: text(value.total, `${path}.total`), parts: texts(value.parts, `${path}.parts`, 1) };
    case 'implies':
      return { kind, if: values(value.if, `${path}.if`), must: values(value.must, `${path}.must`) };
    default:
      return combination(value, path);
  }
}

function range(value: Json, path: string): Constraint {
  const [min, max] = (['min', 'max'] as const).map((end) =>
    value[end] === undefined || value[end] === null ? undefined : number(value[end], `${path}.${end}`),
  );
  if (min === undefined && max === undefined) throw refuse(path, '"min", "max" or both', value);
  if (min !== undefined && max !== undefined && min > max) throw refuse(path, '"min" not above "max"', value);
  return {
    kind: 'range',
    column: text(value.column, `${path}.column`),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function combination(value: Json, path: string): Constraint {
  const columns = texts(value.columns, `${path}.columns`, 2);
  if (value.allowed === undefined) return { kind: 'combination', columns };
  if (!Array.isArray(value.allowed)) throw refuse(`${path}.allowed`, 'a list of lists', value.allowed);
  const allowed = value.allowed.map((cells, i) => {
    const own = scalars(cells, `${path}.allowed[${i}]`);
    if (own.length !== columns.length) throw refuse(`${path}.allowed[${i}]`, `${columns.length} values`, cells);
    return own;
  });
  return { kind: 'combination', columns, allowed };
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw refuse(path, 'the name of a column', value);
  return value;
}

function number(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(path, 'a number', value);
  return value;
}

function texts(value: unknown, path: string, least: number): string[] {
  if (!Array.isArray(value) || value.length < least) throw refuse(path, `a list of at least ${least} columns`, value);
  const names = value.map((one, i) => text(one, `${path}[${i}]`));
  if (new Set(names).size < names.length) throw refuse(path, 'different columns', value);
  return names;
}

/** Texts, numbers and booleans as texts. */
function scalars(value: unknown, path: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  const fits = list.length > 0 && list.every((one) => ['string', 'number', 'boolean'].includes(typeof one));
  if (!fits) throw refuse(path, 'a value or a list of values', value);
  return list.map(String);
}

function values(value: unknown, path: string): Values {
  if (!isObject(value) || Object.keys(value).length === 0) throw refuse(path, 'an object of columns and their values', value);
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, scalars(own, `${path}.${name}`)]));
}
