/** Levels as categories: those that the training part has, with "missing" as a level of its own where it occurs there. */
import type { LevelColumn } from '../table/table.js';

/** Plain data. */
export interface LevelIndex {
  /** Text of each category; null is the missing one, which comes last. */
  readonly levels: readonly (string | null)[];
  /** The most frequent category (the first of equals): what an unknown level counts as. */
  readonly mode: number;
}

export function fitLevels(column: LevelColumn): LevelIndex {
  const counts = new Array<number>(column.levels.length + 1).fill(0);
  for (const code of column.codes) (counts[code < 0 ? column.levels.length : code] as number)++;
  const levels: (string | null)[] = [];
  let mode = 0;
  let most = 0;
  counts.forEach((count, code) => {
    if (count === 0) return;
    if (count > most) {
      most = count;
      mode = levels.length;
    }
    levels.push(code < column.levels.length ? (column.levels[code] as string) : null);
  });
  return { levels, mode };
}

/** The category of each row of a column whose levels may be others, or in another order. */
export function levelCodes({ levels, mode }: LevelIndex, column: LevelColumn): Int32Array {
  const find = (level: string | null) => {
    const code = levels.indexOf(level);
    return code < 0 ? mode : code;
  };
  const missing = find(null);
  const codeOf = column.levels.map(find);
  return Int32Array.from(column.codes, (code) => (code < 0 ? missing : (codeOf[code] as number)));
}
