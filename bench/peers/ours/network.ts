/** Our training steps and samplers, as the generators run them. */
import type { Matrix } from '../../../ts/backend/backend.js';
import { fitDiffusion } from '../../../ts/generate/diffusion-model.js';
import { DIFFUSION_DEFAULTS } from '../../../ts/generate/diffusion-options.js';
import { drawRows, type Sampling } from '../../../ts/generate/diffusion-sampling.js';
import type { DiffusionModel } from '../../../ts/generate/trained-diffusion.js';
import { bandwidth, mmd } from '../../../ts/metrics/mmd.js';
import { denoiser, denoiserSize } from '../../../ts/nn/denoiser.js';
import { batchTimes } from '../../../ts/nn/times.js';
import { Stream } from '../../../ts/random.js';
import { NETWORK } from '../data.js';
import { WORK } from '../work.js';
import { type Bodies, type Body, cpuSeconds, floats, octets, type Place, words } from './body.js';

const WANTED = { label: null, guidance: 0 };

/** Training steps of the network on given batches. */
function training({ item, folder, backend }: Place): Body {
  const steps = WORK.train.steps[item as keyof typeof WORK.train.steps];
  const [B, W] = [item === 'train-256' ? 256 : 4096, NETWORK.width];
  const { timesteps, hidden, learningRate } = WORK.network;
  const P = denoiserSize(NETWORK);
  const start = floats(folder, 'weights.f32');
  const [weights, gradients, first, second] = Array.from({ length: 4 }, () => backend.matrix(1, P)) as [Matrix, Matrix, Matrix, Matrix];
  const [inputs, targets] = ['input', 'target'].map((name) => backend.matrix(WORK.train.rows, W, floats(folder, `train.${name}.f32`))) as [
    Matrix,
    Matrix,
  ];
  const timesOf = words(folder, 'train.times.u32');
  const times = batchTimes(backend, timesteps, B, hidden);
  const net = denoiser(backend, NETWORK, weights, gradients, B, times.most);
  const [output, dOutput, loss] = [backend.matrix(B, W), backend.matrix(B, W), backend.matrix(1, 1)];
  return {
    reset: () => {
      backend.write(weights, start);
      backend.network.fill(first, 0);
      backend.network.fill(second, 0);
    },
    run: () => {
      for (let i = 0; i < steps; i++) {
        const at = (i * B) % WORK.train.rows;
        const [input, target] = [backend.view(inputs, at * W, B, W), backend.view(targets, at * W, B, W)];
        const embedded = times.embed(timesOf.subarray(at, at + B));
        net.forward(input, embedded, null, output);
        backend.network.mse(output, target, dOutput, loss, 0);
        net.backward(input, embedded, null, dOutput);
        const adam = { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: i + 1, emaDecay: 0 };
        backend.network.adamw(weights, gradients, first, second, null, adam);
      }
    },
    value: async () => (await backend.read(loss))[0] as number,
  };
}

/** TabDDPM's own training loop; the steps between its first and its last look at the loss are counted. */
function tabddpm({ item, folder, backend }: Place): Body {
  const { rows, levels, batch, steps, learningRate, oneHotFloor } = WORK.tabddpm;
  const mixed = item === 'tabddpm-step-mixed';
  const codes = mixed ? Int32Array.from(octets(folder, 'table.codes.u8')) : new Int32Array(0);
  const encoded = { rows, numeric: floats(folder, 'table.x.f32'), codes };
  const learnt = { encoded, levels: mixed ? levels : [], labels: null, group: null };
  const process = { timesteps: WORK.network.timesteps, prediction: 'epsilon', emaDecay: 0, oneHotFloor } as const;
  const options = { ...DIFFUSION_DEFAULTS, ...process, batch, learningRate, labelDropout: 0, steps: steps + LOOK };
  let last = Number.NaN;
  return {
    run: async () => {
      const looks: number[] = [];
      const onProgress = () => void looks.push(cpuSeconds());
      const model = await fitDiffusion(learnt, options, Stream.fromSeed(1), { backend, onProgress });
      last = model.losses.at(-1) as number;
      return { seconds: (looks.at(-1) as number) - (looks[0] as number) };
    },
    value: () => last,
  };
}
const LOOK = 50; // steps between two looks of the loop

const untrained = { steps: [], losses: [], seconds: [] };
const sampling = (changed: Partial<Sampling>): Sampling => ({ ...DIFFUSION_DEFAULTS, timesteps: WORK.network.timesteps, ...changed });

/** Reverse steps of DDPM with the network as it starts; the rows' deviation tells whether they are what they should be. */
function sampleStep({ folder, backend }: Place): Body {
  const weights = floats(folder, 'weights.f32');
  const model: DiffusionModel = { layout: { numeric: NETWORK.width, levels: [] }, shape: NETWORK, weights, ...untrained };
  const options = sampling({ sampler: 'ddpm', samplingSteps: WORK.sample.steps, clip: 0 });
  let drawn: Float32Array = new Float32Array(0);
  return {
    run: async () => {
      drawn = (await drawRows(model, options, WANTED, WORK.sample.rows, Stream.fromSeed(1), { backend })).numeric;
    },
    value: () => Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length),
  };
}

/**
 * 10,000 rows of a trained model in 20 steps. The value is by how much their unbiased MMD² from the real rows exceeds that of rows
 * that the same model draws in all 1,000 steps of DDPM.
 */
async function sampleJob({ folder, backend }: Place): Promise<Body> {
  const [real, weights] = [floats(folder, 'job.real.f32'), floats(folder, 'job.weights.f32')];
  const numeric = WORK.mmd.cols; // of breast_cancer as well
  const model: DiffusionModel = { layout: { numeric, levels: [] }, shape: { ...NETWORK, width: numeric }, weights, ...untrained };
  const stream = Stream.fromSeed(1);
  const options = sampling({ samplingSteps: WORK.job.steps });
  const draw = async (options: Sampling, rows: number, label: string) => {
    const { numeric: values } = await drawRows(model, options, WANTED, rows, stream.child(label), { backend });
    return { rows, cols: numeric, values };
  };
  const realRows = { rows: real.length / numeric, cols: numeric, values: real };
  const s = await bandwidth(backend, realRows, stream);
  const squared = async (options: Sampling) => {
    const [drawn, pairs] = [await draw(options, JUDGED_ROWS, 'judged'), stream.child('pairs')];
    return (await mmd(backend, realRows, drawn, s, pairs)).unbiased;
  };
  const excess = (await squared(options)) - (await squared(sampling({ sampler: 'ddpm' })));
  return { run: () => draw(options, WORK.job.rows, 'timed'), value: () => excess };
}
const JUDGED_ROWS = 2000; // more do not enter an MMD here

export const network: Bodies = {
  'train-256': training,
  'train-4096': training,
  'tabddpm-step': tabddpm,
  'tabddpm-step-mixed': tabddpm,
  'sample-step': sampleStep,
  'sample-job': sampleJob,
};
