/**
 * Activations forward and backward as gpu.js kernels, as in assembly/activation.ts; the text of each is parsed by itself, see network.ts.
 */

type Grid = readonly (readonly number[])[];

interface Kernel {
  readonly thread: { readonly x: number; readonly y: number };
}

export function relu(this: Kernel, z: Grid): number {
  const value = z[this.thread.y][this.thread.x];
  if (value < 0) {
    return 0;
  }
  return value;
}

/** relu′(z)·dy; 0 at the kink. */
export function reluBackward(this: Kernel, z: Grid, dy: Grid): number {
  if (z[this.thread.y][this.thread.x] > 0) {
    return dy[this.thread.y][this.thread.x];
  }
  return 0;
}

/** z·σ(z). Beyond −80 it is 0 in float32, and e^80 is still finite. */
export function silu(this: Kernel, z: Grid): number {
  const value = z[this.thread.y][this.thread.x];
  if (value < -80) {
    return 0;
  }
  return value / (1 + Math.exp(-value));
}

/** σ·(1 + z·(1 − σ))·dy. */
export function siluBackward(this: Kernel, z: Grid, dy: Grid): number {
  const value = z[this.thread.y][this.thread.x];
  if (value < -80) {
    return 0;
  }
  const share = 1 / (1 + Math.exp(-value));
  return share * (1 + value * (1 - share)) * dy[this.thread.y][this.thread.x];
}

export function leaky(this: Kernel, z: Grid): number {
  const value = z[this.thread.y][this.thread.x];
  if (value < 0) {
    return 0.2 * value;
  }
  return value;
}

export function leakyBackward(this: Kernel, z: Grid, dy: Grid): number {
  if (z[this.thread.y][this.thread.x] > 0) {
    return dy[this.thread.y][this.thread.x];
  }
  return 0.2 * dy[this.thread.y][this.thread.x];
}

/** ±(1 − e^−2|z|) / (1 + e^−2|z|); where that cancels, the polynomial of Cephes `tanhf` (Moshier 1992). */
export function tanh(this: Kernel, z: Grid): number {
  const value = z[this.thread.y][this.thread.x];
  const size = Math.abs(value);
  if (size < 0.625) {
    const s = value * value;
    let p = -0.00570498872745 * s + 0.0206390887954;
    p = p * s - 0.0537397155531;
    p = p * s + 0.133314422036;
    p = p * s - 0.333332819422;
    return p * s * value + value;
  }
  const e = Math.exp(-2 * size);
  const far = (1 - e) / (1 + e);
  if (value < 0) {
    return -far;
  }
  return far;
}

/** (1 − tanh²)·dy; t is tanh(z). */
export function tanhBackward(this: Kernel, t: Grid, dy: Grid): number {
  const value = t[this.thread.y][this.thread.x];
  return (1 - value * value) * dy[this.thread.y][this.thread.x];
}
