/** A column of numbers with other text in it, which is refused. */
import type { Numerals } from './different.js';
import { FEW_LEVELS } from './level-column.js';
import { isMeasured } from './measurements.js';
import { listed, quoted } from './names.js';
import { ColumnFault, type Reading, textAt } from './reading.js';
import type { ColumnSchema } from './schema.js';

/** From this share of numbers on, a column with many different numbers is taken for numbers with faults in it. */
const MOSTLY_NUMBERS = 0.8;

/** Throws {@link ColumnFault} for a column of mostly numbers; others may be levels or text. */
export function refuseMixed(reading: Reading, numerals: Numerals): void {
  const { table, name, present, counts, rows } = reading;
  const at: number[] = []; // texts that are no numbers
  let words = 0; // of these, texts without a number in them
  let wordRows = 0;
  for (let i = 0; i < present.length; i++) {
    if (!Number.isNaN(present.number(i, numerals))) continue;
    at.push(i);
    if (isMeasured(present.at(i))) continue; // a number with a unit or a limit
    words += 1;
    wordRows += counts[i] as number;
    if (rows - wordRows < MOSTLY_NUMBERS * rows) return;
  }
  if (present.length - words <= FEW_LEVELS) return;
  const faults = at.reduce((sum, i) => sum + (counts[i] as number), 0);
  const shown = at.slice(0, 4).map((i) => textAt(reading, i));
  const texts = at.map((i) => present.at(i));
  const more = texts.length > 4 ? ` and ${texts.length - 4} more texts` : '';
  const { remedy, proposal } = wayOut(name, texts);
  throw new ColumnFault(
    `${table.file}: column ${quoted(name)} holds numbers, but other text in ${faults} of ${rows} cells (${listed(shown, 4)}${more}); ${remedy}`,
    name,
    proposal,
  );
}

/** Digits with a comma among them: a decimal one, or one between thousands. */
const WITH_COMMAS = /^[+-]?\d+(?:,\d+)+(?:\.\d+)?$/;

/** What to do about texts that are no numbers, and the declaration by which the column can be read. */
function wayOut(name: string, texts: readonly string[]): { readonly remedy: string; readonly proposal: ColumnSchema } {
  const commas = texts.reduce((count, text) => count + (WITH_COMMAS.test(text.trim()) ? 1 : 0), 0);
  if (2 * commas > texts.length) {
    return {
      remedy: 'export the numbers with a decimal point and without thousands separators, or leave the column out (--exclude)',
      proposal: { kind: 'text', role: 'excluded' }, // as missing they would all be lost
    };
  }
  const example = JSON.stringify({
    columns: { [name]: { kind: 'numeric', missing: texts.slice(0, 4).map((word) => word.slice(0, 40)) } },
  });
  return {
    remedy: `correct them, leave the column out (--exclude), or say in a schema or by --missing that they are missing: ${example}`,
    proposal: { kind: 'numeric', missing: texts },
  };
}
