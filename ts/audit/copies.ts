/** Synthetic rows that are a real patient's record, cell by cell. Dimensions: N rows, D columns. */
import { type Rate, wilson } from '../metrics/privacy.js';
import { isLevelColumn, isNumberColumn, type Table } from '../table/table.js';
import type { AuditParts, Part } from './parts.js';

export interface Copies {
  /** Synthetic rows that equal a training row in every column, of all synthetic rows. */
  readonly synthetic: Rate;
  /** Training rows that equal a row of another training patient: how often rows coincide by themselves. */
  readonly natural: Rate;
  /** Held-out rows that equal a training row; null without any. */
  readonly holdout: Rate | null;
}

/** Each row as one text. */
function recordTexts({ rows, columns }: Table): string[] {
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map((column) => {
        if (isNumberColumn(column)) return String((column.values[row] as number) + 0); // −0 is 0
        if (isLevelColumn(column)) return JSON.stringify(column.levels[column.codes[row] as number] ?? null);
        return JSON.stringify(column.texts[row]);
      })
      .join(','),
  );
}

/** Of rows of every class: a copy is one whatever label it carries. */
export function countCopies({ training, synthetic, holdout }: Pick<AuditParts, 'training' | 'synthetic' | 'holdout'>): Copies {
  const owners = new Map<string, number>(); // patient of each record; −1: several
  recordTexts(training.features).forEach((text, row) => {
    const patient = training.patients[row] as number;
    const known = owners.get(text);
    owners.set(text, known === undefined || known === patient ? patient : -1);
  });
  const shared = (texts: readonly string[]) => texts.filter((text) => owners.has(text)).length;
  const rate = ({ features }: Pick<Part, 'features'>) => wilson(shared(recordTexts(features)), features.rows);
  const twice = recordTexts(training.features).filter((text) => owners.get(text) === -1).length;
  return {
    synthetic: rate(synthetic),
    natural: wilson(twice, training.features.rows),
    holdout: holdout && holdout.features.rows > 0 ? rate(holdout) : null,
  };
}
