/**
 * gpu.js kernels, compiled once for each function, shape and set of constants, on textures that stay on the GPU.
 *
 * A matrix of (rows, cols) is a texture of cols × rows float32. gpu.js bakes the sizes of textures into a kernel's text, and lays a
 * texture out by its shape alone, so that the shapes are part of what a kernel is found by.
 */
import type { IKernelRunShortcut, Texture } from 'gpu.js';
import { ComputeError } from '../errors.js';
import { checkKernelMode, type GpuDevice } from './detect.js';

/** A function of kernels/, whose text gpu.js reads; in a bundle that text itself (scripts/kernel-text.mjs). */
export type KernelFunction = (...values: never[]) => number;

/** A matrix on the GPU. */
export interface GpuTexture {
  readonly rows: number;
  readonly cols: number;
}

export interface GpuKernels {
  /** What runs them, for people. */
  readonly device: Pick<GpuDevice, 'mode' | 'renderer' | 'software'>;
  /** A new texture (rows, cols), each element computed by `kernel` from textures and numbers. */
  run(
    kernel: KernelFunction,
    rows: number,
    cols: number,
    values: readonly (GpuTexture | number)[],
    constants?: Readonly<Record<string, number>>,
  ): GpuTexture;
  /** As {@link run}, by one kernel for all shapes: it reads sizes at every element, and is compiled once. Numbers are whole. */
  runAnyShape(kernel: KernelFunction, rows: number, cols: number, values: readonly (GpuTexture | number)[]): GpuTexture;
  /** A new texture of row-major values. */
  upload(values: Float32Array, rows: number, cols: number): GpuTexture;
  /** Waits for the GPU and copies the values out, row-major. */
  read(texture: GpuTexture): Float32Array;
  free(texture: GpuTexture): void;
}

interface GlTexture extends GpuTexture {
  readonly texture: Texture;
}

/** Of WebGL: the width or height that no texture exceeds. */
const GL_MAX_TEXTURE_SIZE = 0x0d33;

/** The copy by which values become a texture. */
const UPLOAD = 'function upload(values, cols) { return values[this.thread.y * cols + this.thread.x]; }';

const SETTINGS = { pipeline: true, immutable: true, precision: 'single', tactic: 'precision' } as const;

/** Iterations of a loop whose end is not a constant. */
const MOST_ITERATIONS = 65_536;

const nameOf = (source: KernelFunction | string): string => /\w+(?=\()/.exec(source.toString())?.[0] ?? 'kernel';

export function gpuKernels(device: GpuDevice): GpuKernels {
  const { gpu } = device;
  const compiled = new Map<KernelFunction, Map<string, IKernelRunShortcut>>();
  const ofAnyShape = new Map<KernelFunction | string, IKernelRunShortcut>();
  const most = (gpu.context as WebGLRenderingContext).getParameter(GL_MAX_TEXTURE_SIZE) as number;

  /** Runs the kernel of these shapes, which is compiled at its first call. */
  const launch = (source: KernelFunction, rows: number, cols: number, shapes: string, values: unknown[], constants: object) => {
    if (rows > most) throw new ComputeError(`a matrix of ${rows} rows does not fit into a texture of this GPU, which holds ${most}`);
    const variants = compiled.get(source) ?? new Map<string, IKernelRunShortcut>();
    compiled.set(source, variants);
    const key = `${rows}x${cols};${shapes};${Object.values(constants).join()}`;
    const known = variants.get(key);
    const kernel =
      known ??
      gpu.createKernel(source.toString(), {
        output: [cols, rows],
        constants: { ...constants },
        ...SETTINGS,
      });
    const texture = (kernel as unknown as (...values: unknown[]) => Texture)(...values);
    if (!known) {
      checkKernelMode(kernel, device, nameOf(source));
      variants.set(key, kernel);
    }
    return { rows, cols, texture };
  };

  /** Runs the kernel of all shapes. */
  const launchAnyShape = (source: KernelFunction | string, rows: number, cols: number, values: unknown[]) => {
    if (rows > most) throw new ComputeError(`a matrix of ${rows} rows does not fit into a texture of this GPU, which holds ${most}`);
    const sizes = { dynamicOutput: true, dynamicArguments: true, loopMaxIterations: MOST_ITERATIONS };
    const known = ofAnyShape.get(source);
    const kernel = known ?? gpu.createKernel(source.toString(), { output: [cols, rows], ...sizes, ...SETTINGS });
    kernel.setOutput([cols, rows]);
    const texture = (kernel as unknown as (...values: unknown[]) => Texture)(...values);
    if (!known) {
      checkKernelMode(kernel, device, nameOf(source));
      ofAnyShape.set(source, kernel);
    }
    return { rows, cols, texture };
  };
  const given = (values: readonly (GpuTexture | number)[]) =>
    values.map((value) => (typeof value === 'number' ? value : (value as GlTexture).texture));

  return {
    device,
    run: (kernel, rows, cols, values, constants = {}) => {
      const shapes = values.map((value) => (typeof value === 'number' ? '' : `${value.rows}x${value.cols}`)).join();
      return launch(kernel, rows, cols, shapes, given(values), constants);
    },
    runAnyShape: (kernel, rows, cols, values) => launchAnyShape(kernel, rows, cols, given(values)),
    upload: (values, rows, cols) => {
      if (rows <= most) return launchAnyShape(UPLOAD, rows, cols, [values, cols]);
      // Too tall for a texture of its shape: it is laid out square, as one row is, and read by its shape none the less.
      const { texture } = launchAnyShape(UPLOAD, 1, rows * cols, [values, rows * cols]);
      (texture as unknown as { dimensions: number[] }).dimensions = [cols, rows, 1];
      return { rows, cols, texture };
    },
    read: (texture) => {
      const { rows, cols } = texture;
      const values = new Float32Array(rows * cols);
      const lines = (texture as GlTexture).texture.toArray() as unknown as Float32Array[];
      let at = 0;
      for (const line of lines) {
        values.set(line, at);
        at += line.length;
      }
      return values;
    },
    free: (texture) => (texture as GlTexture).texture.delete(),
  };
}
