/** Training steps and sampling, beside the figures of PyTorch and the JavaScript systems. */
import { wasmBackend } from '../ts/backend/select.js';
import { type BenchItem, type BenchLine, type BenchSetting, line } from '../ts/bench/line.js';
import { bestOfEach } from '../ts/bench/timer.js';
import { LEVELS, samplingJob, samplingStep, tabddpmSteps } from '../ts/bench/work-diffusion.js';
import { trainingStep } from '../ts/bench/work-network.js';
import { FIGURES } from './reference.js';

const TORCH = 'PyTorch*';

function trainItem(batch: 256 | 4096, torch: { readonly simd: number; readonly relaxed: number }): BenchItem {
  const name = `train-${batch}`;
  return {
    name,
    relaxed: true,
    run: async (setting) => {
      const work = await trainingStep(await wasmBackend(setting.variant), batch);
      const { step } = await bestOfEach({ step: work.run }, setting, batch === 256 ? 40 : 15);
      const rate = 1 / step;
      const atLeast = setting.variant === 'relaxed' ? torch.relaxed : torch.simd;
      const beside = (item: string, reference: number, bound: number, of: string) =>
        line(item, rate, 'steps/s', { reference, atLeast: bound, of });
      const lines = [beside(name, FIGURES.train.torch[batch], atLeast, TORCH)];
      if (setting.variant === 'relaxed') return lines;
      return [
        ...lines,
        beside(`${name}, beside jax-js`, FIGURES.train.jax[batch], 2.5, '@jax-js/jax*'),
        beside(`${name}, beside tfjs-wasm`, FIGURES.train.tfjs[batch], 15, 'tfjs-wasm*'),
      ];
    },
  };
}

export const train256 = trainItem(256, { simd: 0.9, relaxed: 1.1 });
export const train4096 = trainItem(4096, { simd: 0.8, relaxed: 0.8 });

const STEPS = 50;

export const tabddpmStep: BenchItem = {
  name: 'tabddpm-step',
  relaxed: true,
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const numeric = tabddpmSteps(backend, [], STEPS);
    const mixed = tabddpmSteps(backend, LEVELS, STEPS);
    const seconds = await bestOfEach({ numeric: numeric.run, mixed: mixed.run }, setting, 5);
    const judged = (item: string, s: number, theirs: number): BenchLine =>
      line(item, STEPS / s, 'steps/s', { reference: 1 / theirs, atLeast: 1.1, of: TORCH });
    return [
      judged('tabddpm-step', seconds.numeric, FIGURES.tabddpm.numeric),
      judged('tabddpm-step, five category columns', seconds.mixed, FIGURES.tabddpm.mixed),
    ];
  },
};

const ROWS = 10_000;

export const sampleStep: BenchItem = {
  name: 'sample-step',
  relaxed: true,
  run: async (setting) => {
    const work = await samplingStep(await wasmBackend(setting.variant), ROWS);
    const { step } = await bestOfEach({ step: work.run }, setting, 15);
    const rate = work.amount / step;
    const beside = (item: string, reference: number, atLeast: number, of: string) =>
      line(item, rate, 'rows/s/step', { reference, atLeast, of });
    const { torch, tfjs, onnx } = FIGURES.sample;
    const lines = [beside('sample-step', torch, 0.9, TORCH)];
    if (setting.variant === 'relaxed') return lines;
    return [
      ...lines,
      beside('sample-step, beside tfjs-wasm', tfjs, 1.8, 'tfjs-wasm*'),
      beside('sample-step, beside onnxruntime-web', onnx, 2.4, 'onnxruntime-web*'),
    ];
  },
};

export const sampleJob: BenchItem = {
  name: 'sample-job',
  run: async (setting: BenchSetting) => {
    const work = await samplingJob(await wasmBackend(setting.variant), ROWS, 20);
    const { job } = await bestOfEach({ job: work.run }, setting, 4);
    return [line('sample-job', job, 's', { reference: FIGURES.ddpm, timesAsFast: 40, of: 'PyTorch in 1000 steps*' })];
  },
};
