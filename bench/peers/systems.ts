/** How the process of each system is started. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from './process.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const PYTHON = ['torch', 'torch-tuned', 'xgboost', 'lightgbm', 'scikit-learn', 'numpy', 'imbalanced-learn'];
const JAVASCRIPT = ['tfjs-wasm', 'jax-js', 'onnxruntime-web', 'ml-xgboost', 'ml-random-forest', 'ydf-training'];

/** PEERS_PYTHON names the interpreter that has the packages; else that of `npm run bench:peers:setup`, else python3. */
function python(): string {
  const own = path('.venv/bin/python');
  return process.env.PEERS_PYTHON ?? (existsSync(own) ? own : 'python3');
}

/** Node before 22 has relaxed SIMD behind a flag, which later ones do not know. */
const RELAXED = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

export function commandOf(system: string): Command {
  if (PYTHON.includes(system)) return { command: python(), args: [path('python/worker.py'), system] };
  if (JAVASCRIPT.includes(system)) return { command: process.execPath, args: [path('js/worker.mjs'), system] };
  const flags = system === 'relaxed' ? RELAXED : [];
  return { command: process.execPath, args: [...flags, '--import', 'tsx', path('ours/worker.ts'), system] };
}
