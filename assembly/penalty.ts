/**
 * The gradient penalty of WGAN-GP (Gulrajani et al. 2017, eq. 3). Dimensions: P rows that the critic judges, D numbers of each.
 *
 * The penalty is a function of the critic's gradient g = ∂D/∂x, and so its own gradient goes twice through the critic. In a chain of
 * Linear, LeakyReLU and Dropout, a_l = m_l ⊙ (a_{l−1}·W_lᵀ + b_l) with factors m_l (slope × mask) that are constant almost
 * everywhere. So g is a product, g_l = (g_{l+1} ⊙ m_l)·W_l from g_{L+1} = 1 down to g = g_1, linear in every W_l, and with r = ∂penalty/∂g
 * carried up the same chain without biases, r_1 = r and r_{l+1} = m_l ⊙ (r_l·W_lᵀ), the exact gradient is dW_l = (g_{l+1} ⊙ m_l)ᵀ·r_l; that of every bias is 0.
 */

/** loss = λ · mean over rows of (‖g‖ − 1)²; r (P, D) = its gradient 2λ/P · (1 − 1/‖g‖)·g, 0 where g is 0. r may be g. */
export function gradientPenalty(P: i32, D: i32, g: usize, lambda: f64, r: usize, loss: usize): void {
  const bytes = <usize>D << 2;
  let total: f64 = 0;
  for (let i = 0; i < P; i++, g += bytes, r += bytes) {
    let squares: f64 = 0;
    for (let j: usize = 0; j < bytes; j += 4) squares += <f64>load<f32>(g + j) * <f64>load<f32>(g + j);
    const norm = Math.sqrt(squares);
    total += (norm - 1) * (norm - 1);
    const factor = norm == 0 ? <f32>0 : <f32>((2 * lambda * (1 - 1 / norm)) / <f64>P);
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(r + j, load<f32>(g + j) * factor);
  }
  store<f32>(loss, <f32>((lambda * total) / <f64>P));
}

/** out (P, D) = u·a + (1 − u)·b with one u of each row; u (P). out may be a or b. */
export function mixRows(P: i32, D: i32, u: usize, a: usize, b: usize, out: usize): void {
  const bytes = <usize>D << 2;
  for (let i = 0; i < P; i++, u += 4) {
    const share = load<f32>(u), rest: f32 = 1 - share;
    for (const end = out + bytes; out < end; a += 4, b += 4, out += 4) store<f32>(out, share * load<f32>(a) + rest * load<f32>(b));
  }
}
