/** TensorFlow.js on its WebAssembly backend, with SIMD and one thread. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs'; // the whole: the core alone has no gradients in Node
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { counting, parameters, timeTable, turned } from './network.mjs';

const folder = dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
wasm.setWasmPaths(`${join(folder, '.')}/`);
wasm.setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

/** Variables by name. */
function variables(place, width) {
  const list = turned(parameters(place.work.network, width), place.floats('weights.f32'));
  return Object.fromEntries(list.map(({ name, shape, values }) => [name, tf.variable(tf.tensor(values.slice(), shape))]));
}

const linear = (x, v, name) => tf.add(tf.matMul(x, v[`${name}.w`]), v[`${name}.b`]);
const embedding = (times, v) => {
  const z = linear(times, v, 't1');
  return linear(tf.mul(z, tf.sigmoid(z)), v, 't2');
};

function output(x, embedded, v, layers) {
  let h = tf.add(linear(x, v, 'in'), embedded);
  layers.forEach((_, l) => {
    h = tf.relu(linear(h, v, `l${l + 1}`));
  });
  return linear(h, v, 'out');
}

function training(place) {
  const { network, train } = place.work;
  const { width, hidden, layers, timesteps, learningRate } = network;
  const [batch, steps] = [Number(place.item.split('-')[1]), train.steps[place.item]];
  const [inputs, targets] = ['input', 'target'].map((name) => tf.tensor(place.floats(`train.${name}.f32`), [train.rows, width]));
  const times = Int32Array.from(place.words('train.times.u32'));
  const table = tf.tensor(timeTable(counting(timesteps), hidden), [timesteps, hidden]);
  let v = null;
  let adam = null;
  let last = Number.NaN;
  return {
    reset: () => {
      if (v) tf.dispose([v, adam]);
      v = variables(place, width);
      adam = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
    },
    run: () => {
      for (let i = 0; i < steps; i++) {
        const at = (i * batch) % train.rows;
        tf.tidy(() => {
          const [x, y] = [tf.slice(inputs, [at, 0], [batch, width]), tf.slice(targets, [at, 0], [batch, width])];
          const rows = tf.gather(table, tf.tensor1d(times.subarray(at, at + batch), 'int32'));
          const loss = adam.minimize(
            () => tf.mean(tf.squaredDifference(output(x, embedding(rows, v), v, layers), y)),
            true,
            Object.values(v),
          );
          if (i === steps - 1) last = loss.dataSync()[0];
        });
      }
    },
    value: () => last,
  };
}

/** All rows in one batch: chunks were no faster. */
function sampling(place) {
  const { network, sample } = place.work;
  const { width, hidden, layers } = network;
  const v = variables(place, width);
  const times = place.words('sample.times.u32');
  const steps = place.floats('sample.steps.f32');
  const table = tf.tensor(timeTable(times, hidden), [times.length, hidden]);
  let rows = null;
  let seed = 1;
  return {
    run: () => {
      tf.dispose(rows);
      rows = tf.tidy(() => tf.randomNormal([sample.rows, width], 0, 1, 'float32', seed++));
      for (let i = 0; i < times.length; i++) {
        const [a, b, c, d, e] = steps.subarray(5 * i, 5 * i + 5);
        const next = tf.tidy(() => {
          const out = output(rows, embedding(tf.slice(table, [i, 0], [1, hidden]), v), v, layers);
          const mean = tf.add(tf.mul(out, a * c), tf.mul(rows, a * b + d));
          return e > 0 ? tf.add(mean, tf.randomNormal([sample.rows, width], 0, e, 'float32', seed++)) : mean;
        });
        rows.dispose();
        rows = next;
      }
      rows.dataSync();
    },
    value: () => tf.tidy(() => tf.sqrt(tf.mean(tf.square(rows))).dataSync()[0]),
  };
}

function product(place) {
  const { n, k, ...of } = place.work.gemm;
  const { m, calls } = of[place.item];
  const a = tf.tensor(place.floats('gemm.a.f32').slice(0, m * k), [m, k]);
  const b = tf.tensor(place.floats('gemm.b.f32'), [k, n]);
  let c = null;
  return {
    run: () => {
      for (let call = 0; call < calls; call++) {
        c?.dispose();
        c = tf.matMul(a, b);
      }
    },
    value: () => c.dataSync().reduce((sum, value) => sum + value * value, 0) / (m * n), // its own sum loses digits
  };
}

export const works = {
  'train-256': training,
  'train-4096': training,
  'sample-step': sampling,
  'gemm-256': product,
  'gemm-4096': product,
};
