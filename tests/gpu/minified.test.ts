/** Kernels from a minified bundle, as the package ships them: gpu.js reads their text, which esbuild has rewritten. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { has } from '../requirements.js';
import type { CaseResults } from './cases.js';
import { inChromium } from './chromium.js';

const test = suite('minified kernels');

if (has('command:chromium')) {
  test('train and draw as WASM does', async () => {
    const results = await inChromium<CaseResults>(
      `import { cases } from './tests/gpu/training-cases.ts';
       import { runCases } from './tests/gpu/cases.ts';
       globalThis.main = () => runCases(cases, 'webgl2');`,
      { minify: true },
    );
    assert.ok(results.cases.length > 0);
    for (const { name, error } of results.cases) assert.is(error, null, `${name}, on ${results.device}: ${error}`);
  });
}

test.run();
