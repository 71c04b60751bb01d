/** The categories of a diffusion against golden vectors, a float64 oracle and the frequencies of draws. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { type GoldenCase, golden } from '../golden.js';
import { categoryLoss, divergence, oneHot, posterior, softmax } from '../ref/diffusion.js';
import { backend, EPS, ops, process, row } from './diffusion-cases.js';

const multinomial = suite('multinomial');

multinomial('golden multinomial steps', async () => {
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

multinomial('golden prior divergence', () => {
  for (const c of golden('diffusion', 'multinomial_prior_kl')) {
    close(ops.prior(process(c, { layout: { numeric: 0, levels: [c.K] } })), c.kl_nats, { rel: 1e-9, abs: 1e-15 }, `T=${c.T} K=${c.K}`);
  }
});

multinomial('the gradient stays finite and right where a softmax is saturated', async () => {
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

multinomial('draws of noised levels follow q(x_t | x0)', async () => {
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

multinomial('reverse draws follow the posterior, also over a stride, and the last one p0', async () => {
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

multinomial('start draws normal numbers and even levels', async () => {
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

multinomial('the oracle itself: a divergence is zero at equality and positive elsewhere', () => {
  close(divergence([0.2, 0.8], [0.2, 0.8]), 0, { abs: 1e-15 });
  assert.ok(divergence([0.2, 0.8], [0.3, 0.7]) > 0);
});

multinomial.run();
