/** Scalar functions in float64 that engines define differently: they live in the core, so that every engine agrees. */
export interface SpecialOps {
  exp(x: number): number;
  log(x: number): number;
  expm1(x: number): number;
  log1p(x: number): number;
  /** 1 / (1 + e^−x), accurate in both tails. */
  sigmoid(x: number): number;
  erf(x: number): number;
  erfc(x: number): number;
  /** Standard normal distribution function and its inverse. */
  ndtr(x: number): number;
  ndtri(p: number): number;
  lgamma(x: number): number;
  digamma(x: number): number;
  /** Two-sided p-value of Student's t with `df` degrees of freedom. */
  studentT(t: number, df: number): number;
}
