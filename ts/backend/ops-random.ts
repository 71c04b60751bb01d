/** Random fills on the backend; the numbers are those of the stream (ts/random.ts), block after block. */
import type { Stream } from '../random.js';
import type { Matrix, Words } from './backend.js';

export interface RandomOps {
  /** The stream's 32-bit words as they are. */
  words(out: Words, stream: Stream): void;
  /** Uniform in [0, 1) with 24 bits. */
  uniform(out: Matrix, stream: Stream): void;
  /** Standard normal (Box–Muller on the core's own log, sin, cos). */
  normal(out: Matrix, stream: Stream): void;
  /** Integers in 0 … n − 1. */
  below(out: Words, n: number, stream: Stream): void;
  /** A random order of 0 … out.length − 1. */
  permutation(out: Words, stream: Stream): void;
  /** One category a row, with probabilities proportional to exp(logits) (Gumbel-max); logits (B, K). */
  categorical(logits: Matrix, out: Words, stream: Stream): void;
}
