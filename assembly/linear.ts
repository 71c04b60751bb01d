/** A linear layer and its derivative. Dimensions: B batch rows, I inputs, O outputs. x (B, I), w (O, I), b (O) or 0, z and y (B, O). */
import { gemm, product } from "./gemm";
import { columnSums } from "./rows";

/** z = x·wᵀ + b; y = act(z). z = 0 when nobody needs it later; z may be y. */
export function linear(B: i32, I: i32, O: i32, x: usize, w: usize, b: usize, y: usize, z: usize, kind: i32): void {
  product(B, O, I, x, I, 1, w, 1, I, z == 0 ? y : z, O, b, 0, y, kind);
}

/** From dz (B, O): dx (B, I) = dz·w, dw (O, I) = dzᵀ·x, db (O) = Σ_rows dz. dx and db may be 0: not wanted. */
export function linearBackward(B: i32, I: i32, O: i32, x: usize, w: usize, dz: usize, dx: usize, dw: usize, db: usize): void {
  if (dx != 0) gemm(B, I, O, dz, O, 1, w, I, 1, dx, I, 0, 0);
  gemm(O, I, B, dz, 1, O, x, I, 1, dw, I, 0, 0);
  if (db != 0) columnSums(B, O, dz, db);
}
