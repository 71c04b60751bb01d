/** The network operations against golden nn.json (PyTorch) and the float32 functions of specfun.json. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../ts/backend/backend.js';
import type { Activation } from '../../ts/backend/ops-network.js';
import { networkOps } from '../../ts/backend/wasm-network.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import * as ref from '../ref/network.js';
import { ulps32 } from '../ulp.js';
import { unclaimed } from '../unclaimed.js';
import { mat, memory, read, scoped } from './core-matrices.js';

const test = suite('backend/network-golden');
const net = networkOps(memory);

const U = 2 ** -24;

/** Layers of golden mlp_time_mse in forward order of their inputs: h = in(x) + t2(silu(t1(temb))); act(l1), act(l2), out. */
class GoldenMlp {
  readonly layers = new Map<string, { w: Matrix; b: Matrix; dw: Matrix; db: Matrix }>();
  readonly P: number;
  readonly weights: Matrix;
  readonly gradients: Matrix;
  readonly loss = mat(1, 1);

  constructor(
    readonly act: Activation,
    init: Readonly<Record<string, number[][] | number[]>>,
  ) {
    const flat = Object.values(init).flat(2) as number[];
    this.P = flat.length;
    this.weights = mat(1, this.P, flat);
    this.gradients = mat(1, this.P);
    let at = 0;
    for (const name of Object.keys(init).filter((k) => k.endsWith('.w'))) {
      const shape = init[name] as number[][];
      const [O, I] = [shape.length, shape[0]!.length];
      const take = (block: Matrix) => [memory.view(block, at, O, I), memory.view(block, at + O * I, 1, O)] as const;
      const [[w, b], [dw, db]] = [take(this.weights), take(this.gradients)];
      this.layers.set(name.slice(0, -2), { w, b, dw, db });
      at += O * I + O;
    }
  }

  /** Forward and backward; returns the output. */
  run(x: Matrix, y: Matrix, temb: Matrix): Matrix {
    const B = x.rows;
    const layer = (name: string) => this.layers.get(name)!;
    const forward = (name: string, input: Matrix, act: Activation = 'none') => {
      const O = layer(name).w.rows;
      const [z, out] = [mat(B, O), mat(B, O)];
      net.linear(input, layer(name).w, layer(name).b, out, act, z);
      return { input, z, out };
    };
    const backward = (name: string, input: Matrix, dz: Matrix, wantsInput = true) => {
      const { w, dw, db } = layer(name);
      const dx = wantsInput ? mat(B, w.cols) : null;
      net.linearBackward(input, w, dz, dx, dw, db);
      return dx!;
    };
    const input = forward('in', x);
    const t1 = forward('t1', temb, 'silu');
    const t2 = forward('t2', t1.out);
    const h = mat(B, input.out.cols);
    net.add(input.out, t2.out, h);
    const l1 = forward('l1', h, this.act);
    const l2 = forward('l2', l1.out, this.act);
    const out = forward('out', l2.out);
    const d = mat(B, out.out.cols);
    net.mse(out.out, y, d, this.loss, 0);
    const d2 = backward('out', l2.out, d);
    net.activationBackward(l2.z, d2, d2, this.act);
    const d1 = backward('l2', l1.out, d2);
    net.activationBackward(l1.z, d1, d1, this.act);
    const dh = backward('l1', h, d1);
    backward('in', x, dh, false);
    const dt = backward('t2', t1.out, dh);
    net.activationBackward(t1.z, dt, dt, 'silu');
    backward('t1', temb, dt, false);
    return out.out;
  }
}

/** (cos, sin) of t·10000^(−j/half). */
function timeEmbedding(t: readonly number[], dim: number): Float32Array {
  const half = dim / 2;
  return Float32Array.from(
    t.flatMap((time) => {
      const angles = Array.from({ length: half }, (_, j) => time * 10000 ** (-j / half));
      return [...angles.map(Math.cos), ...angles.map(Math.sin)];
    }),
  );
}

