/** Keeps a written table from running formulas in a spreadsheet (OWASP, "CSV injection"), so that reading undoes it exactly. */
import { parseNumber } from './numerals.js';

/**
 * Text that a spreadsheet would run: after = @ TAB or CR, and after + or − where digits or calls follow ("+1+1", "-2+3"). Numbers
 * are none, nor are findings such as "-", "+/-" and "+ve", which other programs must find unchanged.
 */
const isFormula = (text: string): boolean => /^[=@\t\r]/.test(text) || (/^[+-].*[\d(|!=]/s.test(text) && Number.isNaN(parseNumber(text)));

const behindApostrophes = (text: string): string => text.replace(/^'+/, '');

/** A formula, also one that has apostrophes before it already, gets one more of them. */
export const guarded = (text: string): string => (isFormula(behindApostrophes(text)) ? `'${text}` : text);

/** Takes one apostrophe off what {@link guarded} has written. */
export const unguarded = (text: string): string => (text.charCodeAt(0) === 39 && isFormula(behindApostrophes(text)) ? text.slice(1) : text);
