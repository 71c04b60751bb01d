import { InputError } from '../errors.js';
import type { Matrix } from './backend.js';
import type { GenerativeOps, Head, Heads } from './ops-generative.js';
import { type CoreMemory, ptr } from './wasm.js';
import { count, shape, slotOf } from './wasm-network.js';
import { blocksFor } from './wasm-random.js';

/** The kernels of assembly/heads.ts and penalty.ts by name. */
type GenerativeCore = Readonly<
  Record<
    | 'gumbelEach'
    | 'headsForward'
    | 'headsBackward'
    | 'conditionLoss'
    | 'reconstructionLoss'
    | 'reparameterise'
    | 'latentBackward'
    | 'gradientPenalty'
    | 'mixRows',
    (...numbers: number[]) => void
  >
>;

/** Codes of assembly/heads.ts. */
const KIND: Readonly<Record<Head['kind'], number>> = { tanh: 0, softmax: 1 };

function checkHeads(list: readonly Head[]): number {
  let width = 0;
  for (const { kind, start, width: K } of list) {
    const good = start === width && Number.isInteger(K) && (kind === 'tanh' ? K === 1 : K >= 1);
    if (!good) throw new InputError(`"heads" expected to follow one another, got ${kind} of ${K} columns at ${start} after ${width}`);
    width += K;
  }
  return width;
}

export function generativeOps(memory: CoreMemory): GenerativeOps {
  const core = memory.core as unknown as GenerativeCore;
  /** B, W, H and the table, as the kernels take them. */
  const sizes = (heads: Heads, x: Matrix) => [x.rows, heads.width, heads.list.length, ptr(heads.table)] as const;
  const same = (heads: Heads, matrices: Readonly<Record<string, Matrix | null>>, rows: number) => {
    for (const [name, matrix] of Object.entries(matrices)) shape(name, matrix, rows, heads.width);
  };
  /** Room for the exponentials of the widest span. */
  const withScratch = (columns: number, work: (e: number) => void) => {
    const mark = memory.mark();
    work(memory.alloc(Math.max(1, columns) * 4));
    memory.release(mark);
  };
  return {
    heads: (list) => {
      const width = checkHeads(list);
      const table = memory.words(list.length * 3, Uint32Array.from(list.flatMap(({ kind, start, width }) => [KIND[kind], start, width])));
      return { table, list, width };
    },
    gumbel: (out, stream) => {
      const n = count(out);
      memory.core.randomUniform?.(ptr(out), n, stream.key0, stream.key1, stream.take(blocksFor(n)));
      core.gumbelEach(n, ptr(out));
    },
    headsForward: (heads, x, noise, tau, out) => {
      same(heads, { x, noise, out }, x.rows);
      core.headsForward(...sizes(heads, x), ptr(x), ptr(noise), tau, ptr(out));
    },
    headsBackward: (heads, y, dy, tau, dx) => {
      same(heads, { y, dy, dx }, y.rows);
      core.headsBackward(...sizes(heads, y), ptr(y), ptr(dy), tau, ptr(dx));
    },
    conditionLoss: (x, spans, dx, loss, slot) => {
      shape('dx', dx, x.rows, x.cols);
      if (spans.length !== 3 * x.rows) throw new InputError(`"spans" expected ${3 * x.rows} words, got ${spans.length}`);
      withScratch(x.cols, (e) => core.conditionLoss(x.rows, x.cols, ptr(x), ptr(spans), ptr(dx), e, slotOf(loss, slot)));
    },
    reconstructionLoss: (heads, x, t, sigma, factor, dx, dsigma, loss, slot) => {
      same(heads, { x, t, dx }, x.rows);
      same(heads, { sigma, dsigma }, 1);
      withScratch(x.cols, (e) =>
        core.reconstructionLoss(...sizes(heads, x), ptr(x), ptr(t), ptr(sigma), factor, ptr(dx), ptr(dsigma), e, slotOf(loss, slot)),
      );
    },
    reparameterise: (mu, lambda, epsilon, z) => {
      for (const [name, matrix] of Object.entries({ lambda, epsilon, z })) shape(name, matrix, mu.rows, mu.cols);
      core.reparameterise(count(mu), ptr(mu), ptr(lambda), ptr(epsilon), ptr(z));
    },
    latentBackward: (mu, lambda, epsilon, dz, dmu, dlambda, loss, slot) => {
      for (const [name, matrix] of Object.entries({ lambda, epsilon, dz, dmu, dlambda })) shape(name, matrix, mu.rows, mu.cols);
      core.latentBackward(count(mu), mu.rows, ...[mu, lambda, epsilon, dz, dmu, dlambda].map(ptr), slotOf(loss, slot));
    },
    gradientPenalty: (g, weight, r, loss, slot) => {
      shape('r', r, g.rows, g.cols);
      core.gradientPenalty(g.rows, g.cols, ptr(g), weight, ptr(r), slotOf(loss, slot));
    },
    mixRows: (u, a, b, out) => {
      shape('u', u, a.rows, 1);
      shape('b', b, a.rows, a.cols);
      shape('out', out, a.rows, a.cols);
      core.mixRows(a.rows, a.cols, ptr(u), ptr(a), ptr(b), ptr(out));
    },
  };
}
