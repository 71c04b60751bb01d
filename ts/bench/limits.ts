/** What this engine and machine can do at most: assembly/bench/limits.ts, compiled with the core's flags, outside the core. */
import { limits, limitsRelaxed } from '../../build/limits.js';
import type { BenchSetting } from './line.js';
import { type Body, consume } from './timer.js';

const ROUNDS = 5000;

/** Floating-point operations of one call of {@link Limits.multiplyAdd}. */
export const PEAK_FLOPS = ROUNDS * 24 * 8;

export interface Limits {
  /** Multiply-adds on four lanes and nothing else; fused ones with the relaxed variant. */
  readonly multiplyAdd: Body;
  /** Writes, or copies, so many bytes. */
  write(bytes: number): Body;
  copy(bytes: number): Body;
}

interface Exports {
  peak(rounds: number, x: number, y: number): number;
  reserve(bytes: number): number;
  write(bytes: number, value: number): void;
  copy(bytes: number): void;
}

/** Whether this engine runs relaxed SIMD. */
export const hasRelaxed = (): boolean => WebAssembly.validate(limitsRelaxed as BufferSource);

export async function measuredLimits({ variant }: Pick<BenchSetting, 'variant'>): Promise<Limits> {
  const bytes = variant === 'relaxed' ? limitsRelaxed : limits;
  const { instance } = await WebAssembly.instantiate(bytes as BufferSource);
  const { peak, reserve, write, copy } = instance.exports as unknown as Exports;
  const room = (size: number) => {
    if (!reserve(size)) throw new RangeError(`no room for two blocks of ${size} bytes`);
  };
  return {
    multiplyAdd: () => consume(peak(ROUNDS, 0.99, 0.01)),
    write: (size) => {
      room(size);
      return () => write(size, 1);
    },
    copy: (size) => {
      room(size);
      return () => copy(size);
    },
  };
}
