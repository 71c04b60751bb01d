/** The critic, the residual generator and the autoencoder against golden nn.json (PyTorch), and against float64 finite differences. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../ts/backend/backend.js';
import type { Head } from '../../ts/backend/ops-generative.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { type AutoencoderShape, autoencoder, autoencoderParameters, decoderOf, decoderWeights } from '../../ts/nn/autoencoder.js';
import { critic, criticParameters } from '../../ts/nn/critic.js';
import { type Parameter, sizeOf } from '../../ts/nn/parameters.js';
import { type ResidualShape, residual, residualParameters, runningMoments, startingMoments } from '../../ts/nn/residual.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import * as ref from '../ref/generative.js';
import { numericGradient } from '../ref/network.js';
import { integers, numbers } from '../ref/numbers.js';

const test = suite('nn/generative');
const backend = await wasmBackend();
const { network, generative } = backend;

const mat = (rows: number, cols: number, data?: ArrayLike<number>): Matrix => backend.matrix(rows, cols, data && Float32Array.from(data));
const read = async (m: Matrix): Promise<number[]> => [...(await backend.read(m))];
const GOLDEN = { rel: 1e-4, abs: 2e-6 };

async function scoped(body: () => Promise<void>): Promise<void> {
  const mark = backend.mark();
  await body();
  backend.release(mark);
}

type Tree = Readonly<Record<string, number[][] | number[]>>;

/** Golden values in the order of a block, by the golden name of each parameter. */
const flat = (parameters: readonly Parameter[], tree: Tree, nameOf: (name: string) => string): number[] =>
  parameters.flatMap(({ name }) => (tree[nameOf(name)] as number[]).flat() as number[]);

test('golden: a critic of packs, its input gradients, loss and penalty', async () => {
  for (const c of golden('nn', 'wgan_gp_pac')) {
    await scoped(async () => {
      const packs = c.real.length / c.pac;
      const inputs = c.pac * c.real[0].length;
      const shape = { inputs, layers: [c.params['l1.w'].length, c.params['l2.w'].length], dropout: 0 };
      const nameOf = (name: string) => name.replace('out.', 'o.');
      const parameters = criticParameters(shape);
      const [weights, gradients] = [mat(1, sizeOf(parameters), flat(parameters, c.params, nameOf)), mat(1, sizeOf(parameters))];
      const x = mat(3 * packs, inputs, [...c.fake.flat(), ...c.real.flat(), ...new Array(packs * inputs).fill(0)]);
      const part = (i: number) => backend.view(x, i * packs * inputs, packs, inputs);
      generative.mixRows(mat(packs, 1, c.alpha_per_pack), part(1), part(0), part(2));
      const losses = mat(1, 2);
      const net = critic(backend, shape, weights, gradients, packs);

      net.learn(x, c.lambda, Stream.fromSeed(1), losses, 0);
      const [distance, penalty] = (await read(losses)) as [number, number];
      close(-distance, c.loss_w, { rel: 2e-6, abs: 1e-6 }, 'distance');
      close(penalty, c.gp, { rel: 1e-5 }, 'penalty');
      const both = await read(gradients);
      const [first, second] = [flat(parameters, c.grads_loss_w, nameOf), flat(parameters, c.grads_gp, nameOf)];
      allClose(
        both,
        first.map((g, i) => g + second[i]!),
        { rel: 1e-4, abs: 1e-5 },
        'gradients of both',
      );
      net.learn(x, 0, Stream.fromSeed(1), losses, 0);
      allClose(await read(gradients), first, GOLDEN, 'gradients of the distance');

      const want = ref.criticLoss(ref.lookup(parameters, await read(weights)), 2, packs, await read(x), noMasks(shape.layers, packs), 10);
      allClose(want.scores.slice(packs, 2 * packs), c.real_scores, { rel: 1e-5, abs: 1e-5 }, 'real scores');
      allClose(want.gradients.flat(), c.input_grad.flat(), { rel: 1e-5, abs: 1e-5 }, 'the oracle has the golden input gradients');
    });
  }
});

const noMasks = (layers: readonly number[], packs: number) => layers.map((width) => new Array<number>(3 * packs * width).fill(1));

/** The masks that a critic draws for R packs: a 0/1 mask of each layer, scaled. */
async function masksOf(layers: readonly number[], rows: number, dropout: number, stream: Stream): Promise<number[][]> {
  const masks: number[][] = [];
  for (const width of layers) {
    const u = mat(rows, width);
    backend.random.uniform(u, stream);
    masks.push((await read(u)).map((v) => (v < dropout ? 0 : 1 / (1 - dropout))));
  }
  return masks;
}

