/** IEEE 754 half-precision numbers (binary16) as their 16 bits: 1 sign, 5 exponent, 10 fraction. */

/** The largest number that a half has; larger ones would become infinite. */
const LARGEST_HALF = 65504;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The half nearest to a number, a tie to the even one. */
export function toHalf(x: number): number {
  float[0] = x;
  const all = bits[0] as number;
  const sign = (all >>> 16) & 0x8000;
  const exponent = ((all >>> 23) & 0xff) - 112; // of the half, biased
  const fraction = all & 0x7fffff;
  if (exponent === 143) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200 | (fraction >>> 13)); // infinite or no number
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  // a half below 2^-14 has no leading one: its fraction is shifted further
  const shift = exponent > 0 ? 13 : 14 - exponent;
  const whole = exponent > 0 ? (exponent << 23) | fraction : 0x800000 | fraction;
  const cut = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return sign | (cut + (rest > middle || (rest === middle && (cut & 1) === 1) ? 1 : 0)); // a carry runs into the exponent, as it should
}

/** The number of a half. */
export function fromHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) {
    const size = fraction / 16777216; // fraction · 2^-24
    return sign === 0 ? size : -size;
  }
  bits[0] = exponent === 31 ? sign | 0x7f800000 | (fraction << 13) : sign | ((exponent + 112) << 23) | (fraction << 13);
  return float[0] as number;
}

/** 2^112: what a half's exponent falls short of a float's when its bits are put in the float's places. */
const REBIAS = 5.192296858534828e33;

/** The numbers of many halves, as {@link fromHalf} has them, in one plain loop: a model's file is opened before anything is compiled well. */
export function fromHalves(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const places = new Uint32Array(out.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number;
    if ((half & 0x7c00) === 0x7c00) out[i] = fromHalf(half);
    else {
      places[i] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
      out[i] = (out[i] as number) * REBIAS;
    }
  }
  return out;
}

/** Whether none of the numbers is too large for a half. */
export const fitsHalf = (values: Float32Array): boolean => values.every((value) => Math.abs(value) <= LARGEST_HALF);

/** The numbers that halves can hold nearest to the given ones. */
export const roundedToHalf = (values: Float32Array): Float32Array => values.map((value) => fromHalf(toHalf(value)));
