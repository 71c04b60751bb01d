import { suite } from 'uvu';
import { addGpuCases } from './suites.js';

const test = suite('the backend on GPUs');
await addGpuCases(test, 'tests/gpu/backend-cases.ts');
test.run();
