/**
 * `sample`: rows of a saved model. It runs in the main thread: starting another one would take longer than drawing some hundred rows, and
 * drawing pauses often enough to be cancelled.
 */
import type { Backend, Variant } from '../backend/backend.js';
import { type Job, NO_WORK, type Workload } from '../backend/calibrate.js';
import { type BackendChoice, selectBackend, wasmBackend } from '../backend/select.js';
import { type Acceptance, acceptanceWords } from '../generate/constrained.js';
import type { SamplingOptions } from '../generate/diffusion-options.js';
import { methodStreams, type Progress } from '../generate/generator.js';
import { openModel } from '../model.js';
import { checkWritable, readBytes, refuseOverwrite } from './files.js';
import { writeTable } from './write-table.js';

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

/** What `auto` draws on both backends. */
const TRIAL_ROWS = 1024;
const TRIAL_STEPS = 2;

export async function sampleFile(request: SampleRequest): Promise<SampleOutcome> {
  const { model: file, count, label, sampler, seed, out, signal, onProgress } = request;
  refuseOverwrite(out, [file]);
  checkWritable(out);
  const bytes = readBytes(file);
  const core = await coreOf(request);
  const model = await openModel(bytes, core, file);
  const { method, timesteps, target, warnings } = model;
  const steps = request.steps ?? (timesteps === null ? undefined : Math.min(DEFAULT_STEPS, timesteps));
  const sampling = { ...(steps !== undefined && { samplingSteps: steps }), ...(sampler !== undefined && { sampler }) };
  const options = { label, sampling: Object.keys(sampling).length > 0 ? sampling : undefined };
  const stream = methodStreams(seed, method).sample;
  const trial: Job = {
    operation: 'network.linear',
    what: `drawing ${Math.min(count, TRIAL_ROWS)} rows in ${TRIAL_STEPS} steps`,
    count: Math.ceil(count / TRIAL_ROWS) * ((steps ?? TRIAL_STEPS) / TRIAL_STEPS),
    prepare: (on) => () =>
      model.draw(
        Math.min(count, TRIAL_ROWS),
        stream.child('trial'),
        { backend: on },
        { label, sampling: { ...sampling, samplingSteps: TRIAL_STEPS } },
      ),
  };
  const backend = await backendOf(request, core, { ...NO_WORK, own: timesteps === null || timesteps < TRIAL_STEPS ? undefined : trial });
  let held: string[] = [];
  const onHeld = (acceptance: Acceptance) => {
    held =
      acceptance.accepted < acceptance.drawn || model.constraints.some(({ kind }) => kind !== 'range') ? [acceptanceWords(acceptance)] : [];
  };
  const rows = await model.draw(count, stream, { backend, signal, onProgress }, { ...options, onHeld });
  await writeTable(out, rows);
  return {
    method,
    target: target.column,
    label: label ?? target.positive,
    steps: steps ?? null,
    warnings: [...warnings.map((warning) => `${method}: ${warning}`), ...held],
  };
}

async function coreOf({ variant }: SampleRequest): Promise<Backend> {
  if (variant === 'relaxed') await (await import('./variant.js')).checkVariant(variant);
  return wasmBackend(variant);
}

async function backendOf({ backend = 'wasm', variant, onBackend }: SampleRequest, core: Backend, workload: Workload): Promise<Backend> {
  if (backend === 'wasm') return core;
  (await import('./gpu.js')).provideGl();
  const selection = await selectBackend(backend, { variant, workload });
  onBackend?.(selection.words);
  return selection.backend;
}
