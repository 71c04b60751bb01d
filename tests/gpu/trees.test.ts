import { suite } from 'uvu';
import { addGpuCases } from './suites.js';

const test = suite('trees on GPUs');
await addGpuCases(test, 'tests/gpu/trees-cases.ts');
test.run();