test('golden nn: a time-conditioned network, its gradients, and five optimiser steps', () => {
  for (const c of golden('nn', 'mlp_time_mse')) {
    scoped(() => {
      const flat = (tree: Record<string, number[][] | number[]>) =>
        Object.keys(c.init).flatMap((k) => (tree[k] as number[]).flat() as number[]);
      const mlp = new GoldenMlp(c.act, c.init);
      const [B, D] = [c.x.length, c.x[0].length];
      const [x, y] = [mat(B, D, c.x.flat()), mat(B, D, c.y.flat())];
      const width = c.init['t1.w'][0].length;
      const temb = mat(B, width, timeEmbedding(c.t, width));
      const [m, v] = [mat(1, mlp.P), mat(1, mlp.P)];
      const { lr, betas, eps, weight_decay } = c.opt;
      const l2 = c.optimizer === 'Adam_L2';
      const want = flat(c.grads_step0);
      for (let step = 1; step <= c.losses.length; step++) {
        const out = mlp.run(x, y, temb);
        close(read(mlp.loss)[0]!, c.losses[step - 1], step === 1 ? { rel: 2e-6 } : { rel: 1e-4 }, `loss of step ${step}`);
        if (step === 1) {
          allClose(read(out), c.out.flat(), { rel: 1e-5, abs: 1e-5 }, 'output');
          allClose(read(mlp.gradients), want, { rel: 1e-4, abs: 2e-6 }, 'gradients');
        }
        const [g, w] = [read(mlp.gradients), read(mlp.weights)];
        if (l2)
          memory.write(
            mlp.gradients,
            Float32Array.from(g, (gi, i) => gi + weight_decay * w[i]!),
          ); // coupled decay: part of the gradient
        const decay = l2 ? 0 : weight_decay;
        net.adamw(mlp.weights, mlp.gradients, m, v, null, {
          learningRate: lr,
          beta1: betas[0],
          beta2: betas[1],
          epsilon: eps,
          weightDecay: decay,
          step,
          emaDecay: 0,
        });
        const wanted = step === 1 ? c.after_step1 : step === c.losses.length ? c.after_step5 : null;
        if (!wanted) continue;
        const got = read(mlp.weights);
        flat(wanted).forEach((value, i) => {
          if (Math.abs(want[i]!) > 1e-4) close(got[i]!, value, { abs: 2e-4 }, `weight ${i} after step ${step}`);
        });
      }
    });
  }
});

test('golden nn and specfun: activations, cross-entropy, average', () => {
  for (const c of golden('nn', 'op')) {
    if (`op ${c.op}` in unclaimed.nn!) continue;
    const activation = c.op === 'leaky_relu_0.2' ? 'leaky' : c.op;
    scoped(() => {
      const [x, dy] = [mat(1, c.x.flat().length, c.x.flat()), mat(1, c.x.flat().length, c.upstream.flat())];
      const y = mat(1, x.cols);
      net.activation(x, y, activation);
      allClose(read(y), c.out.flat(), { rel: 1e-6, abs: 1e-7 }, c.op);
      net.activationBackward(x, dy, y, activation);
      allClose(read(y), c.grad_x.flat(), { rel: 1e-5, abs: 1e-6 }, `${c.op}′`);
    });
  }
  for (const c of golden('nn', 'softmax_ce')) {
    scoped(() => {
      const [B, K] = [c.x.length, c.x[0].length];
      const [dx, loss] = [mat(B, K), mat(1, 1)];
      net.softmaxCrossEntropy(mat(B, K, c.x.flat()), memory.words(B, Uint32Array.from(c.y)), dx, loss, 0);
      close(read(loss)[0]!, c.loss, { rel: 2e-6 }, 'softmax_ce');
      allClose(read(dx), c.grad.flat(), { rel: 1e-4, abs: 1e-6 }, 'softmax_ce gradient');
    });
  }
  for (const c of golden('nn', 'ema')) {
    scoped(() => {
      const P = c.old.length;
      const ema = mat(1, P, c.old);
      const still = { learningRate: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: 1, emaDecay: c.decay };
      net.adamw(mat(1, P, c.new), mat(1, P), mat(1, P), mat(1, P), ema, still);
      allClose(read(ema), c.out, { rel: 1e-6, abs: 1e-7 }, 'ema');
    });
  }
  const silu = golden('specfun').find((c) => c.fn === 'silu')!;
  scoped(() => {
    const x = Float32Array.from(silu.x as number[]);
    const y = mat(1, x.length);
    net.activation(mat(1, x.length, x), y, 'silu');
    read(y).forEach((v, i) => {
      assert.ok(ulps32(v, ref.act.silu(x[i]!)) <= 4, `silu(${x[i]}): ${v}`);
    });
  });
  for (const { x, softmax } of golden('specfun').find((c) => c.fn === 'logsumexp_softmax')!.rows) {
    if (!x.every((v: number) => Math.abs(v) < 3e38)) continue; // beyond float32
    scoped(() => {
      const out = mat(1, x.length);
      net.softmax(mat(1, x.length, x), out);
      allClose(read(out), softmax, { rel: 100 * U, abs: 2e-38 }, 'softmax');
    });
  }
});

test('golden nn: every case is tested or listed as not claimed', () => {
  const tested = ['mlp_time_mse', 'softmax_ce', 'ema', 'op relu', 'op silu', 'op leaky_relu_0.2'];
  tested.push('wgan_gp_pac', 'ctgan_generator_block', 'batchnorm_eval', 'tvae_loss'); // in nn/generative.test.ts
  for (const c of golden('nn')) {
    const name = c.kind === 'op' ? `op ${c.op}` : c.kind;
    assert.ok(tested.includes(name) || name in unclaimed.nn!, `nn ${name} is neither tested nor listed`);
  }
});

test.run();
