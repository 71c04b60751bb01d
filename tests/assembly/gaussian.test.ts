/** The numbers of a diffusion: noising and reverse steps against golden vectors and their definitions. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Prediction } from '../../ts/backend/ops-diffusion.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import { backend, draw, EPS, ops, process, row, SIZES } from './diffusion-cases.js';

const gaussian = suite('gaussian');

gaussian('golden Gaussian steps', async () => {
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

gaussian('golden DDIM trajectories of the toy network', async () => {
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

gaussian('golden DPM-Solver++ trajectories of the toy network', async () => {
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

gaussian('DPM-Solver++ keeps standard normal data as they are, where first order shrinks them', async () => {
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

gaussian('noising of the numbers at every width, for each kind of target', async () => {
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

gaussian('ddpm with the variance of the posterior is ddim with eta 1, at steps of any length', () => {
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

gaussian('the variance of ddpm goes from the posterior to that of all steps between, and the last step has none', () => {
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

gaussian('ddpm with beta keeps the variance of standard normal data, however long its steps', () => {
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

gaussian('x0 is clipped before the step', async () => {
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

gaussian.run();
