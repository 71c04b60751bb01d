/** A column of levels from its different texts. */
import { InputError } from '../errors.js';
import { listed, quoted } from './names.js';
import { countMissing, isCode, parseNumber } from './numerals.js';
import { notDeclared, type Reading } from './reading.js';
import type { LevelColumn } from './table.js';

/** A level column by inference has at most this many levels, or somewhat more where each is seen often. */
export const FEW_LEVELS = 20;

/**
 * Levels are sorted by their text, unless declared. Texts of one number ("1" and "1.0") are one level where the kind says that
 * they are numbers: binary 0/1 and an ordinal column without listed levels, which is sorted by value.
 */
export function levelColumn(reading: Reading, kind: LevelColumn['kind'], listedLevels?: readonly string[]): LevelColumn {
  const { name, missing } = reading;
  const present = reading.present.toArray();
  const numbers = reading.present.numbers('point');
  const code = reading.present.find(isCode);
  const numeric = countMissing(numbers) === 0 && code < 0;
  if (kind === 'ordinal' && listedLevels === undefined && !numeric) {
    const word = numbers.findIndex(Number.isNaN);
    throw notDeclared(reading, word < 0 ? code : word, 'a number, since no "levels" are listed for this ordinal column');
  }
  const byValue = numeric && (kind === 'ordinal' || (kind === 'binary' && numbers.every((value) => value === 0 || value === 1)));
  const levelOf = (text: string): string => (byValue ? String(parseNumber(text)) : text);
  const seen = [...new Set(present.map(levelOf))];
  seen.sort(kind === 'ordinal' && byValue ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : 1));
  const levels = listedLevels === undefined ? seen : byValue ? listedLevels.map(levelOf) : [...listedLevels];
  if (kind === 'binary' && levels.length > 2) {
    throw new InputError(
      `${reading.table.file}: column ${quoted(name)} is declared binary, but has ${levels.length} levels: ${listed(levels.map(quoted))}`,
    );
  }
  const index = new Map(levels.map((level, code) => [level, code]));
  const byText = new Int32Array(missing.length).fill(-1);
  for (let i = 0, p = 0; i < missing.length; i++) {
    if (missing[i]) continue;
    const text = present[p] as string;
    const code = index.get(levelOf(text)) ?? index.get(text.trim());
    if (code === undefined) throw notDeclared(reading, p, `one of the levels ${listed(levels.map(quoted), 8)}`);
    byText[i] = code;
    p += 1;
  }
  return { name, kind, levels, codes: reading.codes.map((code) => byText[code] as number) };
}
