/**
 * A cell in four bytes. A number in its plain form (digits, perhaps a minus and up to seven decimals, no idle zero in front) is its digits
 * and how many of them are decimals, from which its very text comes back: "1.50" is 150 and 2. Any other text is the place that it has in
 * its column's list. Two cells of a column have one key exactly where they have one text.
 */
import { powerOfTen } from './numerals.js';

/** Keys from here on are places in the list. */
const LISTED = 1 << 30;
/** The digits of a plain number are a whole number below this, which leaves three bits for the decimals. */
const MOST_DIGITS = 1 << 27;
const MOST_DECIMALS = 7;
const [MINUS, POINT, ZERO] = [45, 46, 48];

/** The key of the text at a place of the list. */
export const listedKey = (place: number): number => LISTED + place;

/** The place in the list that a key stands for; negative where it is a plain number. */
export const placeOf = (key: number): number => key - LISTED;

/** Whether a key is a plain number. */
export const isPlain = (key: number): boolean => key < LISTED;

/** The key of a number in its plain form; for any other text one that is not plain. */
export function plainKey(text: string): number {
  const { length } = text;
  const start = length > 1 && text.charCodeAt(0) === MINUS ? 1 : 0;
  let point = length;
  let digits = 0;
  for (let at = start; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === POINT - ZERO && point === length && at > start) point = at;
    else return LISTED;
    if (digits >= MOST_DIGITS) return LISTED;
  }
  const decimals = Math.max(0, length - 1 - point);
  const idle = (point - start > 1 && text.charCodeAt(start) === ZERO) || point === length - 1 || (digits === 0 && start === 1);
  if (length === 0 || idle || decimals > MOST_DECIMALS) return LISTED;
  return (start === 1 ? -digits : digits) * 8 + decimals;
}

/** The text of a plain number. */
export function plainText(key: number): string {
  const decimals = key & 7;
  const whole = String(Math.abs(key >> 3)).padStart(decimals + 1, '0');
  const text = decimals === 0 ? whole : `${whole.slice(0, -decimals)}.${whole.slice(-decimals)}`;
  return key < 0 ? `-${text}` : text;
}

/** Its value: digits and powers of ten are exact, so that their quotient is the nearest double, as it is of the text. */
export const plainNumber = (key: number): number => (key >> 3) / powerOfTen(key & 7);

/** Its decimal places. */
export const plainDecimals = (key: number): number => key & 7;
