/** Distance in units of the last place of the wanted number's format; NaN when only one of the two is NaN, 0 when both are. */
function ulps(got: number, want: number, mantissa: number, lowest: number): number {
  if (Object.is(got, want) || got === want) return 0;
  if (Number.isNaN(want)) return Number.NaN;
  const exponent = Math.max(lowest, Math.floor(Math.log2(Math.abs(want))));
  return Math.abs(got - want) / 2 ** (exponent - mantissa);
}

/** `want` unrounded, `got` a float32. */
export const ulps32 = (got: number, want: number): number => ulps(got, want, 23, -126);
export const ulps64 = (got: number, want: number): number => ulps(got, want, 52, -1022);
