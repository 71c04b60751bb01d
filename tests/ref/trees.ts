/** Naive tree learning in float64: every row, every split, no bins. */

export interface NaiveSplit {
  readonly above: number; // the smallest value that goes right
  readonly left: number; // rows on the left
  readonly gain: number; // decrease of the Gini impurity
}

const gini = (positive: number, weight: number) => 1 - (positive / weight) ** 2 - ((weight - positive) / weight) ** 2;

/** All splits of the rows by one feature (no missing values) with the decrease of the Gini impurity. */
export function giniSplits(x: readonly number[][], y: readonly number[], w: readonly number[] | undefined, feature: number): NaiveSplit[] {
  const sum = (rows: readonly number[], of: (i: number) => number) => rows.reduce((total, i) => total + of(i), 0);
  const weight = (i: number) => (w ? (w[i] as number) : 1);
  const positive = (i: number) => weight(i) * (y[i] as number);
  const value = (i: number) => x[i]?.[feature] as number;
  const all = x.map((_, i) => i);
  const values = [...new Set(all.map(value))].sort((a, b) => a - b);
  const root = gini(sum(all, positive), sum(all, weight));
  return values.slice(1).map((above) => {
    const children = [all.filter((i) => value(i) < above), all.filter((i) => value(i) >= above)];
    const impurity = children.reduce((total, rows) => total + sum(rows, weight) * gini(sum(rows, positive), sum(rows, weight)), 0);
    return { above, left: (children[0] as number[]).length, gain: root - impurity / sum(all, weight) };
  });
}

/** A tree of the naive booster: a split with both children, or a leaf. */
export type NaiveTree =
  | { readonly value: number }
  | {
      readonly feature: number;
      readonly threshold: number;
      readonly missingLeft: boolean;
      readonly left: NaiveTree;
      readonly right: NaiveTree;
    };

export interface NaiveLimits {
  readonly depth: number;
  readonly learningRate: number;
  readonly lambda: number;
  readonly gamma: number;
  readonly minChildWeight: number;
}

interface Gradients {
  readonly g: readonly number[];
  readonly h: readonly number[];
}

interface Candidate {
  readonly gain: number;
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
}

const total = (values: readonly number[], rows: readonly number[]) => rows.reduce((sum, i) => sum + (values[i] as number), 0);

/** Whether a row goes left: x < threshold, missing as the split says. */
export const goesLeft = (value: number, threshold: number, missingLeft: boolean) => (Number.isNaN(value) ? missingLeft : value < threshold);

function sides(
  x: readonly number[][],
  rows: readonly number[],
  { feature, threshold, missingLeft }: Omit<Candidate, 'gain'>,
): [number[], number[]] {
  const left = (i: number) => goesLeft(x[i]?.[feature] as number, threshold, missingLeft);
  return [rows.filter(left), rows.filter((i) => !left(i))];
}

/** Gain of Chen & Guestrin (2016, eq. 7) without the ½; −∞ where a side is too light. */
export function gainOf(
  x: readonly number[][],
  { g, h }: Gradients,
  rows: readonly number[],
  split: Omit<Candidate, 'gain'>,
  limits: NaiveLimits,
): number {
  const score = (of: readonly number[]) => total(g, of) ** 2 / (total(h, of) + limits.lambda);
  const parts = sides(x, rows, split);
  if (parts.some((of) => of.length === 0 || total(h, of) < limits.minChildWeight)) return Number.NEGATIVE_INFINITY;
  return score(parts[0]) + score(parts[1]) - score(rows);
}

/** Decrease of the Gini impurity by a split of some rows; −∞ where a side is empty. */
export function giniGain(x: readonly number[][], y: ArrayLike<number>, rows: readonly number[], split: Omit<Candidate, 'gain'>): number {
  const impurity = (of: readonly number[]) =>
    gini(
      of.reduce((sum, i) => sum + (y[i] as number), 0),
      of.length,
    );
  const parts = sides(x, rows, split);
  if (parts.some((of) => of.length === 0)) return Number.NEGATIVE_INFINITY;
  return parts.reduce((gain, of) => gain - (of.length / rows.length) * impurity(of), impurity(rows));
}

