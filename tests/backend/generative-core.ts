/** The operations of CTGAN and TVAE for their tests, and how near float32 comes to the oracles. */
import { generativeOps } from '../../ts/backend/wasm-generative.js';
import { networkOps } from '../../ts/backend/wasm-network.js';
import { memory } from './core-matrices.js';

export const [net, gen] = [networkOps(memory), generativeOps(memory)];
export const F32 = { rel: 2e-6, abs: 2e-6 };
export const GRADIENT = { rel: 1e-4, abs: 2e-5 };
