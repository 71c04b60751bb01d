/** onnxruntime-web on its WebAssembly provider, one thread. */
import * as ort from 'onnxruntime-web';
import { parameters, timeTable, turned } from './network.mjs';
import { model } from './onnx.mjs';

ort.env.wasm.numThreads = 1;

const session = (graph) => ort.InferenceSession.create(model(graph), { executionProviders: ['wasm'] });
const tensor = (values, shape) => new ort.Tensor('float32', values, shape);

/** A reverse step in one graph, its noise included: x' = toOutput·output(x, time) + toX·x + toNoise·z. */
function reverseStep(constants, { width, hidden, layers }, rows) {
  const nodes = [];
  const node = (op, inputs) => {
    const output = `${op}${nodes.length}`;
    nodes.push({ op, inputs, output });
    return output;
  };
  const linear = (x, name) => node('Gemm', [x, `${name}.w`, `${name}.b`]);
  const z = linear('time', 't1');
  const embedded = linear(node('Mul', [z, node('Sigmoid', [z])]), 't2');
  let h = node('Add', [linear('x', 'in'), embedded]);
  layers.forEach((_, l) => {
    h = node('Relu', [linear(h, `l${l + 1}`)]);
  });
  const mean = node('Add', [node('Mul', [linear(h, 'out'), 'toOutput']), node('Mul', ['x', 'toX'])]);
  const noise = node('Mul', [node('RandomNormalLike', ['x']), 'toNoise']);
  nodes.push({ op: 'Add', inputs: [mean, noise], output: 'next' });
  const numbers = ['toOutput', 'toX', 'toNoise'].map((name) => ({ name, shape: [1] }));
  return {
    nodes,
    constants,
    inputs: [{ name: 'x', shape: [rows, width] }, { name: 'time', shape: [1, hidden] }, ...numbers],
    outputs: [{ name: 'next', shape: [rows, width] }],
  };
}

/** Standard normal numbers to start from; the steps have their own. */
function normals(count) {
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
}

async function sampling(place) {
  const { network, sample } = place.work;
  const { width, hidden } = network;
  const constants = turned(parameters(network, width), place.floats('weights.f32'));
  const step = await session(reverseStep(constants, network, sample.rows));
  const times = place.words('sample.times.u32');
  const steps = place.floats('sample.steps.f32');
  const table = timeTable(times, hidden);
  const start = normals(sample.rows * width);
  let x = null;
  return {
    run: async () => {
      x = tensor(start, [sample.rows, width]);
      for (let i = 0; i < times.length; i++) {
        const [a, b, c, d, e] = steps.subarray(5 * i, 5 * i + 5);
        const number = (value) => tensor(Float32Array.of(value), [1]);
        const time = tensor(table.slice(i * hidden, (i + 1) * hidden), [1, hidden]);
        ({ next: x } = await step.run({ x, time, toOutput: number(a * c), toX: number(a * b + d), toNoise: number(e) }));
      }
    },
    value: () => Math.sqrt(x.data.reduce((sum, value) => sum + value * value, 0) / x.data.length),
  };
}

async function product(place) {
  const { n, k, ...of } = place.work.gemm;
  const { m, calls } = of[place.item];
  const nodes = [{ op: 'MatMul', inputs: ['a', 'b'], output: 'c' }];
  const [a, b, c] = [
    { name: 'a', shape: [m, k] },
    { name: 'b', shape: [k, n] },
    { name: 'c', shape: [m, n] },
  ];
  const multiply = await session({ nodes, constants: [], inputs: [a, b], outputs: [c] });
  const given = { a: tensor(place.floats('gemm.a.f32').slice(0, m * k), a.shape), b: tensor(place.floats('gemm.b.f32'), b.shape) };
  let last = null;
  return {
    run: async () => {
      for (let call = 0; call < calls; call++) last = await multiply.run(given);
    },
    value: () => last.c.data.reduce((sum, value) => sum + value * value, 0) / (m * n),
  };
}

export const works = { 'sample-step': sampling, 'gemm-256': product, 'gemm-4096': product };
