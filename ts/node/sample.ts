/**
 * `sample`: rows of a saved model. It runs in the main thread: starting another one would take longer than drawing some hundred rows, and
 * drawing pauses often enough to be cancelled.
 */
import type { Backend, Variant } from '../backend/backend.js';
import { type BackendChoice, selectBackend, wasmBackend } from '../backend/select.js';
import type { SamplingOptions } from '../generate/diffusion-options.js';
import type { Progress } from '../generate/generator.js';
import { openModel } from '../model.js';
import { Stream } from '../random.js';
import { toCsv } from '../table/write.js';
import { checkWritable, readBytes, refuseOverwrite, writeWhole } from './files.js';

export interface SampleRequest {
  readonly model: string;
  readonly count: number;
  /** A value of the target; the positive one where it is left out. */
  readonly label?: string | undefined;
  /** Steps of a diffusion model; {@link DEFAULT_STEPS}, or all where there are fewer. */
  readonly steps?: number | undefined;
  readonly sampler?: SamplingOptions['sampler'] | undefined;
  readonly seed: number;
  /** The WASM core where left out. */
  readonly backend?: BackendChoice | undefined;
  readonly variant: Variant;
  /** Told what computes where, when another backend than WASM was asked for. */
  readonly onBackend?: ((words: string) => void) | undefined;
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface SampleOutcome {
  readonly method: string;
  readonly target: string;
  readonly label: string;
  /** Of a diffusion model. */
  readonly steps: number | null;
  readonly warnings: readonly string[];
}

export const DEFAULT_STEPS = 20;

export async function sampleFile(request: SampleRequest): Promise<SampleOutcome> {
  const { model: file, count, label, sampler, seed, out, signal, onProgress } = request;
  refuseOverwrite(out, [file]);
  checkWritable(out);
  const bytes = readBytes(file);
  const backend = await backendOf(request);
  const model = await openModel(bytes, backend, file);
  const { method, timesteps, target, warnings } = model;
  const steps = request.steps ?? (timesteps === null ? undefined : Math.min(DEFAULT_STEPS, timesteps));
  const sampling = { ...(steps !== undefined && { samplingSteps: steps }), ...(sampler !== undefined && { sampler }) };
  const rows = await model.draw(
    count,
    Stream.fromSeed(seed).child('augment').child(method).child('sample'), // that of `augment`, which fits and draws in one go
    { backend, signal, onProgress },
    { label, sampling: Object.keys(sampling).length > 0 ? sampling : undefined },
  );
  writeWhole(out, toCsv(rows));
  return {
    method,
    target: target.column,
    label: label ?? target.positive,
    steps: steps ?? null,
    warnings: warnings.map((warning) => `${method}: ${warning}`),
  };
}

async function backendOf({ backend = 'wasm', variant, onBackend }: SampleRequest): Promise<Backend> {
  if (variant === 'relaxed') await (await import('./variant.js')).checkVariant(variant);
  if (backend === 'wasm') return wasmBackend(variant);
  (await import('./gpu.js')).provideGl();
  const selection = await selectBackend(backend, { variant });
  onBackend?.(selection.words);
  return selection.backend;
}
