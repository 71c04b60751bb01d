import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitsHalf, fromHalf, fromHalves, roundedToHalf, toHalf } from '../../ts/store/half.js';

const test = suite('half-precision numbers');

/** The definition: (−1)^sign · 2^(exponent − 15) · (1 + fraction / 1024), or 2^−14 · fraction / 1024. */
function defined(half: number): number {
  const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * 2 ** -24 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

test('every half is read as defined, and written again as it was', () => {
  for (let half = 0; half < 65536; half++) {
    const value = fromHalf(half);
    assert.ok(Object.is(value, defined(half)), `${half}: ${value}`);
    if (!Number.isNaN(value)) assert.is(toHalf(value), half);
    else assert.ok(Number.isNaN(fromHalf(toHalf(value))));
  }
});

test('many halves are read as each alone', () => {
  const all = Uint16Array.from({ length: 65536 }, (_, half) => half);
  for (const [half, value] of fromHalves(all).entries()) assert.ok(Object.is(value, fromHalf(half)), `${half}: ${value}`);
  assert.is(fromHalves(new Uint16Array(0)).length, 0);
});

test('numbers between two halves go to the nearer, ties to the even one', () => {
  for (let half = 0; half < 0x7bff; half++) {
    const [low, high] = [defined(half), defined(half + 1)];
    const middle = (low + high) / 2; // exact in float32: one bit more than a half
    const even = half % 2 === 0 ? half : half + 1;
    assert.is(toHalf(middle), even, `between ${low} and ${high}`);
    assert.is(toHalf(-middle), even | 0x8000);
    assert.is(toHalf(Math.fround(middle - (high - low) / 1024)), half);
    assert.is(toHalf(Math.fround(middle + (high - low) / 1024)), half + 1);
  }
  assert.is(toHalf(2 ** -26), 0);
  assert.is(toHalf(-(2 ** -40)), 0x8000);
  assert.is(toHalf(65519.99), 0x7bff);
  assert.is(toHalf(65520), 0x7c00, 'beyond the largest half');
});

test('a block is rounded once: a second time changes nothing', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.fround((i - 500) * 0.0317 + 1e-5));
  const once = roundedToHalf(values);
  assert.equal(roundedToHalf(once), once);
  values.forEach((value, i) => {
    assert.ok(Math.abs(once[i]! - value) <= Math.abs(value) * 2 ** -11 + 2 ** -25, `${value}`);
  });
  assert.ok(fitsHalf(Float32Array.of(65504, -65504)));
  assert.not.ok(fitsHalf(Float32Array.of(0, 65505)));
  assert.not.ok(fitsHalf(Float32Array.of(Number.NaN)));
});

test.run();