test('the exact gradient of the penalty, with dropout, at all depths', async () => {
  for (const [layers, inputs, packs] of [
    [[], 5, 3],
    [[4], 3, 1],
    [[5, 3], 4, 4],
    [[17, 5, 16], 9, 5],
  ] as const) {
    await scoped(async () => {
      const shape = { inputs, layers, dropout: 0.3 };
      const parameters = criticParameters(shape);
      const size = sizeOf(parameters);
      const start = numbers('critic', size);
      const [weights, gradients] = [mat(1, size, start), mat(1, size)];
      const x = numbers('x', 3 * packs * inputs);
      const losses = mat(1, 2);
      const net = critic(backend, shape, weights, gradients, packs);
      net.learn(mat(3 * packs, inputs, x), 10, Stream.fromSeed(4), losses, 0);
      const masks = await masksOf(layers, 3 * packs, 0.3, Stream.fromSeed(4));
      const oracle = (at: ArrayLike<number>) => ref.criticLoss(ref.lookup(parameters, at), layers.length, packs, x, masks, 10);
      const want = oracle(start);
      const [distance, penalty] = (await read(losses)) as [number, number];
      close(distance, want.distance, { rel: 1e-4, abs: 1e-4 }, 'distance');
      close(penalty, want.penalty, { rel: 1e-4, abs: 1e-4 }, 'penalty');
      const total = (at: ArrayLike<number>) => oracle(at).penalty - oracle(at).distance;
      const expected = numericGradient(total, start);
      const size4 = Math.max(...expected.map(Math.abs));
      allClose(await read(gradients), expected, { rel: 1e-3, abs: 1e-5 * size4 }, `gradients of ${layers}`);

      const before = await read(weights);
      const own = x.slice(0, packs * inputs);
      const dx = mat(packs, inputs);
      net.teach(mat(packs, inputs, own), Stream.fromSeed(6), dx);
      const fewer = await masksOf(layers, packs, 0.3, Stream.fromSeed(6));
      const padded = fewer.map((mask) => [...mask, ...mask, ...mask]);
      const praise = (at: ArrayLike<number>) => {
        const values = Array.from(at);
        const { scores } = ref.criticLoss(
          ref.lookup(parameters, start),
          layers.length,
          packs,
          [...values, ...values, ...values],
          padded,
          0,
        );
        return -scores.slice(0, packs).reduce((s, v) => s + v, 0) / packs;
      };
      allClose(await read(dx), numericGradient(praise, own), { rel: 1e-3, abs: 1e-3 }, 'what a generator learns from');
      assert.equal(await read(weights), before);
    });
  }
});

test('golden: a generator block with batch normalisation, Gumbel-softmax and its condition', async () => {
  for (const c of golden('nn', 'ctgan_generator_block')) {
    await scoped(async () => {
      const [B, inputs, outputs] = [c.z.length, c.z[0].length, c.logits[0].length];
      const O = c.params['fc.w'].length;
      const shape: ResidualShape = { inputs, layers: [O], outputs };
      const names: Readonly<Record<string, string>> = { 'l1.w': 'fc.w', 'l1.b': 'fc.b', 'l1.gamma': 'bn.g', 'l1.beta': 'bn.b' };
      const nameOf = (name: string) => names[name] ?? name.replace('out.', 'o.');
      const parameters = residualParameters(shape);
      const [weights, gradients] = [mat(1, sizeOf(parameters), flat(parameters, c.params, nameOf)), mat(1, sizeOf(parameters))];
      const moments = mat(1, sizeOf(runningMoments(shape)), startingMoments(shape));
      const net = residual(backend, shape, weights, gradients, moments, B);
      const logits = mat(B, outputs);
      net.forward(mat(B, inputs, c.z.flat()), logits);
      allClose(await read(logits), c.logits.flat(), { rel: 1e-5, abs: 1e-5 }, 'logits');
      const [mean, variance] = [(await read(moments)).slice(0, O), (await read(moments)).slice(O)];
      allClose(mean, c.running_mean_after, { rel: 1e-5, abs: 1e-6 }, 'running mean');
      allClose(variance, c.running_var_after_UNBIASED, { rel: 1e-5, abs: 1e-6 }, 'running variance');
      const { moments: made } = ref.residualOutput(ref.lookup(parameters, await read(weights)), 1, B, c.z.flat());
      allClose(made[0]!.out, c.bn_out.flat(), { rel: 1e-5, abs: 1e-5 }, 'the oracle normalises as the golden block does');

      // loss = cross-entropy of the condition on the raw logits + mean(tanh²) + mean(Σ_k k·softmax_k)
      const K = outputs - 1;
      const heads = generative.heads([
        { kind: 'tanh', start: 0, width: 1 },
        { kind: 'softmax', start: 1, width: K },
      ]);
      const noise = mat(B, outputs);
      const gumbel = c.uniform_for_gumbel.map((row: number[]) => [0, ...row.map((u) => -Math.log(-Math.log(u)))]);
      backend.write(noise, Float32Array.from(gumbel.flat()));
      const y = mat(B, outputs);
      generative.headsForward(heads, logits, noise, 0.2, y);
      const rows = await read(y);
      const softmax = rows.filter((_, i) => i % outputs > 0);
      allClose(softmax, c.softmax.flat(), { rel: 1e-4, abs: 1e-6 }, 'softmax');
      const dy = mat(
        B,
        outputs,
        rows.map((v, i) => (i % outputs === 0 ? 2 * v : (i % outputs) - 1) / B),
      );
      generative.headsBackward(heads, y, dy, 0.2, dy);
      const loss = mat(1, 1);
      const spans = c.cond.flatMap((k: number) => [1, K, k]);
      generative.conditionLoss(logits, backend.words(3 * B, Uint32Array.from(spans)), dy, loss, 0);
      const entropy = (await read(loss))[0]!;
      close(entropy, c.cross_entropy_mean, { rel: 1e-5 }, 'cross-entropy');
      const rest = rows.reduce((s, v, i) => s + (i % outputs === 0 ? v * v : (i % outputs) - 1 ? v * ((i % outputs) - 1) : 0), 0) / B;
      close(entropy + rest, c.loss, { rel: 1e-5 }, 'loss');
      net.backward(dy);
      allClose(await read(gradients), flat(parameters, c.grads, nameOf), { rel: 1e-3, abs: 1e-5 }, 'gradients');
    });
  }
});

