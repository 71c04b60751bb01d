/**
 * Random splits into a training and a test part with the same share of positives. Dimensions: N rows, G groups, K folds.
 *
 * Without groups each class is shuffled and cut. With groups (patients) whole groups are dealt to K = round(1 / share) folds, each
 * to the fold that keeps the classes most even, the most lopsided groups first, equal ones in random order (the rule of
 * scikit-learn's StratifiedGroupKFold); one fold, drawn at random, is the test part. (Always taking the first fold would put the
 * patient with the most visits into every test part.)
 */
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { quoted } from './names.js';
import { rowsWhere } from './table.js';

export interface Split {
  readonly train: Uint32Array; // ascending row indices
  readonly test: Uint32Array;
}

export interface Labelled {
  readonly y: Uint8Array; // (N)
  readonly group: Int32Array | null; // (N)
  /** For messages; a data set has both. */
  readonly name?: string;
  readonly target?: { readonly positive: string; readonly negative: string };
}

/** Both parts hold both classes, or an {@link InputError} says why they cannot. */
export function stratifiedSplit(labelled: Labelled, stream: Stream, testShare = 0.2): Split {
  const { y, group, name, target } = labelled;
  if (!(testShare > 0 && testShare < 1)) throw new InputError(`"testShare" expected a number between 0 and 1, got ${testShare}`);
  const whose = name === undefined ? '' : `${name}: `;
  for (const label of [1, 0]) {
    const rows = y.reduce((sum, value) => sum + (value === label ? 1 : 0), 0);
    if (rows >= 2) continue;
    const word = label === 1 ? 'positive' : 'negative';
    const text = target === undefined ? '' : ` ${quoted(target[word])}`;
    throw new InputError(
      `${whose}the ${word} class${text} has ${rows} ${rows === 1 ? 'row' : 'rows'}; a split needs at least 2 rows of each class, one for training and one for testing`,
    );
  }
  const inTest = group === null ? dealRows(y, stream, testShare) : dealGroups(y, group, stream, testShare, whose);
  return { train: rowsWhere(inTest, 0), test: rowsWhere(inTest, 1) };
}

/**
 * Every row in one test part: at most `folds` splits, fewer where there are fewer rows of a class, or fewer groups that hold
 * one. Rows of each class are dealt in turn; groups as in {@link stratifiedSplit}. Every training part has both classes, or an
 * {@link InputError} says why it cannot; a test part of few groups may lack one.
 */
export function stratifiedFolds({ y, group, name }: Labelled, stream: Stream, folds = 5): Split[] {
  if (!Number.isInteger(folds) || folds < 2) throw new InputError(`"folds" expected an integer from 2 on, got ${folds}`);
  const counts = group === null ? null : groupCounts(y, group);
  const [negative, positive] = [0, 1].map((label) =>
    counts === null ? rowsWhere(y, label as 0 | 1).length : groupsWith(counts, label),
  ) as [number, number];
  const count = Math.min(folds, negative, positive);
  const foldOf = count < 2 ? null : foldOfRows(y, group, counts, count, stream);
  const parts = Array.from({ length: count }, (_, fold) => Uint8Array.from(foldOf ?? [], (own) => (own === fold ? 1 : 0)));
  if (foldOf === null || !parts.every((inTest) => bothClasses(y, inTest, 0))) {
    const noun = group === null ? 'rows' : 'groups with rows';
    throw new InputError(
      `${name === undefined ? '' : `${name}: `}no folds put both classes into every training part: there are ${positive} positive ${noun} and ${negative} negative ones; both need at least 2`,
    );
  }
  return parts.map((inTest) => ({ train: rowsWhere(inTest, 0), test: rowsWhere(inTest, 1) }));
}

/** The fold of each row; (N). */
function foldOfRows(y: Uint8Array, group: Int32Array | null, counts: Float64Array | null, folds: number, stream: Stream): Int32Array {
  if (group !== null && counts !== null) {
    const foldOf = dealToFolds(counts, folds, stream);
    return Int32Array.from(group, (g) => foldOf[g] as number);
  }
  const foldOf = new Int32Array(y.length);
  let dealt = 0; // negatives go on where positives ended, so that folds differ by one row at most
  for (const label of [1, 0] as const) {
    const rows = rowsWhere(y, label);
    for (const at of stream.child(label).permutation(rows.length)) foldOf[rows[at] as number] = dealt++ % folds;
  }
  return foldOf;
}

