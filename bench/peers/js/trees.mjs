/** Rows and labels as the tree learners take them. */

/** Arrays of `cols` numbers. */
export function rowsOf(place, name, count = Number.POSITIVE_INFINITY) {
  const { cols } = place.work.trees;
  const values = place.floats(`${name}.x.f32`);
  return Array.from({ length: Math.min(count, values.length / cols) }, (_, i) => Array.from(values.subarray(i * cols, (i + 1) * cols)));
}

export const labelsOf = (place, name, count) => Array.from(place.octets(`${name}.y.u8`).subarray(0, count));
