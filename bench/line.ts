/** The result of one measurement, and how it is judged. */

export interface BenchLine {
  readonly item: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with: a peak of the same run, or a figure of another system (see docs/performance.md). */
  readonly reference: number | null;
  readonly ratio: number | null; // value / reference
  readonly target: string | null; // "ratio >= 0.6"
  readonly verdict: 'met' | 'missed' | 'no target' | `not run: needs ${string}`;
}

export interface BenchItem {
  readonly name: string; // what `--only` matches the beginning of
  run(): Promise<readonly BenchLine[]>;
}

/** A line whose ratio value / reference is judged by `atLeast` (rates) or `atMost` (times). */
export function line(
  item: string,
  value: number,
  unit: string,
  { reference, atLeast, atMost }: { reference?: number; atLeast?: number; atMost?: number } = {},
): BenchLine {
  const ratio = reference === undefined ? null : value / reference;
  const bound = atLeast ?? atMost;
  const met = ratio !== null && (atLeast === undefined || ratio >= atLeast) && (atMost === undefined || ratio <= atMost);
  return {
    item,
    value,
    unit,
    reference: reference ?? null,
    ratio,
    target: bound === undefined ? null : `ratio ${atLeast === undefined ? '<=' : '>='} ${bound}`,
    verdict: bound === undefined ? 'no target' : met ? 'met' : 'missed',
  };
}

/** A line for what this machine cannot measure. */
export function notRun(item: string, unit: string, needs: string): BenchLine {
  return { item, value: Number.NaN, unit, reference: null, ratio: null, target: null, verdict: `not run: needs ${needs}` };
}
