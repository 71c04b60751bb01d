/**
 * Which GPU gpu.js really gets here. Its mode 'gpu' turns into WebAssembly or plain JavaScript where there is none, and says nothing;
 * so each mode is asked for by its own name, tried on a small kernel, and held against what the kernel says that it ran on.
 */
import type { GPU, IKernelRunShortcut } from 'gpu.js';
import { ComputeError } from '../errors.js';

/** Real GPU modes of gpu.js: a page's WebGL 2 or 1, WebGL 1 of the package `gl` in Node, compute shaders of WebGPU. */
export type GpuMode = 'webgl2' | 'webgl' | 'headlessgl' | 'webgpu';

export interface GpuDevice {
  readonly gpu: GPU;
  readonly mode: GpuMode;
  /** What draws, in the driver's words: "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device …))". */
  readonly renderer: string;
  /** Whether that is a program on the processor. */
  readonly software: boolean;
}

const isPage = 'document' in globalThis || 'OffscreenCanvas' in globalThis;

const REMEDY = isPage
  ? 'turn on hardware acceleration in the browser'
  : 'install the package gl (or name its folder in SYNTHWARD_GL) and run under a display, by xvfb-run where there is none';

/** Modes in which a kernel's call is done when it returns, which a backend needs; WebGPU answers later and is for kernels alone. */
const SYNCHRONOUS_MODES: readonly GpuMode[] = isPage ? ['webgl2', 'webgl'] : ['headlessgl'];

/** The first of `modes` that runs for real. Throws {@link ComputeError} with what to do about it where none does. */
export async function openGpu(modes: GpuMode | readonly GpuMode[] = SYNCHRONOUS_MODES): Promise<GpuDevice> {
  const library = await loadLibrary();
  const faults: string[] = [];
  for (const mode of typeof modes === 'string' ? [modes] : modes) {
    try {
      return await openMode(library, mode);
    } catch (error) {
      faults.push(`${mode}: ${(error as Error).message}`);
    }
  }
  throw new ComputeError(`no GPU was found that gpu.js runs on (${faults.join('; ')}): ${REMEDY}, or use the backend wasm`);
}

/** "ANGLE (… SwiftShader …), a software rasteriser, by gpu.js webgl2". */
export const deviceWords = ({ renderer, software, mode }: GpuDevice): string =>
  `${renderer}${software ? ', a software rasteriser' : ''}, by gpu.js ${mode}`;

/** Throws {@link ComputeError} when gpu.js has put `kernel` (built by now) on anything but `device`: it falls back with a warning only. */
export function checkKernelMode(kernel: IKernelRunShortcut, device: Pick<GpuDevice, 'mode'>, name: string): void {
  const real = (kernel.kernel as unknown as { constructor: { mode: string } }).constructor.mode;
  if (real !== KERNEL_MODE[device.mode]) {
    throw new ComputeError(`kernel "${name}" expected to run on the GPU (${device.mode}), but gpu.js ran it as ${real}; ${REMEDY}`);
  }
}

/** What the kernels of a mode call themselves. */
const KERNEL_MODE: Readonly<Record<GpuMode, string>> = { webgl2: 'gpu', webgl: 'gpu', headlessgl: 'gpu', webgpu: 'webgpu' };

type Library = { readonly GPU: typeof GPU };

async function loadLibrary(): Promise<Library> {
  let module: Library & { readonly default?: Library };
  try {
    module = (await import('gpu.js')) as unknown as typeof module;
  } catch {
    throw new ComputeError('the GPU backend needs the package gpu.js; install it (npm install gpu.js) or use the backend wasm');
  }
  return module.default?.GPU ? module.default : module; // bundlers put CommonJS under default
}

async function openMode({ GPU }: Library, mode: GpuMode): Promise<GpuDevice> {
  const gpu = made(() => new GPU({ mode }));
  const kernel = gpu.createKernel('function probe(values, factor) { return values[this.thread.x] * factor + this.thread.x; }', {
    output: [PROBE.length],
    precision: 'single',
  });
  const got = Array.from((await kernel(PROBE, 3)) as Float32Array);
  checkKernelMode(kernel, { mode }, 'probe');
  if (got.some((value, at) => value !== (PROBE[at] as number) * 3 + at)) throw new ComputeError(`a probe kernel gave ${got.join(', ')}`);
  const renderer = mode === 'webgpu' ? await adapterName() : contextRenderer(gpu.context as WebGLRenderingContext);
  return { gpu, mode, renderer, software: isSoftware(renderer) };
}

/** gpu.js says in many words that it has no such mode. */
function made(make: () => GPU): GPU {
  try {
    return make();
  } catch {
    throw new ComputeError('not there');
  }
}

/** Values that no 8-bit packing carries. */
const PROBE = Float32Array.of(0.25, -3, 65537.5, 0.001953125);

/** Names of rasterisers that run on the processor: Chromium's, Mesa's two for OpenGL and the one for Vulkan, and Windows'. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|swrast|software|basic render/i;
export const isSoftware = (renderer: string): boolean => SOFTWARE.test(renderer);

/** A WebGL context's renderer, unmasked where the browser allows it. The package gl hides it behind a method of its own. */
export function contextRenderer(gl: WebGLRenderingContext): string {
  const { _getParameterDirect: direct } = gl as { _getParameterDirect?: (name: number) => unknown };
  if (direct) return String(direct.call(gl, gl.RENDERER));
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
}

/** The adapter that gpu.js gets, which asks without preferences too. */
async function adapterName(): Promise<string> {
  const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<{ info: AdapterInfo } | null> } };
  const info = (await gpu.requestAdapter())?.info;
  const words = info ? [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== '') : [];
  return `WebGPU (${words.join(' ') || 'an adapter without a name'})`;
}
