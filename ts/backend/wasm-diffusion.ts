/** Diffusion on the core: keeps a process's tables in its memory, draws the noise, passes pointers on. */
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import type { Matrix, Words } from './backend.js';
import type { DiffusionOps, DiffusionProcess, DiffusionSettings, NoiseSchedule, Schedule } from './ops-diffusion.js';
import { type CoreMemory, ptr } from './wasm.js';
import { blocksFor } from './wasm-random.js';

interface WasmProcess extends DiffusionProcess {
  readonly ptr: number;
}

// As in assembly/diffusion.ts and gaussian.ts.
const PREDICTIONS = { v: 0, epsilon: 1, x0: 2 } as const;
const SAMPLERS = { ddpm: 0, ddim: 1, 'dpm++': 2 } as const;

const at = (process: DiffusionProcess): number => (process as WasmProcess).ptr;

export function diffusionOps(memory: CoreMemory): DiffusionOps {
  const { core } = memory;
  const scratch = <T>(work: () => T): T => {
    const mark = memory.mark();
    try {
      return work();
    } finally {
      memory.release(mark);
    }
  };
  const normals = (out: number, n: number, stream: Stream) => {
    if (n > 0) core.randomNormal(out, n, stream.key0, stream.key1, stream.take(blocksFor(n)));
  };
  const words = (out: number, n: number, stream: Stream) => {
    if (n > 0) core.randomWords(out, n, stream.key0, stream.key1, stream.take(blocksFor(n)));
  };
  const schedule = (kind: Schedule, steps: number): NoiseSchedule => scratch(() => noiseSchedule(memory, kind, steps));

  const ops: DiffusionOps = {
    schedule,
    timeEmbedding: (times, out) => {
      core.timeEmbedding(ptr(times), times.length, out.cols, ptr(out));
    },
    process: (settings) => placeProcess(memory, settings, schedule(settings.schedule, settings.steps)),
    noise: (process, x0, codes, index, times, stream, input, target, noisedCodes) => {
      normals(ptr(target), target.rows * target.cols, stream);
      words(ptr(noisedCodes), noisedCodes.length, stream);
      ops.gaussianNoise(process, x0, index, times, target, input);
      ops.multinomialNoise(process, codes, index, times, noisedCodes, input);
    },
    gaussianNoise: (process, x0, index, times, target, input) => {
      core.gaussianNoise(at(process), ptr(x0), ptr(index), ptr(times), index.length, ptr(target), ptr(input));
    },
    multinomialNoise: (process, codes, index, times, noisedCodes, input) => {
      core.multinomialNoise(at(process), ptr(codes), ptr(index), ptr(times), index.length, ptr(noisedCodes), ptr(input));
    },
    loss: (process, output, target, codes, index, noisedCodes, times, dOutput, loss, slot) => {
      const rows = output.rows;
      const numeric = core.gaussianLoss(at(process), ptr(output), ptr(target), rows, ptr(dOutput));
      const categorical = core.multinomialLoss(
        at(process),
        ptr(output),
        ptr(codes),
        ptr(index),
        ptr(noisedCodes),
        ptr(times),
        rows,
        ptr(dOutput),
      );
      memory.write(memory.view(loss, slot, 1, 2), Float32Array.of(numeric, categorical));
    },
    start: (process, x, codes, stream, input) => {
      normals(ptr(x), x.rows * x.cols, stream);
      words(ptr(codes), codes.length, stream);
      core.multinomialStart(at(process), x.rows, ptr(codes));
      core.diffusionInput(at(process), ptr(x), ptr(codes), x.rows, ptr(input));
    },
    step: (process, sampler, output, t, s, eta, x, codes, stream, input, before) =>
      scratch(() => {
        checkStep(process, t, s);
        const z = memory.matrix(x.rows, x.cols);
        if (ops.coefficients(process, sampler, t, s, eta).sigma > 0) normals(z.ptr, x.rows * x.cols, stream);
        ops.gaussianStep(process, sampler, output, t, s, eta, x, z, before);
        const drawn = memory.words(codes.length);
        words(drawn.ptr, codes.length, stream);
        core.multinomialStep(at(process), t, s, ptr(output), x.rows, ptr(codes), drawn.ptr);
        core.diffusionInput(at(process), ptr(x), ptr(codes), x.rows, ptr(input));
      }),
    coefficients: (process, sampler, t, s, eta, before = t) =>
      scratch(() => {
        const out = memory.alloc(48);
        core.gaussianCoefficients(at(process), SAMPLERS[sampler], t, s, eta, before, out);
        const six = memory.get(out, 6, Float64Array) as unknown as [number, number, number, number, number, number];
        const [toX0, toX0Output, fromX0, fromX, sigma, fromBefore] = six;
        return { toX0, toX0Output, fromX0, fromX, sigma, fromBefore };
      }),
    gaussianStep: (process, sampler, output, t, s, eta, x, z, before) => {
      checkStep(process, t, s);
      if (sampler === 'dpm++' && !before) throw new InputError('"before" expected what the dpm++ sampler remembers, got nothing');
      const [beforeT, x0] = before && sampler === 'dpm++' ? [before.t, ptr(before.x0)] : [t, 0];
      core.gaussianStep(at(process), SAMPLERS[sampler], t, s, eta, beforeT, ptr(output), x.rows, ptr(x), ptr(z), x0);
    },
    forward: (process, t, codes, out) => {
      core.multinomialForward(at(process), t, ptr(codes), out.rows, ptr(out));
    },
    posterior: (process, t, s, known, noisedCodes, out) => {
      const [output, x0] = isMatrix(known) ? [ptr(known), 0] : [0, ptr(known)];
      core.multinomialPosterior(at(process), t, s, output, x0, ptr(noisedCodes), out.rows, ptr(out));
    },
    prior: (process) => core.multinomialPrior(at(process)),
  };
  return ops;
}

