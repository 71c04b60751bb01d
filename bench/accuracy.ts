/** Largest errors, in units of the last place: exp and log on float32 over their ranges, the float64 functions over golden vectors. */
import { simd } from '../build/core.js';
import { golden } from '../tests/golden.js';
import { ulps32, ulps64 } from '../tests/ulp.js';
import type { SpecialOps } from '../ts/backend/ops-special.js';
import { loadCore } from '../ts/backend/wasm.js';
import { specialOps } from '../ts/backend/wasm-special.js';
import { type BenchItem, type BenchLine, line } from '../ts/bench/line.js';

const POINTS = 1 << 20; // float32 numbers in each range

/** Ranges over which exp and log are sampled, and the errors that the tests allow. */
const RANGES = {
  exp: {
    reference: Math.exp,
    limit: 1.5,
    over: [
      [-86.9, 88.7],
      [-1, 1],
      [-1e-3, 1e-3],
    ],
  },
  log: {
    reference: Math.log,
    limit: 1,
    over: [
      [1e-30, 1],
      [0.5, 2],
      [1e-3, 1e4],
      [1e30, 3.4e38],
      [1e-45, 1e-37],
    ],
  },
} as const;

const LIMIT64 = 4; // golden specfun.json's tolerance

async function single(): Promise<BenchLine[]> {
  const memory = await loadCore(simd, 'simd');
  const [input, output] = [memory.matrix(1, POINTS), memory.matrix(1, POINTS)];
  return Object.entries(RANGES).map(([name, { reference, limit, over }]) => {
    let worst = 0;
    for (const [lo, hi] of over) {
      const x = Float32Array.from({ length: POINTS }, (_, i) => lo + ((hi - lo) * i) / POINTS);
      memory.write(input, x);
      memory.core[`${name}Each`]!(POINTS, input.ptr, output.ptr);
      memory.read(output).forEach((y, i) => {
        worst = Math.max(worst, ulps32(y, reference(x[i] as number)));
      });
    }
    return line(`accuracy, ${name} float32`, worst, 'ulp', { reference: limit, atMost: 1 });
  });
}

async function double(): Promise<BenchLine[]> {
  const special = specialOps(await loadCore(simd, 'simd'));
  const cases = golden('specfun').filter(({ fn }) => fn in special && fn !== 'ndtri');
  const lines = cases.map(({ fn, x, y }) => {
    const errors = (x as number[]).map((at, i) => {
      const got = special[fn as Exclude<keyof SpecialOps, 'studentT'>](at);
      const slack = fn === 'lgamma' || fn === 'digamma' ? 1e-15 : 0; // these have zeros
      return Math.abs(got - y[i]) <= slack ? 0 : ulps64(got, y[i]);
    });
    return line(`accuracy, ${fn} float64`, Math.max(...errors), 'ulp', { reference: LIMIT64, atMost: 1 });
  });
  for (const { x, y } of golden('specfun').filter(({ fn }) => fn === 'ndtri')) {
    const errors = (x as number[]).map((p, i) => Math.abs(special.ndtri(p) / y[i] - 1)).filter(Number.isFinite);
    lines.push(line('accuracy, ndtri float64', Math.max(...errors), 'relative', { reference: 1e-13, atMost: 1 }));
  }
  return lines;
}

export const accuracy: BenchItem = {
  name: 'accuracy',
  run: async () => {
    const lines = [...(await single()), ...(await double())];
    const worst = Math.max(...lines.map(({ ratio }) => ratio ?? Number.POSITIVE_INFINITY));
    return [line('accuracy', worst, 'of what tests allow', { reference: 1, atMost: 1 }), ...lines];
  },
};
