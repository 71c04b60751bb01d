/** The result of one measurement, and how it is judged. */
import type { Variant } from '../backend/backend.js';

export interface BenchLine {
  readonly item: string;
  readonly value: number | null; // null where it was not run
  readonly unit: string;
  /** What the value is compared with: a limit of the same run, or a figure of another system (docs/performance.md). */
  readonly reference: number | null;
  readonly ratio: number | null; // value / reference; of a time beside another system's how many times as fast, reference / value
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

/** How a line is judged: value / reference is at least (rates) or at most (sizes) so much, or reference / value (times) at least. */
export interface Judgement {
  readonly reference?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly timesAsFast?: number;
  /** What the reference is, in words; of a figure from another run with an asterisk at its end. */
  readonly of?: string;
}

export function line(item: string, value: number, unit: string, judged: Judgement = {}): BenchLine {
  const { reference, atLeast, atMost, timesAsFast } = judged;
  const ratio = reference === undefined ? null : timesAsFast === undefined ? value / reference : reference / value;
  const least = atLeast ?? timesAsFast;
  const met = ratio !== null && (least === undefined || ratio >= least) && (atMost === undefined || ratio <= atMost);
  const target = targetOf(judged);
  const verdict = target === null ? 'no target' : met ? 'met' : 'missed';
  return { item, value, unit, reference: reference ?? null, ratio, target, verdict };
}

function targetOf({ atLeast, atMost, timesAsFast, of }: Judgement): string | null {
  if (timesAsFast !== undefined) return `ratio >= ${timesAsFast}${of ? `, as fast as ${of}` : ''}`;
  const words = of ? ` of ${of}` : '';
  if (atLeast !== undefined) return `ratio >= ${atLeast}${words}`;
  return atMost === undefined ? null : `ratio <= ${atMost}${words}`;
}

/** A line for what this machine cannot measure. */
export function notRun(item: string, unit: string, needs: string): BenchLine {
  return { item, value: null, unit, reference: null, ratio: null, target: null, verdict: `not run: needs ${needs}` };
}
