/** Sums across lanes in a fixed order: (0 + 2) + (1 + 3), so that every engine rounds alike. */

// @ts-ignore: decorator
@inline export function sum4(v: v128): f32 {
  const pair = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 2, 3));
  return f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1);
}

/** The largest lane; NaN where any lane is NaN. */
// @ts-ignore: decorator
@inline export function max4(v: v128): f32 {
  const pair = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 2, 3));
  return max(f32x4.extract_lane(pair, 0), f32x4.extract_lane(pair, 1));
}

/** The four lanes summed in float64. */
// @ts-ignore: decorator
@inline export function sum4wide(v: v128): f64 {
  return <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 2) + (<f64>f32x4.extract_lane(v, 1) + <f64>f32x4.extract_lane(v, 3));
}
