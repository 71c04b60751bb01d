/** Noise schedules in float64, and the embedding of time. Dimensions: T steps, U times, D width of an embedding. */

/** f(u) = cos²((u + 0.008) / 1.008 · π/2); Nichol & Dhariwal 2021, eq. 17. */
function cosineShape(u: f64): f64 {
  const c = Math.cos(((u + 0.008) / 1.008) * Math.PI / 2);
  return c * c;
}

/** β_t = min(1 − f((t + 1)/T) / f(t/T), 0.999); beta (T) f64. */
export function scheduleCosine(steps: u32, beta: usize): void {
  for (let t: u32 = 0; t < steps; t++) {
    const ratio = cosineShape(<f64>(t + 1) / <f64>steps) / cosineShape(<f64>t / <f64>steps);
    store<f64>(beta + ((<usize>t) << 3), min(1.0 - ratio, 0.999));
  }
}

/** β from `first` to `last` in equal steps; beta (T) f64. */
export function scheduleLinear(steps: u32, first: f64, last: f64, beta: usize): void {
  const step = steps > 1 ? (last - first) / <f64>(steps - 1) : 0.0;
  for (let t: u32 = 0; t < steps; t++) store<f64>(beta + ((<usize>t) << 3), first + <f64>t * step);
}

/** ᾱ_t = Π_{0..t} (1 − β); beta, alphaBar (T) f64. */
export function scheduleCumulate(steps: u32, beta: usize, alphaBar: usize): void {
  let product = 1.0;
  for (let t: u32 = 0; t < steps; t++) {
    product *= 1.0 - load<f64>(beta + ((<usize>t) << 3));
    store<f64>(alphaBar + ((<usize>t) << 3), product);
  }
}

/** out[i] = (cos(t_i·ω), sin(t_i·ω), 0 where D is odd), ω_j = 10000^(−j/h), h = ⌊D/2⌋; times (U) u32, out (U, D). */
export function timeEmbedding(times: usize, count: u32, dim: u32, out: usize): void {
  const half = dim >> 1;
  for (let j: u32 = 0; j < half; j++) {
    const omega = Math.exp((-Math.log(10000.0) * <f64>j) / <f64>half);
    for (let i: u32 = 0; i < count; i++) {
      const angle = <f64>load<u32>(times + ((<usize>i) << 2)) * omega;
      const at = out + ((<usize>(i * dim + j)) << 2);
      store<f32>(at, <f32>Math.cos(angle));
      store<f32>(at + ((<usize>half) << 2), <f32>Math.sin(angle));
    }
  }
  if (dim & 1) for (let i: u32 = 1; i <= count; i++) store<f32>(out + ((<usize>(i * dim - 1)) << 2), 0);
}
