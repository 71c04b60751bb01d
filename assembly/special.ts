/**
 * Scalar functions in float64. exp, log, expm1, log1p, sin and tan are AssemblyScript's own, compiled into the core; the rest
 * is built on them. docs/numerics.md has the measured accuracy.
 */
import {
  CENTRE_P, CENTRE_Q, DIGAMMA, DIGAMMA_DEGREE, DIGAMMA_SERIES, ERF, ERF_DEGREE, ERFCX_1, ERFCX_1_DEGREE, ERFCX_2, ERFCX_2_DEGREE,
  ERFCX_4, ERFCX_4_DEGREE, ERFCX_8, ERFCX_8_DEGREE, ERFCX_INF, ERFCX_INF_DEGREE, FAR_P, FAR_Q, LGAMMA, LGAMMA_DEGREE, NEAR_P, NEAR_Q,
  STIRLING,
} from "./special-tables";

const SQRT_HALF: f64 = 0.7071067811865476;
const HALF_LOG_2PI: f64 = 0.9189385332046728;

export function exp(x: f64): f64 {
  return Math.exp(x);
}

export function log(x: f64): f64 {
  return Math.log(x);
}

export function expm1(x: f64): f64 {
  return Math.expm1(x);
}

export function log1p(x: f64): f64 {
  return Math.log1p(x);
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: f64): f64 {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** Σ table[i]·u^(degree − i), by Horner. */
function polynomial(table: usize, degree: i32, u: f64): f64 {
  let sum = load<f64>(table);
  for (let i = 1; i <= degree; i++) sum = sum * u + load<f64>(table + (<usize>i << 3));
  return sum;
}

/** e^(x²)·erfc(x) for x ≥ ½. */
function erfcx(x: f64): f64 {
  if (x < 1) return polynomial(ERFCX_1, ERFCX_1_DEGREE, (x - 0.75) * 4);
  if (x < 2) return polynomial(ERFCX_2, ERFCX_2_DEGREE, (x - 1.5) * 2);
  if (x < 4) return polynomial(ERFCX_4, ERFCX_4_DEGREE, x - 3);
  const z = 1 / (x * x);
  if (x < 8) return polynomial(ERFCX_8, ERFCX_8_DEGREE, (z - 0.0390625) * (128.0 / 3.0)) / x;
  return polynomial(ERFCX_INF, ERFCX_INF_DEGREE, (z - 0.0078125) * 128) / x;
}

/** e^(−scale·x²), scale 1 or ½; x² is split into an exact and a small part, because exp magnifies its rounding. */
function gauss(x: f64, scale: f64): f64 {
  const head = reinterpret<f64>(reinterpret<u64>(x) & 0xfffffffff8000000); // 26 bits: head² is exact
  const e = Math.exp(-head * head * scale);
  const small = (head - x) * (head + x) * scale; // under 5e-5
  return e + e * small * (1 + small * (0.5 + small / 6));
}

export function erf(x: f64): f64 {
  const a = abs(x);
  if (a < 1) return x + x * polynomial(ERF, ERF_DEGREE, x * x * 2 - 1);
  if (isNaN(x)) return x;
  return copysign(1 - erfc(a), x);
}

export function erfc(x: f64): f64 {
  if (x < 0.5) return 1 - erf(x);
  if (x > 28) return 0; // below the least subnormal number
  return gauss(x, 1) * erfcx(x);
}

/** Standard normal distribution function. */
export function ndtr(x: f64): f64 {
  const z = x * SQRT_HALF;
  if (abs(z) < 0.5) return 0.5 + 0.5 * erf(z);
  if (isNaN(x)) return x;
  const tail = abs(x) > 39 ? 0 : 0.5 * gauss(x, 0.5) * erfcx(abs(z));
  return x < 0 ? tail : 1 - tail;
}

/** Standard normal quantile (Wichura 1988, AS 241). */
export function ndtri(p: f64): f64 {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p == 0 || p == 1) return p == 0 ? -Infinity : Infinity;
  const q = p - 0.5;
  if (abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * (polynomial(CENTRE_P, 7, r) / polynomial(CENTRE_Q, 7, r));
  }
  const r = sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x = r <= 5
    ? polynomial(NEAR_P, 7, r - 1.6) / polynomial(NEAR_Q, 7, r - 1.6)
    : polynomial(FAR_P, 7, r - 5) / polynomial(FAR_Q, 7, r - 5);
  return q < 0 ? -x : x;
}

/** ln Γ(1 + y) for 0 ≤ y ≤ 1; exact zeros at both ends. */
function lgamma1p(y: f64): f64 {
  return y * (y - 1) * polynomial(LGAMMA, LGAMMA_DEGREE, y * 2 - 1);
}

