/** NaN-safe comparisons: `!(difference <= tolerance)` fails, so a NaN never passes. */
import * as assert from 'uvu/assert';

/** Fails unless |got − want| ≤ abs + rel·|want|; NaN matches NaN only. */
export function close(got: number, want: number, { abs = 0, rel = 0 }: { abs?: number; rel?: number }, what = 'value'): void {
  if (Number.isNaN(want)) {
    assert.ok(Number.isNaN(got), `${what}: expected NaN, got ${got}`);
    return;
  }
  if (got === want) return;
  const tolerance = abs + rel * Math.abs(want);
  assert.ok(Math.abs(got - want) <= tolerance, `${what}: expected ${want} ± ${tolerance}, got ${got}`);
}

export function allClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: { abs?: number; rel?: number },
  what = 'values',
): void {
  assert.is(got.length, want.length, `${what}: length`);
  for (let i = 0; i < want.length; i++) close(got[i] as number, want[i] as number, tolerance, `${what}[${i}]`);
}
