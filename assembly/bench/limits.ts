/**
 * What kernels are measured against: the most multiply-adds on four float32 lanes, and the fastest writing and copying of memory,
 * that this engine and machine reach. Not part of the core.
 */
import { madd } from "../lib/madd";

/** 24 · n multiply-adds (twelve chains, two in a row), nothing loaded or stored in the loop. Returns a number so that none is left out. */
export function peak(n: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x), b = f32x4.splat(y);
  let c0 = f32x4.splat(0), c1 = b, c2 = a, c3 = c0, c4 = b, c5 = a, c6 = c0, c7 = b, c8 = a, c9 = c0, c10 = b, c11 = a;
  for (; n > 0; n--) {
    c0 = madd(c0, a, b);
    c1 = madd(c1, a, b);
    c2 = madd(c2, a, b);
    c3 = madd(c3, a, b);
    c4 = madd(c4, a, b);
    c5 = madd(c5, a, b);
    c6 = madd(c6, a, b);
    c7 = madd(c7, a, b);
    c8 = madd(c8, a, b);
    c9 = madd(c9, a, b);
    c10 = madd(c10, a, b);
    c11 = madd(c11, a, b);
    c0 = madd(c0, a, b);
    c1 = madd(c1, a, b);
    c2 = madd(c2, a, b);
    c3 = madd(c3, a, b);
    c4 = madd(c4, a, b);
    c5 = madd(c5, a, b);
    c6 = madd(c6, a, b);
    c7 = madd(c7, a, b);
    c8 = madd(c8, a, b);
    c9 = madd(c9, a, b);
    c10 = madd(c10, a, b);
    c11 = madd(c11, a, b);
  }
  c0 = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)));
  return f32x4.extract_lane(f32x4.add(c0, f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11))), 0);
}

const BASE: usize = 1024;

/** Makes room for two blocks of so many bytes; 0 where there is none. */
export function reserve(bytes: usize): bool {
  const pages = i32((BASE + 2 * bytes + 0xffff) >>> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}

/** Writes a block; the value is a byte's. */
export function write(bytes: usize, value: u8): void {
  memory.fill(BASE, value, bytes);
}

/** Copies the first block to the second. */
export function copy(bytes: usize): void {
  memory.copy(BASE + bytes, BASE, bytes);
}
