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
