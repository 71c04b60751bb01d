/** Naive float64 distances and kernel sums, pair by pair. Rows are row-major (n, d). */

export interface Rows {
  readonly rows: number;
  readonly cols: number;
  readonly values: ArrayLike<number>;
}

export function squaredDistance(x: Rows, i: number, y: Rows, j: number): number {
  let sum = 0;
  for (let k = 0; k < x.cols; k++) {
    const difference = (x.values[i * x.cols + k] as number) - (y.values[j * y.cols + k] as number);
    sum += difference * difference;
  }
  return sum;
}

/** The k nearest rows of y for row i of x, ties by lower row. */
export function nearestRows(x: Rows, i: number, y: Rows, k: number, excludeSelf: boolean): { index: number; squared: number }[] {
  const all = Array.from({ length: y.rows }, (_, j) => ({ index: j, squared: squaredDistance(x, i, y, j) }));
  const others = all.filter(({ index }) => !(excludeSelf && index === i));
  return others.sort((a, b) => a.squared - b.squared || a.index - b.index).slice(0, k);
}

export function medianPairDistance(x: Rows): number {
  const all: number[] = [];
  for (let i = 0; i < x.rows; i++) for (let j = 0; j < i; j++) all.push(Math.sqrt(squaredDistance(x, i, x, j)));
  all.sort((a, b) => a - b);
  const middle = all.length >> 1;
  return all.length % 2 ? (all[middle] as number) : ((all[middle - 1] as number) + (all[middle] as number)) / 2;
}

/** Σ exp(−d²/(2s²)); with y = null over ordered pairs i ≠ j of x. */
export function rbfSum(x: Rows, y: Rows | null, s: number): number {
  let sum = 0;
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < (y ?? x).rows; j++) {
      if (y === null && i === j) continue;
      sum += Math.exp(-squaredDistance(x, i, y ?? x, j) / (2 * s * s));
    }
  }
  return sum;
}
