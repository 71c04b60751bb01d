/** Times of functions: warm-up until the optimising compiler has taken over, then the best of several samples that take turns. */
import type { BenchSetting } from './line.js';

const WARM_UP_S = 0.3;
const SAMPLE_S = 0.004;

/** Swallows results, so that nothing measured can be left out as unused. */
export let sink = 0;
export function consume(value: number): void {
  sink += value;
}

export type Body = () => unknown;
type Clock = Pick<BenchSetting, 'cpuSeconds'>;

const now = () => performance.now() / 1000;

async function repeat(body: Body, calls: number): Promise<void> {
  for (let i = 0; i < calls; i++) {
    const pending = body();
    if (pending instanceof Promise) await pending;
  }
}

/** Seconds a call: by the clock, or by this process's CPU time where that is less, because other work shared the core. */
async function sample(body: Body, calls: number, { cpuSeconds }: Clock): Promise<number> {
  const start = now();
  const used = cpuSeconds?.() ?? 0;
  await repeat(body, calls);
  const cpu = cpuSeconds ? cpuSeconds() - used : Number.POSITIVE_INFINITY;
  return Math.min(now() - start, cpu) / calls;
}

/** Runs a body until it is warm; tells how many calls make a sample. */
async function warmUp(body: Body): Promise<number> {
  const start = now();
  let count = 0;
  while (now() - start < WARM_UP_S || (count < 3 && now() - start < 1)) {
    await repeat(body, 1);
    count++;
  }
  return Math.max(1, Math.round((SAMPLE_S * count) / (now() - start)));
}

/**
 * Seconds a call of each body, the best of `repeats` samples of a few milliseconds, or of one call where that takes longer. The
 * bodies take turns, so that a slow spell of the machine meets all of them and their ratios hold.
 */
export async function bestOfEach<Name extends string>(
  bodies: Readonly<Record<Name, Body>>,
  clock: Clock,
  repeats = 25,
): Promise<Record<Name, number>> {
  const names = Object.keys(bodies) as Name[];
  const calls = {} as Record<Name, number>;
  const best = {} as Record<Name, number>;
  for (const name of names) {
    calls[name] = await warmUp(bodies[name]);
    best[name] = Number.POSITIVE_INFINITY;
  }
  for (let round = 0; round < repeats; round++) {
    for (const name of names) best[name] = Math.min(best[name], await sample(bodies[name], calls[name], clock));
  }
  return best;
}
