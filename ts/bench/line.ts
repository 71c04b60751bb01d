/** The result of one measurement, and how it is judged. */
import type { Variant } from '../backend/backend.js';

export interface BenchLine {
  readonly item: string;
  readonly value: number | null; // null where it was not run
  readonly unit: string;
  /** What the value is compared with: a limit of the same run, or a figure of another system (docs/performance.md). */
  readonly reference: number | null;
  readonly ratio: number | null; // value / reference
  readonly target: string | null; // "ratio >= 0.75 of the peak"
  readonly verdict: 'met' | 'missed' | 'no target' | `not run: needs ${string}`;
}

/** What all items of a run share. */
export interface BenchSetting {
  readonly variant: Variant;
  /** CPU seconds of this process so far, where the machine tells: what other work on the core disturbs less than the clock. */
  readonly cpuSeconds?: (() => number) | undefined;
}

export interface BenchItem {
  readonly name: string; // what `--only` matches the beginning of; the first line's item
  /** Whether there is something to tell of the relaxed core as well. */
  readonly relaxed?: boolean;
  run(setting: BenchSetting): Promise<readonly BenchLine[]>;
}

/** How a line is judged: value / reference at least (rates) or at most (times, sizes) so much. */
export interface Judgement {
  readonly reference?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What the reference is, in words; of a figure from another run with an asterisk at its end. */
  readonly of?: string;
}

export function line(item: string, value: number, unit: string, { reference, atLeast, atMost, of }: Judgement = {}): BenchLine {
  const ratio = reference === undefined ? null : value / reference;
  const bound = atLeast ?? atMost;
  const met = ratio !== null && (atLeast === undefined || ratio >= atLeast) && (atMost === undefined || ratio <= atMost);
  return {
    item,
    value,
    unit,
    reference: reference ?? null,
    ratio,
    target: bound === undefined ? null : `ratio ${atLeast === undefined ? '<=' : '>='} ${bound}${of ? ` of ${of}` : ''}`,
    verdict: bound === undefined ? 'no target' : met ? 'met' : 'missed',
  };
}

/** A line for what this machine cannot measure. */
export function notRun(item: string, unit: string, needs: string): BenchLine {
  return { item, value: null, unit, reference: null, ratio: null, target: null, verdict: `not run: needs ${needs}` };
}