test('golden: batch normalisation by running moments', async () => {
  for (const c of golden('nn', 'batchnorm_eval')) {
    await scoped(async () => {
      const [B, O] = [c.x.length, c.x[0].length];
      const row = (values: number[]) => mat(1, O, values);
      const y = mat(B, O);
      const layer = { gamma: row(c.gamma), beta: row(c.beta), runningMean: row(c.running_mean), runningVariance: row(c.running_var) };
      network.batchNormEval(mat(B, O, c.x.flat()), layer, y);
      allClose(await read(y), c.out.flat(), { rel: 2e-6, abs: 2e-6 }, 'eval');
    });
  }
});

test('gradients of the residual network, at all depths', async () => {
  for (const layers of [[], [4], [5, 3, 1]]) {
    await scoped(async () => {
      const [B, shape] = [7, { inputs: 3, layers, outputs: 5 }];
      const parameters = residualParameters(shape);
      const start = numbers('residual', sizeOf(parameters));
      const [x, dy] = [numbers('x', B * 3), numbers('dy', B * 5)];
      const [weights, gradients] = [mat(1, start.length, start), mat(1, start.length)];
      const moments = mat(1, sizeOf(runningMoments(shape)), startingMoments(shape));
      const net = residual(backend, shape, weights, gradients, moments, B);
      const out = mat(B, 5);
      net.forward(mat(B, 3, x), out);
      const output = (at: ArrayLike<number>) => ref.residualOutput(ref.lookup(parameters, at), layers.length, B, x).output;
      allClose(await read(out), output(start), { rel: 1e-4, abs: 1e-4 }, 'output');
      net.backward(mat(B, 5, dy));
      const loss = (at: ArrayLike<number>) => output(at).reduce((s, v, i) => s + v * dy[i]!, 0);
      allClose(await read(gradients), numericGradient(loss, start), { rel: 1e-3, abs: 1e-3 }, `gradients of ${layers}`);
    });
  }
});

test('golden: the autoencoder, its two losses and all gradients', async () => {
  for (const c of golden('nn', 'tvae_loss')) {
    await scoped(async () => {
      const [B, width, latent] = [c.x.length, c.x[0].length, c.eps[0].length];
      const shape: AutoencoderShape = { width, encoder: [], latent, condition: 0, decoder: [] };
      const parameters = autoencoderParameters(shape);
      const names: Readonly<Record<string, string>> = { mu: 'enc_mu', lambda: 'enc_lv', out: 'dec' };
      const nameOf = (name: string) => name.replace(/^\w+(?=\.)/, (layer) => names[layer] ?? layer);
      const [weights, gradients] = [mat(1, sizeOf(parameters), flat(parameters, c.params, nameOf)), mat(1, sizeOf(parameters))];
      const list: Head[] = [
        { kind: 'tanh', start: 0, width: 1 },
        { kind: 'tanh', start: 1, width: 1 },
        { kind: 'softmax', start: 2, width: width - 2 },
      ];
      const losses = mat(1, 2);
      const net = autoencoder(backend, shape, weights, gradients, B);
      net.learn(generative.heads(list), mat(B, width, c.x.flat()), null, mat(B, latent, c.eps.flat()), c.loss_factor, losses, 0);
      const [reconstruction, divergence] = (await read(losses)) as [number, number];
      close(reconstruction, c.loss_recon, { rel: 1e-5 }, 'reconstruction');
      close(divergence, c.loss_kld, { rel: 1e-5 }, 'divergence');
      allClose(await read(gradients), flat(parameters, c.grads, nameOf), { rel: 1e-4, abs: 1e-5 }, 'gradients');
      const want = ref.autoencoderLoss(
        ref.lookup(parameters, await read(weights)),
        shape,
        list,
        c.x.flat(),
        [],
        c.eps.flat(),
        c.loss_factor,
      );
      allClose(want.mu, c.mu.flat(), { rel: 1e-6, abs: 1e-6 }, 'mu');
      allClose(want.lambda, c.logvar.flat(), { rel: 1e-6, abs: 1e-6 }, 'log variance');
      allClose(want.output, c.rec_raw.flat(), { rel: 1e-5, abs: 1e-5 }, 'output');
    });
  }
});