/** ln |Γ(x)|. */
export function lgamma(x: f64): f64 {
  if (x >= 10) {
    if (x == Infinity) return x;
    const z = 1 / x;
    return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_2PI - 0.5 + z * polynomial(STIRLING, 9, z * z));
  }
  if (x <= 0) {
    if (x == floor(x)) return Infinity; // a pole
    return Math.log(Math.PI / abs(Math.sin(Math.PI * (x - floor(x))) * x)) - lgamma(-x); // Γ(x)·Γ(−x) = −π / (x sin πx)
  }
  if (isNaN(x)) return x;
  if (x < 1) return lgamma1p(x) - Math.log(x);
  let product: f64 = 1;
  while (x > 2) {
    x -= 1;
    product *= x;
  }
  return product == 1 ? lgamma1p(x - 1) : lgamma1p(x - 1) + Math.log(product);
}

/** ψ(1 + y) for 0 ≤ y ≤ 1, as (y − root)·polynomial with the root in two parts. */
function digamma1p(y: f64): f64 {
  const fromRoot = y - 0.46163214496836236 + 1.5522348162858677e-17;
  return fromRoot * polynomial(DIGAMMA, DIGAMMA_DEGREE, y * 2 - 1);
}

/** ψ(x) = d ln Γ / dx; NaN at the poles. */
export function digamma(x: f64): f64 {
  if (x >= 10) {
    const z = 1 / x;
    return Math.log(x) - z * 0.5 - z * z * polynomial(DIGAMMA_SERIES, 9, z * z);
  }
  if (x <= 0) {
    if (x == floor(x)) return NaN;
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - floor(x)));
  }
  if (isNaN(x)) return x;
  if (x < 1) return digamma1p(x) - 1 / x;
  let sum: f64 = 0;
  while (x > 2) {
    x -= 1;
    sum += 1 / x; // ψ(x + 1) = ψ(x) + 1/x
  }
  return digamma1p(x - 1) + sum;
}

/** B(a, ½) = Γ(a)·√π / Γ(a + ½); Tricomi & Erdélyi 1951 for a ≥ 60, lifted there by the recurrence. */
function betaHalf(a: f64): f64 {
  let lift: f64 = 1;
  while (a < 60) {
    lift *= (a + 0.5) / a;
    a += 1;
  }
  const z = 1 / a;
  const ratio = 1 + z * (-0.125 + z * (0.0078125 + z * (0.0048828125 + z * (-0.000640869140625 + z * (-0.00152206420898
    + z * 0.0002071857452392578)))));
  return lift * sqrt(Math.PI * z) / ratio;
}

/** Continued fraction of the incomplete beta function (DLMF 8.17.22), by the modified Lentz method. */
function betaFraction(a: f64, b: f64, x: f64): f64 {
  const tiny: f64 = 1e-300;
  let c: f64 = 1;
  let d: f64 = 1 - (a + b) * x / (a + 1);
  d = 1 / (abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m: f64 = 1; m < 100000; m += 1) {
    let step: f64 = 1;
    for (let odd = 0; odd < 2; odd++) {
      const term = odd == 0
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 + term * d;
      d = 1 / (abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (abs(c) < tiny) c = tiny;
      step = c * d;
      fraction *= step;
    }
    if (abs(step - 1) < 1e-16) break;
  }
  return fraction;
}

/** The normal deviate with the tail of t, t² = ratio·df (Hill 1970, algorithm 395). */
function normalScale(df: f64, ratio: f64): f64 {
  const n = df - 0.5;
  const b = 48 * n * n;
  const y = n * Math.log1p(ratio); // z²
  return (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * sqrt(y);
}

/** Two-sided p-value of Student's t: I_x(df/2, ½) with x = df / (df + t²). */
export function studentT(t: f64, df: f64): f64 {
  if (isNaN(t) || !(df > 0)) return NaN;
  if (df == Infinity) return 2 * ndtr(-abs(t));
  const a = df * 0.5;
  const ratio = t * t / df;
  if (ratio == Infinity) return 0;
  if (df > 1e4) return 2 * ndtr(-normalScale(df, ratio)); // where 1 − x would cancel
  const x = 1 / (1 + ratio);
  const y = ratio / (1 + ratio);
  const front = Math.exp(-a * Math.log1p(ratio)) * sqrt(y) / betaHalf(a); // xᵃ·y^½ / B(a, ½)
  if (x < (a + 1) / (a + 2.5)) return front * betaFraction(a, 0.5, x) / a;
  return 1 - front * betaFraction(0.5, a, y) * 2;
}