/** Every split of the rows there is: each threshold of each feature, missing on either side. */
export function candidates(x: readonly number[][], rows: readonly number[]): Omit<Candidate, 'gain'>[] {
  return (x[0] as number[]).flatMap((_, feature) => {
    const values = [...new Set(rows.map((i) => x[i]?.[feature] as number).filter((value) => !Number.isNaN(value)))];
    return [...values, Number.POSITIVE_INFINITY].flatMap((threshold) =>
      [false, true].map((missingLeft) => ({ feature, threshold, missingLeft })),
    );
  });
}

function growNaive(x: readonly number[][], gradients: Gradients, rows: readonly number[], limits: NaiveLimits, depth: number): NaiveTree {
  const leaf = { value: (-limits.learningRate * total(gradients.g, rows)) / (total(gradients.h, rows) + limits.lambda) };
  if (depth === limits.depth) return leaf;
  const scored = candidates(x, rows).map((split) => ({ ...split, gain: gainOf(x, gradients, rows, split, limits) }));
  const best = scored.reduce((a, b) => (b.gain > a.gain ? b : a), { gain: Math.max(1e-6, limits.gamma) } as Candidate);
  if (best.threshold === undefined) return leaf;
  const [left, right] = sides(x, rows, best).map((of) => growNaive(x, gradients, of, limits, depth + 1)) as [NaiveTree, NaiveTree];
  return { feature: best.feature, threshold: best.threshold, missingLeft: best.missingLeft, left, right };
}

const leafValue = (tree: NaiveTree, row: readonly number[]): number =>
  'value' in tree
    ? tree.value
    : leafValue(goesLeft(row[tree.feature] as number, tree.threshold, tree.missingLeft) ? tree.left : tree.right, row);

/** Margins of the training rows after `rounds` rounds from `base`; `gradientsAt` tells the gradients at the margins. */
function naiveRounds(
  x: readonly number[][],
  base: number,
  rounds: number,
  limits: NaiveLimits,
  gradientsAt: (margins: readonly number[]) => Gradients,
): number[] {
  const margins = x.map(() => base);
  for (let round = 0; round < rounds; round++) {
    const rows = x.map((_, i) => i);
    const tree = growNaive(x, gradientsAt(margins), rows, limits, 0);
    x.forEach((row, i) => {
      margins[i] = (margins[i] as number) + leafValue(tree, row);
    });
  }
  return margins;
}

/** Logistic boosting. */
export function naiveBoosting(
  x: readonly number[][],
  y: readonly number[],
  w: readonly number[],
  base: number,
  rounds: number,
  limits: NaiveLimits,
): number[] {
  return naiveRounds(x, base, rounds, limits, (margins) => {
    const p = margins.map((margin) => 1 / (1 + Math.exp(-margin)));
    return {
      g: p.map((value, i) => (w[i] as number) * (value - (y[i] as number))),
      h: p.map((value, i) => (w[i] as number) * value * (1 - value)),
    };
  });
}

/** Boosting of half the squared error from the weighted mean; rows whose target is NaN weigh nothing. */
export function naiveRegression(
  x: readonly number[][],
  y: readonly number[],
  w: readonly number[],
  rounds: number,
  limits: NaiveLimits,
): number[] {
  const h = w.map((weight, i) => (Number.isNaN(y[i] as number) ? 0 : weight));
  const target = y.map((value) => (Number.isNaN(value) ? 0 : value));
  const size = h.reduce((sum, weight) => sum + weight, 0);
  const base = size > 0 ? h.reduce((sum, weight, i) => sum + weight * (target[i] as number), 0) / size : 0;
  return naiveRounds(x, base, rounds, limits, (margins) => ({
    g: margins.map((margin, i) => (h[i] as number) * (margin - (target[i] as number))),
    h,
  }));
}
