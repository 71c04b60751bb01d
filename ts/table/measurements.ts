/** Numbers with something around them: a unit ("5.4 mmol/L"), the sign of a limit of measurement ("<0.3"). */
import { listed, quoted } from './names.js';
import { parseDecimalComma, parseNumber } from './numerals.js';
import { ColumnFault, firstPlace, numeralsOf, type Reading, textAt } from './reading.js';
import type { ColumnSchema, Schema } from './schema.js';

/** Numbers of the present texts; NaN is missing by declaration. */
export interface Measurements {
  readonly numbers: Float64Array; // (P)
  readonly unit: string | null;
}

interface Measured {
  readonly sign: '' | '<' | '>';
  readonly value: number;
  readonly unit: string; // '' where there is none
}

const MEASURED = /^([<>≤≥]=?)?[ \u00a0]?([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?)[ \u00a0]?([%°µμ\p{L}][^\s]{0,15})?$/u;
/** Units of a clinic; a slash joins them ("mmol/L", "mL/min/1.73m2"). */
const UNIT =
  /^(?:[fpnuµμmcdkM]?(?:g|[lL]|mol|Mol|Eq|eq|[oO]sm|U|IU|Pa|m|s)|[kK]g|mm[hH]g|cmH2O|bpm|%|°C|°F|y|yr|yrs|years?|months?|weeks?|days?|d|hours?|hrs?|h|min|sec|in|lbs?|(?:x?10\^?\d{1,2})|m2|m²|1[.,]73m2|1[.,]73m²|cells|beats)$/;

const isUnit = (text: string): boolean => text.split('/').every((part) => UNIT.test(part));

function measured(text: string, parse: (text: string) => number): Measured | null {
  const found = MEASURED.exec(text.trim());
  if (!found) return null;
  const [, sign = '', digits = '', unit = ''] = found;
  const value = parse(digits);
  if (Number.isNaN(value) || (unit !== '' && !isUnit(unit))) return null;
  return { sign: sign === '' ? '' : /[<≤]/.test(sign) ? '<' : '>', value, unit };
}

const PARSERS = { point: parseNumber, comma: parseDecimalComma } as const;

const bare = (value: number): Measured | null => (Number.isNaN(value) ? null : { sign: '', value, unit: '' });

/** Whether a cell is a number with a sign or a unit. */
export const isMeasured = (text: string): boolean => (measured(text, parseNumber) ?? measured(text, parseDecimalComma)) !== null;

/** Fewer different numbers than this are rather levels, unless a unit or limits are declared. */
const FEWEST = 6;

/**
 * The column as numbers, where all its cells are numbers and some have a unit or the sign of a limit; null where it is none. Units that
 * differ, and limits of which nobody has said what to do with them, are refused.
 */
export function measurementsOf(reading: Reading, rule: ColumnSchema, schema: Schema): Measurements | null {
  const { present } = reading;
  const numerals = numeralsOf(reading);
  const found: Measured[] = [];
  for (let i = 0; i < present.length; i++) {
    const own = present.isPlain(i) ? bare(present.number(i, numerals)) : measured(present.at(i), PARSERS[numerals]);
    if (own === null) return null;
    found.push(own);
  }
  const saidSo = rule.unit !== undefined || rule.censored !== undefined || rule.kind === 'numeric' || rule.kind === 'integer';
  if (new Set(found.map(({ value }) => value)).size < FEWEST && !saidSo) return null;
  const unit = oneUnit(reading, found, rule);
  return { numbers: uncensored(reading, found, rule.censored ?? schema.censored), unit };
}

function oneUnit(reading: Reading, found: readonly Measured[], rule: ColumnSchema): string | null {
  const { table, name, counts, warn } = reading;
  const cellsOf = new Map<string, { count: number; place: string }>();
  found.forEach(({ unit }, i) => {
    const known = cellsOf.get(unit);
    if (known) known.count += counts[i] as number;
    else cellsOf.set(unit, { count: counts[i] as number, place: firstPlace(reading, i) });
  });
  const bare = cellsOf.get('');
  const units = [...cellsOf.keys()].filter((unit) => unit !== '');
  if (units.length === 0) return null;
  const words = [...cellsOf].map(
    ([unit, { count, place }]) => `${unit === '' ? 'none' : quoted(unit)} in ${count} ${count === 1 ? 'cell' : 'cells'} from ${place}`,
  );
  const only = units[0] as string;
  if (units.length > 1 || (rule.unit !== undefined && rule.unit !== only)) {
    throw new ColumnFault(
      `${table.file}: column ${quoted(name)} holds numbers in other units than one (${listed(words)}${rule.unit === undefined ? '' : `; the schema declares ${quoted(rule.unit)}`}); convert them to one unit, or leave the column out (--exclude)`,
      name,
      { kind: 'text', role: 'excluded' },
    );
  }
  if (bare && rule.unit === undefined) {
    const example = JSON.stringify({ columns: { [name]: { unit: only } } });
    throw new ColumnFault(
      `${table.file}: column ${quoted(name)} holds some numbers with a unit and some without (${listed(words)}); convert those of another unit, and say in a schema that all are in this one: ${example}`,
      name,
      { kind: 'numeric', unit: only },
    );
  }
  if (rule.unit === undefined)
    warn(`holds the unit ${quoted(only)} in its cells: taken off, so that they are numbers; declare it in a schema as "unit" to say so`);
  return only;
}

function uncensored(reading: Reading, found: readonly Measured[], how: Schema['censored']): Float64Array {
  const { table, name, counts, warn } = reading;
  const at = found.findIndex(({ sign }) => sign !== '');
  if (at < 0) return Float64Array.from(found, ({ value }) => value);
  const count = counts.reduce((sum, rows, i) => sum + (found[i]?.sign === '' ? 0 : rows), 0);
  const where = textAt(reading, at);
  if (how === undefined) {
    throw new ColumnFault(
      `${table.file}: column ${quoted(name)} holds ${count} ${count === 1 ? 'cell' : 'cells'} beyond a limit of measurement (${where}); say what they are read as: --censored limit, half or missing, or "censored" in a schema`,
      name,
      { kind: 'numeric', censored: 'limit' },
    );
  }
  warn(
    `holds ${count} ${count === 1 ? 'cell' : 'cells'} beyond a limit of measurement (${where}): read as ${how === 'limit' ? 'the limit' : how === 'half' ? 'half of an upper limit' : 'missing'}, as declared; change "censored" to read them otherwise`,
  );
  return Float64Array.from(found, ({ sign, value }) => {
    if (sign === '' || how === 'limit') return value;
    if (how === 'missing') return Number.NaN;
    return sign === '<' ? value / 2 : value;
  });
}
