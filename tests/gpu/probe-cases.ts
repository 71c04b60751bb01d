/** Whether each mode is real: float32 in and out, textures that stay on the GPU, a renderer with a name. */
import * as assert from 'uvu/assert';
import { checkKernelMode } from '../../ts/backend/detect.js';
import type { GpuCase } from './cases.js';

export const cases: readonly GpuCase[] = [
  {
    name: 'a kernel gives float32',
    modes: ['webgl2', 'headlessgl', 'webgpu'],
    async run({ gpu, mode }) {
      const kernel = gpu.createKernel('function third(a) { return a[this.thread.x] / 3; }', { output: [5], precision: 'single' });
      const values = Float32Array.of(1, -2, 1e-6, 3e7, 0);
      const got = (await kernel(values)) as Float32Array;
      checkKernelMode(kernel, { mode }, 'third');
      for (const [at, value] of values.entries()) {
        const want = Math.fround(value / 3);
        assert.ok(Math.abs((got[at] as number) - want) <= 2 ** -22 * Math.abs(want), `${got[at]} for ${want}`);
      }
    },
  },
  {
    name: 'the renderer has a name',
    modes: ['webgl2', 'headlessgl', 'webgpu'],
    run({ renderer, software }) {
      assert.ok(renderer.length > 3, renderer);
      if (/swiftshader|llvmpipe/i.test(renderer)) assert.ok(software, renderer);
    },
  },
];
