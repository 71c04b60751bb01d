import type { OpCase } from './cases.js';
import { diffusionCases } from './diffusion.js';
import { distanceCases } from './distance.js';
import { networkCases } from './network.js';
import { treeCases } from './trees.js';

export const allCases: readonly OpCase[] = [...networkCases, ...diffusionCases, ...distanceCases, ...treeCases];
