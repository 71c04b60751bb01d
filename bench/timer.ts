/** Times of short functions: warm-up until the optimising compiler has taken over, then the best of many short samples. */

const WARM_UP_MS = 300;
const SAMPLE_MS = 4;

/** Swallows results, so that nothing measured can be left out as unused. */
export let sink = 0;
export function consume(value: number): void {
  sink += value;
}

/** Milliseconds a call: by the clock, or by this process's CPU time where that is less, because other work shared the core. */
function sample(body: () => void, calls: number): number {
  const start = performance.now();
  const used = process.cpuUsage();
  for (let i = 0; i < calls; i++) body();
  const { user, system } = process.cpuUsage(used);
  return Math.min(performance.now() - start, (user + system) / 1000) / calls;
}

/**
 * Seconds a call of each body, the best of `repeats` samples. The bodies take turns, so that a slow spell of the machine meets all
 * of them and their ratios hold.
 */
export function bestOfEach<Name extends string>(bodies: Readonly<Record<Name, () => void>>, repeats = 25): Record<Name, number> {
  const names = Object.keys(bodies) as Name[];
  const calls = {} as Record<Name, number>;
  const best = {} as Record<Name, number>;
  for (const name of names) {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < WARM_UP_MS || count < 3) {
      bodies[name]();
      count++;
    }
    calls[name] = Math.max(1, Math.round((SAMPLE_MS * count) / (performance.now() - start)));
    best[name] = Number.POSITIVE_INFINITY;
  }
  for (let round = 0; round < repeats; round++) {
    for (const name of names) best[name] = Math.min(best[name], sample(bodies[name], calls[name]) / 1000);
  }
  return best;
}

/** Seconds of the fastest of `repeats` runs of a long body, after one run to warm up. */
export async function bestOf(body: () => void | Promise<void>, repeats = 3): Promise<number> {
  await body();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < repeats; round++) {
    const start = performance.now();
    await body();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** As {@link bestOf} in processor seconds of this process, which other load disturbs less. */
export async function cpuSecondsOf(body: () => unknown, repeats = 3): Promise<number> {
  await body();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < repeats; round++) {
    const start = process.cpuUsage();
    await body();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}
