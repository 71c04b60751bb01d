import { suite } from 'uvu';
import { addGpuCases } from './suites.js';

const test = suite('GPU modes are real');
await addGpuCases(test, 'tests/gpu/probe-cases.ts');
test.run();
