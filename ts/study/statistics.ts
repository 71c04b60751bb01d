/** Means and spreads over splits, of numbers and of curves. */
import type { MeanCurve, Statistic } from './summary.js';

/** Mean and spread of the finite values, in the order given. */
export function statisticOf(values: readonly (number | null | undefined)[]): Statistic | null {
  const finite = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  const n = finite.length;
  if (n === 0) return null;
  const mean = finite.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, sd: null };
  const squares = finite.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { n, mean, sd: Math.sqrt(squares / (n - 1)) };
}

/** Curves (one a split) over the common x; null when a point has no finite value at all. */
function meanCurve(x: readonly number[], curves: readonly (readonly number[])[]): MeanCurve | null {
  if (curves.length === 0 || x.length === 0) return null;
  const at: Statistic[] = [];
  for (let i = 0; i < x.length; i++) {
    const statistic = statisticOf(curves.map((curve) => curve[i]));
    if (!statistic) return null;
    at.push(statistic);
  }
  return { x, mean: at.map(({ mean }) => mean), sd: at.map(({ sd }) => sd ?? 0), n: curves.length };
}

/** Precision over evenly spaced recall 0 … 1. */
export function meanPrCurve(curves: readonly (readonly number[])[]): MeanCurve | null {
  const points = curves[0]?.length ?? 0;
  if (points < 2) return null;
  const recall = Array.from({ length: points }, (_, i) => i / (points - 1));
  return meanCurve(
    recall,
    curves.filter((curve) => curve.length === points),
  );
}

interface Steps {
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/** Splits may stop at different steps: the first split's steps that lie within all, the others by linear interpolation. */
export function meanLossCurve(curves: readonly Steps[]): MeanCurve | null {
  const first = curves[0];
  if (!first) return null;
  const from = curves.reduce((start, { steps }) => Math.max(start, steps[0] as number), Number.NEGATIVE_INFINITY);
  const to = curves.reduce((end, { steps }) => Math.min(end, steps[steps.length - 1] as number), Number.POSITIVE_INFINITY);
  const x = first.steps.filter((step) => step >= from && step <= to);
  return meanCurve(
    x,
    curves.map((curve) => x.map((step) => lossAt(curve, step))),
  );
}

function lossAt({ steps, losses }: Steps, step: number): number {
  const after = steps.findIndex((value) => value >= step);
  const right = steps[after] as number;
  if (right === step || after === 0) return losses[after] as number;
  const left = steps[after - 1] as number;
  const share = (step - left) / (right - left);
  return (losses[after - 1] as number) * (1 - share) + (losses[after] as number) * share;
}
