/** Whether two systems did the same work, by what they computed. A check returns what is wrong, or null. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auroc } from '../../ts/metrics/classification.js';
import type { Value } from './process.js';
import { WORK } from './work.js';

export type Check = (ours: Value, peer: Value, folder: string) => string | null;

const number = (value: Value): number => (typeof value === 'number' ? value : Number.NaN);
const short = (value: number): string => String(Number(value.toPrecision(6)));

/** Both numbers are the same but for a relative `tolerance`. */
export const agreement =
  (tolerance: number): Check =>
  (ours, peer) => {
    const [a, b] = [number(ours), number(peer)];
    return Math.abs(a - b) <= tolerance * Math.abs(b) ? null : `ours computes ${short(a)}, the peer ${short(b)}`;
  };

/** Our number alone is bounded. */
export const within =
  (most: number): Check =>
  (ours) =>
    number(ours) <= most ? null : `ours is ${short(number(ours))}, more than ${most}`;

/** AUROC on the test rows: nobody may be faster by learning less. */
const MOST_AUROC = 0.005;
export const aurocOf = (value: Value, folder: string): number =>
  auroc(new Uint8Array(readFileSync(join(folder, 'test.y.u8'))), floatsOf(value));

export const ranking: Check = (ours, peer, folder) => {
  const [a, b] = [aurocOf(ours, folder), aurocOf(peer, folder)];
  return a >= b - MOST_AUROC ? null : `our AUROC is ${short(a)}, the peer's ${short(b)}`;
};

/** Every new row lies between a minority row and one of its k nearest ones: some of the new rows are looked at. */
export const segments: Check = (ours, peer, folder) => {
  const far = [ours, peer].map((value) => farthest(floatsOf(value), floatsOf({ file: join(folder, 'smote.x.f32') })));
  const bad = far.findIndex((distance) => !(distance <= MOST_APART));
  return bad < 0 ? null : `a row of ${bad === 0 ? 'ours' : "the peer's"} lies ${short(far[bad] as number)} from the nearest segment`;
};
const MOST_APART = 1e-4;
const LOOKED_AT = 100; // new rows

function floatsOf(value: Value): Float32Array {
  if (typeof value === 'number') return new Float32Array(0);
  const { buffer, byteOffset, byteLength } = readFileSync(value.file);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** The largest distance of a new row (R, D) to a segment of the minority (M, D); infinite where rows are missing. */
function farthest(drawn: Float32Array, minority: Float32Array): number {
  const { cols: D, k, rows } = WORK.smote;
  if (drawn.length !== rows * D) return Number.POSITIVE_INFINITY;
  const row = (of: Float32Array, i: number) => of.subarray(i * D, (i + 1) * D);
  const points = Array.from({ length: minority.length / D }, (_, i) => row(minority, i));
  const ends = points.flatMap((a, i) => {
    const near = points.map((b, j) => ({ j, d: j === i ? Number.POSITIVE_INFINITY : squared(a, b) })).sort((p, q) => p.d - q.d);
    return near.slice(0, k).map(({ j }) => [a, points[j] as Float32Array] as const);
  });
  let most = 0;
  for (let r = 0; r < LOOKED_AT; r++) {
    const x = row(drawn, Math.floor((r * rows) / LOOKED_AT));
    let nearest = Number.POSITIVE_INFINITY;
    for (const [a, b] of ends) nearest = Math.min(nearest, fromSegment(x, a, b));
    if (!(nearest <= most)) most = nearest;
  }
  return Math.sqrt(most);
}

function squared(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}

/** Squared distance of x to the segment from a to b. */
function fromSegment(x: Float32Array, a: Float32Array, b: Float32Array): number {
  let [along, length, whole] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [u, v] = [(x[i] as number) - (a[i] as number), (b[i] as number) - (a[i] as number)];
    along += u * v;
    length += v * v;
    whole += u * u;
  }
  const share = Math.max(0, Math.min(1, length > 0 ? along / length : 0));
  return Math.max(0, whole - 2 * share * along + share * share * length);
}
