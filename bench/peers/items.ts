/** The work items: who takes part, in which unit a figure is told, how results are compared, and what is promised. */
import { agreement, type Check, ranking, segments, within } from './checks.js';
import { WORK } from './work.js';

export type Core = 'simd' | 'relaxed';

export interface PeerItem {
  readonly name: string;
  /** Peers, and by which factor each of our cores is promised to be as fast as they are; null is for information. */
  readonly peers: Readonly<Record<string, Partial<Record<Core, number | null>>>>;
  readonly unit: string;
  /** Units of work of a run for a rate; null for a figure in seconds a call. */
  readonly perRun: number | null;
  /** Calls of a run, where the figure is in seconds. */
  readonly calls?: number;
  readonly check: Check;
}

/** No promise. */
const INFORM = { simd: null };

const { train, tabddpm, sample, gemm } = WORK;
const gigaflops = (item: 'gemm-256' | 'gemm-4096') => (2 * gemm[item].m * gemm.n * gemm.k * gemm[item].calls) / 1e9;

export const ITEMS: readonly PeerItem[] = [
  ...(['gemm-256', 'gemm-4096'] as const).map(
    (name): PeerItem => ({
      name,
      peers: { numpy: { simd: null, relaxed: null }, torch: INFORM, 'tfjs-wasm': INFORM, 'onnxruntime-web': INFORM },
      unit: 'GF/s',
      perRun: gigaflops(name),
      check: agreement(1e-4),
    }),
  ),
  {
    name: 'train-256',
    peers: { torch: { simd: 0.9, relaxed: 1.1 }, 'torch-tuned': INFORM, 'jax-js': { simd: 2.5 }, 'tfjs-wasm': { simd: 15 } },
    unit: 'steps/s',
    perRun: train.steps['train-256'],
    check: agreement(1e-3),
  },
  {
    name: 'train-4096',
    peers: { torch: { simd: 0.8, relaxed: null }, 'torch-tuned': INFORM, 'jax-js': INFORM, 'tfjs-wasm': INFORM },
    unit: 'steps/s',
    perRun: train.steps['train-4096'],
    check: agreement(1e-3),
  },
  {
    name: 'tabddpm-step',
    peers: { torch: { simd: 1.1, relaxed: null }, 'torch-tuned': INFORM },
    unit: 'steps/s',
    perRun: tabddpm.steps,
    check: agreement(0.1),
  },
  {
    name: 'tabddpm-step-mixed',
    peers: { torch: { simd: 1.1, relaxed: null }, 'torch-tuned': INFORM },
    unit: 'steps/s',
    perRun: tabddpm.steps,
    check: agreement(0.5),
  },
  {
    name: 'sample-step',
    peers: { torch: { simd: 0.9, relaxed: null }, 'torch-tuned': INFORM, 'tfjs-wasm': { simd: 1.8 }, 'onnxruntime-web': { simd: 2.4 } },
    unit: 'rows/s a step',
    perRun: sample.rows * sample.steps,
    check: agreement(0.02),
  },
  { name: 'sample-job', peers: { torch: { simd: 40 }, 'torch-tuned': INFORM }, unit: 's', perRun: null, check: within(0.001) },
  {
    name: 'boost-30k',
    peers: { xgboost: { simd: 1.1 }, lightgbm: { simd: 0.9 }, 'ml-xgboost': { simd: 15 } },
    unit: 's',
    perRun: null,
    check: ranking,
  },
  { name: 'boost-300k', peers: { xgboost: INFORM, lightgbm: INFORM }, unit: 's', perRun: null, check: ranking },
  {
    name: 'forest-30k',
    peers: { xgboost: { simd: 1 }, 'scikit-learn': { simd: 4 }, 'ml-random-forest': INFORM },
    unit: 's',
    perRun: null,
    check: ranking,
  },
  { name: 'forest-30k-300', peers: { 'ydf-training': { simd: 3 } }, unit: 's', perRun: null, check: ranking },
  {
    name: 'predict',
    peers: { xgboost: { simd: 1 }, lightgbm: INFORM },
    unit: 'rows/s',
    perRun: 30_000 * WORK.predict.calls,
    check: ranking,
  },
  { name: 'mmd', peers: { 'scikit-learn': { simd: 2.5 } }, unit: 's', perRun: null, check: agreement(1e-5) },
  {
    name: 'smote',
    peers: { numpy: { simd: 1 }, 'imbalanced-learn': { simd: 2 } },
    unit: 's',
    perRun: null,
    calls: WORK.smote.calls,
    check: segments,
  },
];
