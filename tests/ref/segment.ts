/** Float64 oracle: how far a point lies from the segment between two others, as the largest distance over its coordinates. */
export function offSegment(point: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const along = gapOn(point, a, b);
  let off = 0;
  for (let j = 0; j < point.length; j++) {
    const on = (a[j] as number) + along * ((b[j] as number) - (a[j] as number));
    const distance = Math.abs((point[j] as number) - on);
    if (!(distance <= off)) off = distance;
  }
  return off;
}

/** Where on the segment a → b the point projects, held inside 0 … 1. */
function gapOn(point: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let squared = 0;
  for (let j = 0; j < point.length; j++) {
    const step = (b[j] as number) - (a[j] as number);
    dot += step * ((point[j] as number) - (a[j] as number));
    squared += step * step;
  }
  return squared === 0 ? 0 : Math.min(1, Math.max(0, dot / squared));
}