/** ⌈share · N⌉ test rows, positives in proportion, at least one row of each class on each side. */
function dealRows(y: Uint8Array, stream: Stream, testShare: number): Uint8Array {
  const inTest = new Uint8Array(y.length);
  const classes = [0, 1].map((label) => rowsWhere(y, label as 0 | 1));
  const [negatives, positives] = classes as [Uint32Array, Uint32Array];
  const within = (count: number, rows: Uint32Array) => Math.min(Math.max(count, 1), rows.length - 1);
  const total = Math.ceil(testShare * y.length - 1e-9); // 0.2 · 35 is 7, not 8
  const fromPositives = within(Math.round((total * positives.length) / y.length), positives);
  const fromNegatives = within(total - fromPositives, negatives);
  [fromNegatives, fromPositives].forEach((count, label) => {
    const rows = classes[label] as Uint32Array;
    const order = stream.child(label).permutation(rows.length);
    for (let i = 0; i < count; i++) inTest[rows[order[i] as number] as number] = 1;
  });
  return inTest;
}

function dealGroups(y: Uint8Array, group: Int32Array, stream: Stream, testShare: number, whose: string): Uint8Array {
  const counts = groupCounts(y, group);
  const groups = counts.length / 2;
  const folds = Math.min(Math.max(Math.round(1 / testShare), 2), groups);
  const foldOf = dealToFolds(counts, folds, stream);
  const first = stream.child('fold').below(folds);
  for (let i = 0; i < folds; i++) {
    const fold = (first + i) % folds;
    const inTest = Uint8Array.from(group, (g) => (foldOf[g] === fold ? 1 : 0));
    if (bothClasses(y, inTest, 0) && bothClasses(y, inTest, 1)) return inTest;
  }
  const withPositives = groupsWith(counts, 1);
  const withNegatives = groupsWith(counts, 0);
  throw new InputError(
    `${whose}no split by group puts both classes into both parts: ${withPositives} of ${groups} groups hold positive rows, ${withNegatives} hold negative ones, and both need at least 2`,
  );
}

/** Rows of each class in each group; (G, 2). */
function groupCounts(y: Uint8Array, group: Int32Array): Float64Array {
  const counts = new Float64Array(2 * (group.reduce((most, g) => Math.max(most, g), -1) + 1));
  for (let row = 0; row < y.length; row++) (counts[(group[row] as number) * 2 + (y[row] as number)] as number)++;
  return counts;
}

const groupsWith = (counts: Float64Array, label: number): number => counts.filter((n, i) => i % 2 === label && n > 0).length;

const bothClasses = (y: Uint8Array, inTest: Uint8Array, part: number): boolean =>
  [0, 1].every((label) => y.some((value, row) => value === label && inTest[row] === part));

/** The fold of each group. A group goes to the fold after which the folds' shares of each class are most even. */
function dealToFolds(counts: Float64Array, folds: number, stream: Stream): Int32Array {
  const groups = counts.length / 2;
  const totals = [0, 1].map((label) => counts.reduce((sum, n, i) => sum + (i % 2 === label ? n : 0), 0)) as [number, number];
  const lopsided = (g: number) => Math.abs((counts[g * 2] as number) - (counts[g * 2 + 1] as number)); // twice the sd of two counts
  const order = [...stream.child('groups').permutation(groups)].sort((a, b) => lopsided(b) - lopsided(a)); // a stable sort
  const held = new Float64Array(folds * 2); // (K, 2)
  const foldOf = new Int32Array(groups);
  for (const g of order) {
    let best = 0;
    let bestSpread = Number.POSITIVE_INFINITY;
    let bestRows = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      for (const label of [0, 1]) (held[fold * 2 + label] as number) += counts[g * 2 + label] as number;
      const spread = shareSpread(held, totals);
      for (const label of [0, 1]) (held[fold * 2 + label] as number) -= counts[g * 2 + label] as number;
      const rows = (held[fold * 2] as number) + (held[fold * 2 + 1] as number);
      if (spread < bestSpread - 1e-12 || (spread <= bestSpread + 1e-12 && rows < bestRows)) {
        best = fold;
        bestSpread = spread;
        bestRows = rows;
      }
    }
    foldOf[g] = best;
    for (const label of [0, 1]) (held[best * 2 + label] as number) += counts[g * 2 + label] as number;
  }
  return foldOf;
}

/** Standard deviation over folds of their shares of a class, averaged over the classes. */
function shareSpread(held: Float64Array, totals: readonly [number, number]): number {
  const folds = held.length / 2;
  let sum = 0;
  for (const label of [0, 1] as const) {
    let mean = 0;
    for (let fold = 0; fold < folds; fold++) mean += (held[fold * 2 + label] as number) / totals[label] / folds;
    let squares = 0;
    for (let fold = 0; fold < folds; fold++) {
      const off = (held[fold * 2 + label] as number) / totals[label] - mean;
      squares += off * off;
    }
    sum += Math.sqrt(squares / folds) / 2;
  }
  return sum;
}
