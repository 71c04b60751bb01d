import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkKernelMode, contextRenderer, deviceWords, isSoftware, openGpu } from '../../ts/backend/detect.js';
import { ComputeError } from '../../ts/errors.js';

const test = suite('what the GPU is');

test('programs that draw on the processor are known by their names', () => {
  for (const name of [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'ANGLE (Mesa/X.org llvmpipe (LLVM 15.0.6, 256 bits) OpenGL 4.5 core)',
    'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)',
    'WebGPU (google swiftshader)',
    'WebGPU (mesa lavapipe llvmpipe)',
    'Mesa softpipe',
  ]) {
    assert.ok(isSoftware(name), name);
  }
  for (const name of [
    'ANGLE (NVIDIA, NVIDIA H100 PCIe OpenGL 4.5)',
    'ANGLE (Apple, ANGLE Metal Renderer: Apple M1 Max)',
    'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)',
  ]) {
    assert.not(isSoftware(name), name);
  }
  assert.is(
    deviceWords({ renderer: 'Mesa llvmpipe', software: true, mode: 'headlessgl' } as never),
    'Mesa llvmpipe, a software rasteriser, by gpu.js headlessgl',
  );
  assert.is(deviceWords({ renderer: 'Apple M1', software: false, mode: 'webgl2' } as never), 'Apple M1, by gpu.js webgl2');
});

test('the renderer is unmasked where the context allows it', () => {
  const context = (extension: object | null, names: Record<number, string>) =>
    ({ RENDERER: 1, getExtension: () => extension, getParameter: (name: number) => names[name] }) as unknown as WebGLRenderingContext;
  assert.is(contextRenderer(context({ UNMASKED_RENDERER_WEBGL: 2 }, { 1: 'WebKit WebGL', 2: 'Apple M1' })), 'Apple M1');
  assert.is(contextRenderer(context(null, { 1: 'WebKit WebGL' })), 'WebKit WebGL');
});

test('a kernel that gpu.js has moved to the processor is found out', () => {
  const kernel = (mode: string) => ({ kernel: { constructor: { mode } } }) as never;
  checkKernelMode(kernel('gpu'), { mode: 'webgl2' }, 'silu');
  checkKernelMode(kernel('webgpu'), { mode: 'webgpu' }, 'silu');
  for (const [real, mode] of [
    ['cpu', 'webgl2'],
    ['webasm', 'headlessgl'],
    ['gpu', 'webgpu'],
  ] as const) {
    assert.throws(
      () => checkKernelMode(kernel(real), { mode }, 'silu'),
      new RegExp(`kernel "silu" expected to run on the GPU \\(${mode}\\).*as ${real}`),
    );
  }
});

test('no GPU is an error with its remedy, never another mode in its place', async () => {
  for (const mode of ['webgl2', 'webgl', 'webgpu'] as const) {
    try {
      await openGpu(mode);
      assert.unreachable('Node has no such mode by itself');
    } catch (error) {
      assert.instance(error, ComputeError);
      assert.match((error as Error).message, /no GPU was found.*install the package gl.*or use the backend wasm/);
    }
  }
});

test.run();