const isMatrix = (known: Matrix | Words): known is Matrix => 'cols' in known;

function noiseSchedule(memory: CoreMemory, kind: Schedule, steps: number): NoiseSchedule {
  if (!Number.isInteger(steps) || steps < 1 || steps > 100000) {
    throw new InputError(`"timesteps" expected an integer in 1..100000, got ${steps}`);
  }
  const { core } = memory;
  const [beta, alphaBar] = [memory.alloc(steps * 8), memory.alloc(steps * 8)];
  if (kind === 'cosine') core.scheduleCosine(steps, beta);
  else {
    const scale = kind === 'linear' ? 1000 / steps : 1;
    const last = 0.02 * scale;
    if (!(last < 1))
      throw new InputError(`"timesteps" expected more than 20 with the linear schedule, got ${steps}; the cosine schedule takes any`);
    core.scheduleLinear(steps, 1e-4 * scale, last, beta);
  }
  core.scheduleCumulate(steps, beta, alphaBar);
  return { beta: memory.get(beta, steps, Float64Array), alphaBar: memory.get(alphaBar, steps, Float64Array) };
}

/** Writes layout and tables into the core's memory. */
function placeProcess(memory: CoreMemory, settings: DiffusionSettings, schedule: NoiseSchedule): WasmProcess {
  const { layout, steps, prediction, oneHotFloor, clip } = settings;
  if (!(oneHotFloor > 0 && oneHotFloor <= 1)) throw new InputError(`"oneHotFloor" expected a number in (0, 1], got ${oneHotFloor}`);
  if (!(clip >= 0)) throw new InputError(`"clip" expected a number of at least 0, got ${clip}`);
  const bad = layout.levels.find((k) => !(Number.isInteger(k) && k >= 1));
  if (bad !== undefined) throw new InputError(`"levels" expected integers of at least 1, got ${bad}`);
  const { core } = memory;
  const most = Math.max(1, ...layout.levels);
  const levels = memory.put(Uint32Array.from(layout.levels));
  const tables = [memory.put(schedule.beta), memory.put(schedule.alphaBar)] as const;
  const lanes = memory.alloc(3 * most * 16);
  const process = memory.alloc(core.diffusionProcessBytes());
  const { numeric } = layout;
  core.diffusionProcess(
    process,
    numeric,
    layout.levels.length,
    steps,
    PREDICTIONS[prediction],
    oneHotFloor,
    clip,
    levels,
    ...tables,
    lanes,
  );
  const width = layout.levels.reduce((sum, k) => sum + k, numeric);
  return { ptr: process, layout, steps, prediction, width, schedule };
}

export function checkStep({ steps }: DiffusionProcess, t: number, s: number): void {
  if (!(t < steps && s < t)) throw new InputError(`"s" expected a step before t = ${t} of ${steps}, got ${s}`);
}
