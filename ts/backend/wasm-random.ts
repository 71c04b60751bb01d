import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import type { Matrix, Words } from './backend.js';
import type { RandomOps } from './ops-random.js';
import { type CoreMemory, ptr } from './wasm.js';

/** Blocks of four words that hold one word for each of n values. */
export const blocksFor = (n: number): number => Math.ceil(n / 4);

export function randomOps(memory: CoreMemory): RandomOps {
  const { randomBelow, randomCategorical, randomNormal, randomPermutation, randomUniform, randomWords } = memory.core;
  const fill = (kernel: typeof randomWords, out: Matrix | Words, n: number, stream: Stream) => {
    kernel(ptr(out), n, stream.key0, stream.key1, stream.take(blocksFor(n)));
  };
  return {
    words: (out, stream) => fill(randomWords, out, out.length, stream),
    uniform: (out, stream) => fill(randomUniform, out, out.rows * out.cols, stream),
    normal: (out, stream) => fill(randomNormal, out, out.rows * out.cols, stream),
    below: (out, n, stream) => {
      if (!Number.isInteger(n) || n < 1 || n > 4294967295) throw new InputError(`"n" expected an integer in 1..4294967295, got ${n}`);
      const used = randomBelow(ptr(out), out.length, n, stream.key0, stream.key1, stream.take(0));
      stream.take(used >>> 0); // rejected words make the number of blocks known only now
    },
    permutation: (out, stream) => {
      const used = randomPermutation(ptr(out), out.length, stream.key0, stream.key1, stream.take(0));
      stream.take(used >>> 0);
    },
    categorical: (logits, out, stream) => {
      const n = logits.rows * logits.cols;
      const mark = memory.mark();
      const gumbel = memory.alloc(Math.max(1, n) * 4);
      randomCategorical(ptr(logits), logits.rows, logits.cols, ptr(out), gumbel, stream.key0, stream.key1, stream.take(blocksFor(n)));
      memory.release(mark);
    },
  };
}
