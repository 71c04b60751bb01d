import { suite } from 'uvu';
import { addGpuCases } from './suites.js';

const test = suite('training on GPUs');
await addGpuCases(test, 'tests/gpu/training-cases.ts');
test.run();
