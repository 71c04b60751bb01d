/** jax-js on its WebAssembly device; one thread, since it is given no cross-origin isolation to share memory in. Steps are jitted. */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { counting, parameters, timeTable, turned } from './network.mjs';

await init('wasm');
defaultDevice('wasm');

/** As data: a plain number would be compiled into the code of every step anew. */
const scalar = (value) => np.array(Float32Array.of(value)).reshape([]);

const BETA1 = 0.9;
const BETA2 = 0.999;

/** Arrays by name; biases as rows. */
const arrays = (list, of) => Object.fromEntries(list.map((one) => [one.name, of(one)]));
const linear = (x, p, name) => np.add(np.matmul(x, p[`${name}.w`]), p[`${name}.b`]);

function output(p, x, times, layers) {
  const embedded = linear(nn.silu(linear(times, p, 't1')), p, 't2');
  let h = np.add(linear(x, p, 'in'), embedded);
  layers.forEach((_, l) => {
    h = nn.relu(linear(h, p, `l${l + 1}`));
  });
  return linear(h, p, 'out');
}

function training(place) {
  const { network, train } = place.work;
  const { width, hidden, layers, timesteps, learningRate } = network;
  const [batch, steps] = [Number(place.item.split('-')[1]), train.steps[place.item]];
  const list = turned(parameters(network, width), place.floats('weights.f32'));
  const [inputs, targets] = ['input', 'target'].map((name) => place.floats(`train.${name}.f32`));
  const times = place.words('train.times.u32');
  const table = np.array(timeTable(counting(timesteps), hidden)).reshape([timesteps, hidden]);

  const forward = (p, x, rows, y) => np.mean(np.square(output(p, x, rows, layers).sub(y)));
  const rowsOf = jit((all, t) => all.slice(t));
  const gradient = jit((p, x, rows, y) => valueAndGrad(forward)(p, x, rows, y));
  /** `rate` and `correction` hold the bias corrections. A function of its own: fused with the gradients it would compute them three times. */
  const adam = jit((p, gradients, first, second, rate, correction) => {
    const next = { p: {}, first: {}, second: {} };
    for (const name of Object.keys(p)) {
      const g = gradients[name];
      const m = first[name].mul(BETA1).add(g.ref.mul(1 - BETA1));
      const v = second[name].mul(BETA2).add(np.square(g).mul(1 - BETA2));
      next.p[name] = p[name].sub(m.ref.mul(rate.ref).div(np.sqrt(v.ref.mul(correction.ref)).add(1e-8)));
      next.first[name] = m;
      next.second[name] = v;
    }
    rate.dispose();
    correction.dispose();
    return next;
  });
  let state = null;
  let last = Number.NaN;
  return {
    reset: () => {
      if (state) for (const part of ['p', 'first', 'second']) tree.dispose(state[part]);
      state = {
        p: arrays(list, ({ values, shape }) => np.array(values.slice()).reshape(shape)),
        first: arrays(list, ({ shape }) => np.zeros(shape)),
        second: arrays(list, ({ shape }) => np.zeros(shape)),
      };
    },
    run: async () => {
      for (let i = 0; i < steps; i++) {
        const at = (i * batch) % train.rows;
        const rows = (of) => np.array(of.slice(at * width, (at + batch) * width)).reshape([batch, width]);
        const t = np.array(Int32Array.from(times.subarray(at, at + batch)), { dtype: np.int32 });
        const [rate, correction] = [learningRate / (1 - BETA1 ** (i + 1)), 1 / (1 - BETA2 ** (i + 1))];
        const [value, gradients] = gradient(tree.ref(state.p), rows(inputs), rowsOf(table.ref, t), rows(targets));
        state = adam(state.p, gradients, state.first, state.second, scalar(rate), scalar(correction));
        last = (await value.data())[0];
        await blockUntilReady(state); // or what is pending is carried along from step to step
      }
    },
    value: () => last,
  };
}

export const works = { 'train-256': training, 'train-4096': training };
