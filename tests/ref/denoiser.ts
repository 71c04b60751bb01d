/** The denoiser's forward pass in float64, one row at a time; parameters by name, weights [out][in]. */
import type { DenoiserShape } from '../../ts/nn/denoiser.js';

export type Parameters = Readonly<Record<string, readonly number[]>>; // row-major

const silu = (z: number): number => z / (1 + Math.exp(-z));

function linear(p: Parameters, name: string, x: readonly number[]): number[] {
  const [w, b] = [p[`${name}.w`]!, p[`${name}.b`]!];
  return b.map((bias, o) => x.reduce((sum, v, i) => sum + v * w[o * x.length + i]!, bias));
}

export function timeEmbedding(t: number, dim: number): number[] {
  const half = Math.floor(dim / 2);
  const angles = Array.from({ length: half }, (_, j) => t * Math.exp((-Math.log(10000) * j) / half));
  return [...angles.map(Math.cos), ...angles.map(Math.sin), ...(dim % 2 ? [0] : [])];
}

export function denoise(shape: DenoiserShape, p: Parameters, x: readonly number[], t: number, label: number | null): number[] {
  const act = shape.activation === 'silu' ? silu : (z: number) => Math.max(0, z);
  const time = linear(p, 't2', linear(p, 't1', timeEmbedding(t, shape.hidden)).map(silu));
  let h = linear(p, 'in', x).map((v, j) => v + time[j]! + (label === null ? 0 : silu(p.label![label * shape.hidden + j]!)));
  shape.layers.forEach((_, l) => {
    h = linear(p, `l${l + 1}`, h).map(act);
  });
  return linear(p, 'out', h);
}
