/**
 * What `npm run bench` measures, in order. One file an operation; each gives lines. To add one: write bench/<op>.ts that exports a
 * `BenchItem`, and list it below.
 */
import { accuracy } from './accuracy.js';
import { gemm } from './gemm.js';
import type { BenchItem } from './line.js';
import { mmd } from './mmd.js';
import { network } from './network.js';
import { step } from './step.js';
import { trees } from './trees.js';

export const items: readonly BenchItem[] = [accuracy, gemm, network, step, mmd, trees];