test('gradients of the autoencoder with a condition, at all depths; its decoder', async () => {
  for (const [encoder, decoder] of [
    [[4], []],
    [
      [5, 3],
      [4, 3],
    ],
    [[], [6]],
  ] as const) {
    await scoped(async () => {
      const [B, C] = [5, 2];
      const list: Head[] = [
        { kind: 'softmax', start: 0, width: 3 },
        { kind: 'tanh', start: 3, width: 1 },
      ];
      const shape: AutoencoderShape = { width: 4, encoder, latent: 2, condition: C, decoder };
      const parameters = autoencoderParameters(shape);
      const start = numbers('autoencoder', sizeOf(parameters)).map((v) => v / 2);
      const sigma = parameters.find(({ name }) => name === 'sigma') as Parameter;
      start.fill(0.4, sigma.offset, sigma.offset + sigma.cols);
      const x = Array.from(integers('level', B, 3)).flatMap((k, i) => [...[0, 1, 2].map((j) => Number(j === k)), i / 5 - 0.4]);
      const c = Array.from({ length: B }, (_, i) => [i % 2, 1 - (i % 2)]).flat();
      const epsilon = numbers('epsilon', B * 2);
      const [weights, gradients, losses] = [mat(1, start.length, start), mat(1, start.length), mat(1, 2)];
      const net = autoencoder(backend, shape, weights, gradients, B);
      net.learn(generative.heads(list), mat(B, 4, x), mat(B, C, c), mat(B, 2, epsilon), 2, losses, 0);
      const oracle = (at: ArrayLike<number>) => ref.autoencoderLoss(ref.lookup(parameters, at), shape, list, x, c, epsilon, 2);
      const want = oracle(start);
      const got = (await read(losses)) as [number, number];
      close(got[0], want.reconstruction, { rel: 1e-4, abs: 1e-4 }, 'reconstruction');
      close(got[1], want.divergence, { rel: 1e-4, abs: 1e-4 }, 'divergence');
      const total = (at: ArrayLike<number>) => oracle(at).reconstruction + oracle(at).divergence;
      allClose(await read(gradients), numericGradient(total, start), { rel: 2e-3, abs: 2e-3 }, `gradients of ${encoder} | ${decoder}`);

      const z = Array.from(want.mu, (m, i) => m + epsilon[i]! * Math.exp(want.lambda[i]! / 2));
      const seed = Array.from({ length: B }, (_, i) => [...z.slice(2 * i, 2 * i + 2), ...c.slice(2 * i, 2 * i + 2)]).flat();
      const output = mat(B, 4);
      const own = decoderWeights(await backend.read(weights), shape);
      decoderOf(backend, shape, mat(1, own.length, own), B).decode(mat(B, 4, seed), output);
      allClose(await read(output), want.output, { rel: 1e-4, abs: 1e-4 }, 'decoder');
    });
  }
});

test('a deviation stays within its bounds', async () => {
  await scoped(async () => {
    const shape: AutoencoderShape = { width: 2, encoder: [], latent: 1, condition: 0, decoder: [] };
    const parameters = autoencoderParameters(shape);
    const weights = mat(1, sizeOf(parameters));
    const { offset } = parameters.at(-1) as Parameter;
    const sigma = backend.view(weights, offset, 1, 2);
    backend.write(sigma, Float32Array.of(-3, 9));
    const heads = generative.heads([0, 1].map((start): Head => ({ kind: 'tanh', start, width: 1 })));
    const net = autoencoder(backend, shape, weights, mat(1, weights.cols), 1);
    net.learn(heads, mat(1, 2), null, mat(1, 1), 2, mat(1, 2), 0);
    allClose(await read(sigma), [0.01, 1], { rel: 1e-6 }, 'sigma');
  });
});

test.run();
