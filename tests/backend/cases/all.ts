import type { OpCase } from './cases.js';
import { diffusionCases } from './diffusion.js';
import { networkCases } from './network.js';

export const allCases: readonly OpCase[] = [...networkCases, ...diffusionCases];
