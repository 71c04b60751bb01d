import { suite } from 'uvu';
import { addGpuCases } from './suites.js';

const test = suite('kernels of networks');
await addGpuCases(test, 'tests/gpu/network-kernels-cases.ts');
test.run();
