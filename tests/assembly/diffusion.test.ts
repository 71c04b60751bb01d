/** Schedules, time embeddings, settings, and the whole loss of a diffusion against golden vectors, oracles and finite differences. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import { categoryLoss } from '../ref/diffusion.js';
import { backend, codesOf, draw, EPS, ops, process, SCHEDULES, SIZES } from './diffusion-cases.js';

const diffusion = suite('diffusion');

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

diffusion('golden time embeddings', async () => {
  for (const c of golden('diffusion', 'timestep_embedding_cos_then_sin')) {
    const out = backend.matrix(2, c.dim);
    ops.timeEmbedding(backend.words(2, Uint32Array.of(3, c.t)), out);
    allClose((await backend.read(out)).subarray(c.dim), c.emb, { abs: EPS, rel: EPS }, `t=${c.t} dim=${c.dim}`);
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
