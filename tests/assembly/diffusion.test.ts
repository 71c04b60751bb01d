/** Schedules, Gaussian and multinomial diffusion of the core against golden vectors, float64 oracles and finite differences. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DiffusionProcess, DiffusionSettings, Prediction, Schedule } from '../../ts/backend/ops-diffusion.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { type GoldenCase, golden } from '../golden.js';
import { categoryLoss, divergence, oneHot, posterior, softmax } from '../ref/diffusion.js';

const EPS = 2 ** -24; // half a unit in the last place of float32, relative
const SIZES = [1, 3, 4, 5, 15, 16, 17];
const SCHEDULES: Readonly<Record<string, Schedule>> = { cosine: 'cosine', linear_scaled: 'linear', linear_unscaled: 'linear-unscaled' };

const diffusion = suite('diffusion');
const backend = await wasmBackend();
const ops = backend.diffusion;

function process(c: GoldenCase, more: Partial<DiffusionSettings> = {}): DiffusionProcess {
  return ops.process({
    layout: { numeric: 0, levels: [] },
    steps: c.T,
    schedule: SCHEDULES[c.schedule]!,
    prediction: 'epsilon',
    oneHotFloor: 1e-2,
    clip: 0,
    ...more,
  });
}

const row = (values: ArrayLike<number>) => backend.matrix(1, values.length, Float32Array.from(values));

diffusion('every golden kind is claimed or listed', () => {
  const known = [
    'schedule',
    'gaussian_step',
    'ddim',
    'dpm_solver_pp_2m',
    'multinomial',
    'multinomial_prior_kl',
    'timestep_embedding_cos_then_sin',
  ];
  for (const { kind } of golden('diffusion')) assert.ok(known.includes(kind), `unknown kind ${kind}`);
});

diffusion('golden schedules', () => {
  for (const c of golden('diffusion', 'schedule')) {
    if (c.expect) {
      assert.throws(
        () => ops.schedule(SCHEDULES[c.schedule]!, c.T),
        (e: Error) => e instanceof InputError && /more than 20/.test(e.message),
      );
      continue;
    }
    const p = process(c, { prediction: 'epsilon' });
    const { beta, alphaBar } = p.schedule;
    c.index.forEach((t: number, i: number) => {
      const what = `${c.schedule} T=${c.T} t=${t}`;
      // 1 − β and 1 − ᾱ carry an absolute rounding of float64, the more visible the smaller they are
      const rel = t === c.T - 1 ? 1e-8 : 1e-11;
      const tolerance = { rel: rel + 2 ** -51 / c.betas[i] };
      close(beta[t]!, c.betas[i], tolerance, `${what} beta`);
      close(alphaBar[t]!, c.alphas_cumprod[i], { rel }, `${what} abar`);
      const step = ops.coefficients(p, 'ddpm', t, t - 1, 0);
      close(step.toX0, c.sqrt_recip_alphas_cumprod[i], { rel }, `${what} sqrt recip`);
      close(-step.toX0Output, c.sqrt_recipm1_alphas_cumprod[i], tolerance, `${what} sqrt recipm1`);
      close(step.fromX0, c.posterior_mean_coef1[i], tolerance, `${what} coef1`);
      close(step.fromX, c.posterior_mean_coef2[i], { ...tolerance, abs: 2 ** -52 }, `${what} coef2`);
      close(step.sigma ** 2, c.posterior_variance[i], { ...tolerance, abs: 2 ** -52 }, `${what} variance`);
      const v = ops.coefficients(process(c, { prediction: 'v' }), 'ddpm', t, t - 1, 0);
      close(v.toX0, c.sqrt_alphas_cumprod[i], { rel }, `${what} sqrt abar`);
      close(-v.toX0Output, c.sqrt_one_minus_alphas_cumprod[i], tolerance, `${what} sqrt 1 − abar`);
      // the variance of t = 0 is 0: its logarithm stands for that of t = 1
      const logged = t > 0 ? step.sigma : c.T > 1 ? ops.coefficients(p, 'ddpm', 1, 0, 0).sigma : Math.sqrt(beta[0]!);
      close(2 * Math.log(logged), c.posterior_log_variance_clipped[i], { rel: 1e-11, abs: tolerance.rel }, `${what} log variance`);
    });
  }
});

diffusion('golden Gaussian steps', async () => {
  for (const c of golden('diffusion', 'gaussian_step')) {
    const what = `${c.schedule} T=${c.T} t=${c.t}`;
    const d = c.x0.length;
    const layout = { numeric: d, levels: [] };
    const p = process(c, { layout });
    const [index, times] = [backend.words(1), backend.words(1, Uint32Array.of(c.t))];
    const [target, input] = [row(c.eps), backend.matrix(1, d)];
    ops.gaussianNoise(p, row(c.x0), index, times, target, input);
    allClose(await backend.read(input), c.x_t, { abs: 4 * EPS * 3 }, `${what} x_t`);

    // x̂0 = x_t/√ᾱ − …·ε̂: rounded inputs of up to 3, enlarged by 1/√ᾱ
    const reach = { abs: 8 * EPS * 3 * (1 + ops.coefficients(p, 'ddpm', c.t, c.t - 1, 0).toX0) };
    const [eps, xT] = [row(c.eps_hat), row(c.x_t)];
    const x0Hat = row(c.x_t);
    ops.gaussianStep(p, 'ddim', eps, c.t, -1, 0, x0Hat, row(c.x0));
    allClose(await backend.read(x0Hat), c.x0_hat, reach, `${what} x0_hat`);

    ops.gaussianStep(p, 'ddpm', eps, c.t, c.t - 1, 0, xT, backend.matrix(1, d)); // z = 0 leaves the mean
    const model = await backend.read(xT);
    allClose(model, c.model_posterior_mean, reach, `${what} model mean`);

    const exact = row(c.x_t);
    ops.gaussianStep(process(c, { layout, prediction: 'x0' }), 'ddpm', row(c.x0), c.t, c.t - 1, 0, exact, backend.matrix(1, d));
    const truth = await backend.read(exact);
    allClose(truth, c.true_posterior_mean, { abs: 4 * EPS * 3 }, `${what} true mean`);

    const variance = Math.exp(c.log_variance);
    c.kl_per_dim_nats.forEach((kl: number, j: number) => {
      const error = 2 * (reach.abs + 12 * EPS); // of the difference of the two means
      const gap = Math.abs(c.true_posterior_mean[j] - c.model_posterior_mean[j]);
      close(
        (truth[j]! - model[j]!) ** 2 / (2 * variance),
        kl,
        { abs: (error * (2 * gap + error)) / (2 * variance), rel: 1e-9 },
        `${what} kl`,
      );
    });
    const loss = backend.matrix(1, 2);
    const none = backend.words(0);
    ops.loss(p, eps, target, none, index, none, times, backend.matrix(1, d), loss, 0);
    close((await backend.read(loss))[0]!, c.mse_eps_mean, { rel: 16 * EPS, abs: 4 * EPS }, `${what} mse`);
  }
});

diffusion('golden DDIM trajectories of the toy network', async () => {
  for (const c of golden('diffusion', 'ddim')) {
    const d = c.b.length;
    const p = process(c, { layout: { numeric: d, levels: [] } });
    const x = row(c.trajectory[0]);
    let tolerance = 0;
    for (const [i, { t, t_prev: s, sigma }] of c.steps.entries()) {
      const now = await backend.read(x);
      // ε(x, t) = x·A + b·cos(t / T)
      const eps = c.b.map((b: number, j: number) => now.reduce((sum, v, k) => sum + v * c.A[k][j], b * Math.cos(t / c.T)));
      const k = ops.coefficients(p, 'ddim', t, s, c.eta);
      close(k.sigma, sigma, { rel: 1e-11, abs: 1e-15 }, `sigma at ${t}`);
      ops.gaussianStep(p, 'ddim', row(eps), t, s, c.eta, x, row(c.noise[i]));
      // an error in x goes through x̂0 and through ε (|A| ≤ 1 here); each step rounds terms of the size of fromX0·x̂0
      const size = Math.max(...c.trajectory[i].map(Math.abs), 1);
      const gain = Math.abs(k.fromX0 * k.toX0 + k.fromX) + Math.abs(k.fromX0 * k.toX0Output);
      tolerance = tolerance * gain + 8 * EPS * size * (Math.abs(k.fromX0) * (k.toX0 - k.toX0Output) + Math.abs(k.fromX) + 1);
      allClose(await backend.read(x), c.trajectory[i + 1], { abs: tolerance }, `${c.schedule} T=${c.T} eta=${c.eta} step ${i}`);
    }
  }
});

diffusion('golden DPM-Solver++ trajectories of the toy network', async () => {
  for (const c of golden('diffusion', 'dpm_solver_pp_2m')) {
    const d = c.b.length;
    const p = process(c, { layout: { numeric: d, levels: [] } });
    const times: number[] = c.steps.map((step: { t: number }) => step.t);
    const x = row(c.x_init);
    const before = { t: times[0]!, x0: backend.matrix(1, d) };
    const lambda = (t: number) => 0.5 * Math.log(p.schedule.alphaBar[t]! / (1 - p.schedule.alphaBar[t]!));
    let tolerance = { x: 0, x0: 0 };
    for (const [i, step] of c.steps.entries()) {
      const { t } = step;
      const s = times[i + 1] ?? -1;
      before.t = times[i - 1] ?? t;
      const now = await backend.read(x);
      const eps = c.b.map((b: number, j: number) => now.reduce((sum, v, k) => sum + v * c.A[k][j], b * Math.cos(t / c.T)));
      const k = ops.coefficients(p, 'dpm++', t, s, 0, before.t);
      close(k.fromX, step.coef_x, { rel: 1e-9, abs: 1e-12 }, `coef_x at ${t}`);
      close(k.fromX0, step.coef_D, { rel: 1e-9, abs: 1e-12 }, `coef_D at ${t}`);
      close(lambda(t), step.lambda, { rel: 1e-9 }, `lambda at ${t}`);
      const second = step.order === 2;
      assert.is(k.fromBefore !== 0, second, `order at ${t}`);
      if (second) close(k.fromBefore, step.coef_D / (2 * step.r), { rel: 1e-8 }, `midpoint at ${t}`); // 1/2r of the difference
      ops.gaussianStep(p, 'dpm++', row(eps), t, s, 0, x, x, before);
      // errors of x and of the last x̂0 go through the linear step; each step rounds terms of the size of what it adds
      const size = Math.max(...c.trajectory[i].map(Math.abs), ...now.map(Math.abs), 1);
      const toX0 = k.toX0 - k.toX0Output; // |∂x̂0/∂x| with |A| ≤ 1
      const x0 = toX0 * tolerance.x + 8 * EPS * size * toX0;
      const next = (Math.abs(k.fromX0) + k.fromBefore) * x0 + k.fromX * tolerance.x + k.fromBefore * tolerance.x0 + 8 * EPS * size;
      tolerance = { x: next, x0 };
      allClose(await backend.read(x), c.trajectory[i], { abs: tolerance.x }, `${c.schedule} T=${c.T} step ${i}`);
    }
  }
});

diffusion('DPM-Solver++ keeps standard normal data as they are, where first order shrinks them', async () => {
  const p = ops.process({
    layout: { numeric: 1, levels: [] },
    steps: 100,
    schedule: 'cosine',
    prediction: 'v',
    oneHotFloor: 0.01,
    clip: 0,
  });
  const shrunk = async (sampler: 'ddim' | 'dpm++') => {
    const x = row([1]);
    const x0 = backend.matrix(1, 1);
    // v = 0 is the exact answer for standard normal data
    for (let t = 99; t >= 0; t--) ops.gaussianStep(p, sampler, row([0]), t, t - 1, 0, x, x, { t: t === 99 ? t : t + 1, x0 });
    return 1 - (await backend.read(x))[0]!;
  };
  const [first, second] = [await shrunk('ddim'), await shrunk('dpm++')];
  assert.ok(first > 0.01, `ddim ${first}`);
  assert.ok(Math.abs(second) < first / 5, `dpm++ ${second} against ${first}`);
});

diffusion('golden multinomial steps', async () => {
  for (const c of golden('diffusion', 'multinomial')) await multinomialCase(c);
});

async function multinomialCase(c: GoldenCase): Promise<void> {
  const what = `${c.schedule} T=${c.T} t=${c.t} K=${c.K}`;
  const p = process(c, { layout: { numeric: 0, levels: [c.K] } });
  const code = (value: number) => backend.words(1, Uint32Array.of(value));
  const out = backend.matrix(1, c.K);
  const logs = async () => Array.from(await backend.read(out), Math.log);
  const tolerance = { abs: 16 * EPS, rel: 16 * EPS }; // of a logarithm: a relative error of its argument

  ops.forward(p, c.t, code(c.x0), out);
  allClose(await backend.read(out), c.q_xt_given_x0, { rel: 4 * EPS }, `${what} forward`);
  ops.posterior(p, c.t, c.t - 1, code(c.x0), code(c.x_t), out);
  allClose(await logs(), c.log_q_posterior_true, tolerance, `${what} true posterior`);
  const logits = row(c.p_x0_hat.map(Math.log));
  ops.posterior(p, c.t, c.t - 1, logits, code(c.x_t), out);
  allClose(await logs(), c.log_p_posterior_model, tolerance, `${what} model posterior`);

  // loss = (T·L + prior) / 1
  const loss = backend.matrix(1, 2);
  ops.loss(p, logits, backend.matrix(1, 0), code(c.x0), code(0), code(c.x_t), code(c.t), backend.matrix(1, c.K), loss, 0);
  const got = ((await backend.read(loss))[1]! - ops.prior(p)) / c.T;
  const largest = Math.max(1, ...c.log_p_posterior_model.filter(Number.isFinite).map(Math.abs));
  close(got, c.t === 0 ? c.decoder_nll_nats_t0 : c.kl_nats, { abs: 32 * EPS * largest }, `${what} loss`);
}

diffusion('golden prior divergence', () => {
  for (const c of golden('diffusion', 'multinomial_prior_kl')) {
    close(ops.prior(process(c, { layout: { numeric: 0, levels: [c.K] } })), c.kl_nats, { rel: 1e-9, abs: 1e-15 }, `T=${c.T} K=${c.K}`);
  }
});

diffusion('golden time embeddings', async () => {
  for (const c of golden('diffusion', 'timestep_embedding_cos_then_sin')) {
    const out = backend.matrix(2, c.dim);
    ops.timeEmbedding(backend.words(2, Uint32Array.of(3, c.t)), out);
    allClose((await backend.read(out)).subarray(c.dim), c.emb, { abs: EPS, rel: EPS }, `t=${c.t} dim=${c.dim}`);
  }
});

const draw = (stream: Stream, n: number, f = (u: number) => 4 * u - 2) => Float32Array.from({ length: n }, () => f(stream.uniform()));
const codesOf = (stream: Stream, rows: number, levels: readonly number[]) =>
  Uint32Array.from({ length: rows * levels.length }, (_, i) => stream.below(levels[i % levels.length]!));

diffusion('noising of the numbers at every width, for each kind of target', async () => {
  for (const prediction of ['v', 'epsilon', 'x0'] as Prediction[]) {
    for (const f of SIZES) {
      const [n, b] = [7, 5];
      const stream = Stream.fromSeed(f);
      const p = process({ schedule: 'cosine', T: 50 }, { layout: { numeric: f, levels: [2] }, prediction });
      const [x0, eps] = [draw(stream, n * f), draw(stream, b * f)];
      const [index, times] = [Uint32Array.of(6, 0, 3, 3, 1), Uint32Array.of(0, 49, 7, 20, 33)];
      const [target, input] = [backend.matrix(b, f, eps), backend.matrix(b, f + 2)];
      ops.gaussianNoise(p, backend.matrix(n, f, x0), backend.words(b, index), backend.words(b, times), target, input);
      const [gotTarget, gotInput] = [await backend.read(target), await backend.read(input)];
      for (let i = 0; i < b; i++) {
        const abar = p.schedule.alphaBar[times[i]!]!;
        const [signal, noise] = [Math.sqrt(abar), Math.sqrt(1 - abar)];
        for (let j = 0; j < f; j++) {
          const [x, e] = [x0[index[i]! * f + j]!, eps[i * f + j]!];
          close(gotInput[i * (f + 2) + j]!, signal * x + noise * e, { abs: 4 * EPS * 3 }, `x_t ${i} ${j}`);
          const want = prediction === 'v' ? signal * e - noise * x : prediction === 'epsilon' ? e : x;
          close(gotTarget[i * f + j]!, want, { abs: 4 * EPS * 3 }, `target ${i} ${j}`);
        }
      }
    }
  }
});

diffusion('the full loss and its gradient follow the float64 oracle and its finite differences', async () => {
  for (const [seed, levels] of [[2], [3, 1, 2], [6, 2, 17, 5]].entries()) {
    for (const b of SIZES) {
      const [f, steps, n] = [3, 20, 9];
      const stream = Stream.fromSeed(seed).child(b);
      const p = process({ schedule: 'cosine', T: steps }, { layout: { numeric: f, levels }, prediction: 'v' });
      const output = draw(stream, b * p.width);
      const target = draw(stream, b * f);
      const codes = codesOf(stream, n, levels);
      const index = Uint32Array.from({ length: b }, () => stream.below(n));
      const noised = codesOf(stream, b, levels);
      const times = Uint32Array.from({ length: b }, (_, i) => (i === 0 ? 0 : stream.below(steps)));
      const [dOutput, loss] = [backend.matrix(b, p.width), backend.matrix(1, 3)];
      ops.loss(
        p,
        backend.matrix(b, p.width, output),
        backend.matrix(b, f, target),
        backend.words(n * levels.length, codes),
        backend.words(b, index),
        backend.words(b * levels.length, noised),
        backend.words(b, times),
        dOutput,
        loss,
        1,
      );
      const [, numeric, categorical] = await backend.read(loss);
      const gradient = await backend.read(dOutput);
      let wantNumeric = 0;
      let wantCategorical = 0;
      for (let i = 0; i < b; i++) {
        for (let j = 0; j < f; j++) {
          const d = output[i * p.width + j]! - target[i * f + j]!;
          wantNumeric += (d * d) / (b * f);
          close(gradient[i * p.width + j]!, (2 * d) / (b * f), { rel: 4 * EPS }, `numeric gradient ${i} ${j}`);
        }
        let at = i * p.width + f;
        levels.forEach((k, c) => {
          const one = { levels: k, t: times[i]!, x0: codes[index[i]! * levels.length + c]!, xt: noised[i * levels.length + c]! };
          const logits = Array.from(output.subarray(at, at + k));
          const of = (l: readonly number[]) => categoryLoss(p.schedule.alphaBar, steps, one, l) / (b * levels.length);
          wantCategorical += of(logits);
          const h = 1e-4;
          logits.forEach((_, j) => {
            const moved = (by: number) => logits.map((l, m) => (m === j ? l + by : l));
            const slope = (of(moved(h)) - of(moved(-h))) / (2 * h);
            const scale = steps / (b * levels.length);
            close(gradient[at + j]!, slope, { abs: scale * (32 * EPS + h * h) }, `gradient row ${i} column ${c} level ${j}`);
          });
          at += k;
        });
      }
      close(numeric!, wantNumeric, { rel: 16 * EPS }, 'numeric loss');
      close(categorical!, wantCategorical, { rel: 64 * EPS, abs: 64 * EPS * steps }, 'categorical loss');
    }
  }
});

diffusion('the gradient stays finite and right where a softmax is saturated', async () => {
  const p = process({ schedule: 'cosine', T: 1000 }, { layout: { numeric: 0, levels: [3] } });
  for (const t of [0, 1, 999]) {
    for (const logits of [
      [200, 0, -200],
      [-200, 0, 200],
      [1e4, -1e4, 0],
    ]) {
      const [dOutput, loss] = [backend.matrix(1, 3), backend.matrix(1, 2)];
      const code = (value: number) => backend.words(1, Uint32Array.of(value));
      ops.loss(p, row(logits), backend.matrix(1, 0), code(0), code(0), code(1), code(t), dOutput, loss, 0);
      const want =
        t === 0
          ? 1000 * (Math.max(...logits) - logits[0]!) + ops.prior(p)
          : categoryLoss(p.schedule.alphaBar, 1000, { levels: 3, t, x0: 0, xt: 1 }, logits);
      close((await backend.read(loss))[1]!, want, { rel: 1e-5, abs: 1000 * 32 * EPS }, `t=${t} loss`);
      const gradient = await backend.read(dOutput);
      assert.ok(gradient.every(Number.isFinite), `t=${t} gradient ${gradient}`);
      if (t === 0)
        allClose(
          gradient,
          softmax(logits).map((q, j) => 1000 * (q - (j === 0 ? 1 : 0))),
          { abs: 1e-3 },
          'gradient',
        );
    }
  }
});

diffusion('draws of noised levels follow q(x_t | x0)', async () => {
  const levels = [1, 2, 5];
  const rows = 20000;
  const p = process({ schedule: 'cosine', T: 10 }, { layout: { numeric: 0, levels } });
  const codes = backend.words(3, Uint32Array.of(0, 1, 3));
  for (const t of [0, 4, 9]) {
    const noised = backend.words(rows * 3);
    const input = backend.matrix(rows, 8);
    const times = backend.words(rows, new Uint32Array(rows).fill(t));
    ops.noise(p, backend.matrix(1, 0), codes, backend.words(rows), times, Stream.fromSeed(t), input, backend.matrix(rows, 0), noised);
    const expected = backend.matrix(1, 8);
    ops.forward(p, t, codes, expected);
    const drawn = await backend.readWords(noised);
    checkShares(drawn, rows, levels, await backend.read(expected), `t=${t}`);
    const logged = await backend.read(input);
    const floor = Math.fround(Math.log(1e-2));
    for (let i = 0; i < 100; i++) {
      const want = levels.flatMap((k, c) => oneHot(k, drawn[i * 3 + c]!).map((v) => (v ? 0 : floor)));
      allClose(logged.subarray(i * 8, i * 8 + 8), want, { rel: EPS }, 'log one-hot');
    }
  }
});

function checkShares(drawn: Uint32Array, rows: number, levels: readonly number[], expected: ArrayLike<number>, what: string): void {
  let at = 0;
  levels.forEach((k, c) => {
    const counts = new Array(k).fill(0);
    for (let i = 0; i < rows; i++) counts[drawn[i * levels.length + c]!]++;
    for (let j = 0; j < k; j++, at++) {
      const q = expected[at]!;
      close(counts[j] / rows, q, { abs: 5 * Math.sqrt((q * (1 - q)) / rows) + EPS }, `${what} column ${c} level ${j}`);
    }
  });
}

diffusion('reverse draws follow the posterior, also over a stride, and the last one p0', async () => {
  const levels = [2, 1, 4];
  const [rows, width] = [20001, 9]; // 2 numbers in front, a last group of one row
  const logits = [0, 0, 0.3, -0.4, 5, 1, -1, 0, 2];
  const p = process({ schedule: 'cosine', T: 12 }, { layout: { numeric: 2, levels }, prediction: 'v' });
  const output = backend.matrix(
    rows,
    width,
    new Float32Array(rows * width).map((_, i) => logits[i % width]!),
  );
  for (const [t, s] of [
    [11, 10],
    [9, 3],
    [0, -1],
    [6, -1],
  ] as const) {
    const start = [1, 0, 2];
    const codes = backend.words(
      rows * 3,
      new Uint32Array(rows * 3).map((_, i) => start[i % 3]!),
    );
    const [x, input] = [backend.matrix(rows, 2), backend.matrix(rows, width)];
    ops.step(p, 'ddim', output, t, s, 1, x, codes, Stream.fromSeed(t), input);
    const want = [logits.slice(2, 4), logits.slice(4, 5), logits.slice(5)].flatMap((l, c) =>
      posterior(p.schedule.alphaBar, t, s, softmax(l), start[c]!),
    );
    checkShares(await backend.readWords(codes), rows, levels, want, `t=${t} s=${s}`);
  }
});

diffusion('ddpm with the variance of the posterior is ddim with eta 1, at steps of any length', () => {
  for (const prediction of ['v', 'epsilon', 'x0'] as Prediction[]) {
    const p = process({ schedule: 'cosine', T: 100 }, { prediction });
    for (const [t, s] of [
      [0, -1],
      [1, 0],
      [50, 49],
      [99, 98],
      [99, 80],
      [60, 10],
      [40, 0],
      [5, -1],
    ] as const) {
      const [a, b] = [ops.coefficients(p, 'ddpm', t, s, 0), ops.coefficients(p, 'ddim', t, s, 1)];
      for (const key of ['toX0', 'toX0Output', 'fromX0', 'fromX', 'sigma'] as const)
        close(a[key], b[key], { rel: 1e-9, abs: 1e-9 }, `${key} from ${t} to ${s}`);
    }
  }
});

diffusion('the variance of ddpm goes from the posterior to that of all steps between, and the last step has none', () => {
  const p = process({ schedule: 'cosine', T: 100 }, { prediction: 'v' });
  const { alphaBar } = p.schedule;
  for (const [t, s] of [
    [1, 0],
    [50, 49],
    [99, 98],
    [99, 60],
    [30, 10],
  ] as const) {
    const sigma = [0, 0.5, 1].map((eta) => ops.coefficients(p, 'ddpm', t, s, eta).sigma);
    close(sigma[2]! ** 2, 1 - alphaBar[t]! / alphaBar[s]!, { rel: 1e-11 }, `beta from ${t} to ${s}`);
    close(sigma[1]! ** 2, sigma[0]! * sigma[2]!, { rel: 1e-12 }, `between at ${t}`);
  }
  for (const eta of [0, 0.5, 1]) assert.is(ops.coefficients(p, 'ddpm', 0, -1, eta).sigma, 0);
});

diffusion('ddpm with beta keeps the variance of standard normal data, however long its steps', () => {
  const p = process({ schedule: 'cosine', T: 1000 }, { layout: { numeric: 1, levels: [] }, prediction: 'v' });
  // v = 0 is the exact answer for them, x̂0 = toX0·x: the variance goes by x_s = (fromX0·toX0 + fromX)·x + sigma·z
  const varianceAfter = (times: readonly number[]) =>
    times.reduce((variance, t, i) => {
      const k = ops.coefficients(p, 'ddpm', t, times[i + 1] ?? -1, 1);
      return (k.fromX0 * k.toX0 + k.fromX) ** 2 * variance + k.sigma ** 2;
    }, 1);
  for (const count of [5, 20, 1000]) {
    const times = Array.from({ length: count }, (_, i) => Math.round(((count - 1 - i) * 999) / (count - 1)));
    close(varianceAfter(times), 1, { abs: 2e-3 }, `${count} steps`); // the last step shrinks to x̂0
  }
});

diffusion('x0 is clipped before the step', async () => {
  for (const f of SIZES) {
    const p = process({ schedule: 'cosine', T: 10 }, { layout: { numeric: f, levels: [] }, prediction: 'x0', clip: 2 });
    const x = backend.matrix(1, f);
    ops.gaussianStep(p, 'ddim', row(new Float32Array(f).map((_, j) => (j % 2 ? 9 : -9))), 5, -1, 0, x, x);
    assert.equal(
      [...(await backend.read(x))],
      Array.from({ length: f }, (_, j) => (j % 2 ? 2 : -2)),
    );
    const bad = row(new Float32Array(f).fill(Number.NaN));
    ops.gaussianStep(p, 'ddim', bad, 5, -1, 0, x, x);
    assert.ok((await backend.read(x)).every(Number.isNaN), 'a NaN is not hidden by the clip');
  }
});

diffusion('start draws normal numbers and even levels', async () => {
  const [rows, levels] = [20000, [1, 3]];
  const p = process({ schedule: 'cosine', T: 10 }, { layout: { numeric: 1, levels } });
  const [x, codes, input] = [backend.matrix(rows, 1), backend.words(rows * 2), backend.matrix(rows, 5)];
  ops.start(p, x, codes, Stream.fromSeed(1), input);
  checkShares(await backend.readWords(codes), rows, levels, [1, 1 / 3, 1 / 3, 1 / 3], 'start');
  const numbers = await backend.read(x);
  const logged = await backend.read(input);
  close(numbers.reduce((sum, v) => sum + v * v, 0) / rows, 1, { abs: 5 * Math.sqrt(2 / rows) }, 'variance');
  for (let i = 0; i < rows; i++) assert.is(logged[i * 5], numbers[i]);
});

diffusion('the oracle itself: a divergence is zero at equality and positive elsewhere', () => {
  close(divergence([0.2, 0.8], [0.2, 0.8]), 0, { abs: 1e-15 });
  assert.ok(divergence([0.2, 0.8], [0.3, 0.7]) > 0);
});

diffusion('bad settings are named', () => {
  for (const [settings, word] of [
    [{ oneHotFloor: 0 }, 'oneHotFloor'],
    [{ clip: Number.NaN }, 'clip'],
    [{ layout: { numeric: 1, levels: [0] } }, 'levels'],
    [{ steps: 0 }, 'timesteps'],
  ] as const) {
    assert.throws(
      () => process({ schedule: 'cosine', T: 10 }, settings),
      (e: Error) => e instanceof InputError && e.message.includes(word),
    );
  }
});

diffusion.run();
