/**
 * The diffusion operations that have kernels: kernels/diffusion.ts and kernels/multinomial.ts. Random numbers are the core's, of the same
 * streams, and so are the codes that a batch is noised to; both are uploaded.
 */
import * as kernel from '../../kernels/diffusion.js';
import * as multinomial from '../../kernels/multinomial.js';
import { columnSquares, columnSums } from '../../kernels/network.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import type { Backend, Matrix, Words } from './backend.js';
import { type GpuProcess, gpuProcess } from './gpu-chain.js';
import type { GpuKernels, GpuTexture } from './gpu-kernels.js';
import type { GpuMemory, KernelValue } from './gpu-memory.js';
import { putLoss } from './gpu-network.js';
import type { DiffusionOps, DiffusionProcess } from './ops-diffusion.js';
import { checkStep } from './wasm-diffusion.js';

const tablesOf = (chain: DiffusionProcess) => (chain as GpuProcess).tables;

export function gpuDiffusionOps(memory: GpuMemory, _kernels: GpuKernels, _onCore: DiffusionOps, core: Backend): Partial<DiffusionOps> {
  return {
    process: (settings) => gpuProcess(memory, core, settings),
    ...noiseOps(memory, core),
    loss: lossOp(memory),
    ...stepOps(memory, core),
  };
}

/** The network's input of numbers (B, F) and codes (B·C); a table stands in for what a layout has not. */
function writeInput(memory: GpuMemory, chain: DiffusionProcess, numbers: KernelValue, codes: Words, input: Matrix): void {
  const { layout } = chain;
  const { places, logFloor } = tablesOf(chain);
  const constants = { numeric: layout.numeric, columns: layout.levels.length };
  const [first, second] = [layout.numeric > 0 ? numbers : places, constants.columns > 0 ? codes : places];
  memory.set(input, kernel.networkInput, [first, second, places, logFloor], constants);
}

function noiseOps(memory: GpuMemory, core: Backend) {
  /** The noised numbers as a texture; target (B, F) holds ε and becomes the target. */
  const noised = (chain: DiffusionProcess, x0: Matrix, index: Words, times: Words, target: Matrix): GpuTexture => {
    const values = [x0, target, index, times, tablesOf(chain).factors];
    const numbers = memory.compute(kernel.mixed, target.rows, target.cols, values, { at: 0 });
    memory.set(target, kernel.mixed, values, { at: 2 });
    return numbers;
  };
  return {
    gaussianNoise: (chain, x0, index, times, target, input) => {
      if (x0.cols === 0) return;
      const numbers = noised(chain, x0, index, times, target);
      memory.set(input, kernel.withNumbers, [numbers, input], { numeric: x0.cols });
      memory.free(numbers);
    },
    noise: (chain, x0, codes, index, times, stream, input, target, noisedCodes) => {
      if (target.cols > 0) core.random.normal(memory.overwrite(target), stream);
      if (noisedCodes.length > 0) {
        const twin = memory.overwrite(noisedCodes);
        core.random.words(twin, stream);
        const [known, rows, steps] = [memory.home(codes), memory.home(index), memory.home(times)];
        core.diffusion.multinomialNoise(chain, known, rows, steps, twin, memory.overwrite(input));
      }
      if (target.cols === 0) return writeInput(memory, chain, noisedCodes, noisedCodes, input);
      const numbers = noised(chain, x0, index, times, target);
      writeInput(memory, chain, numbers, noisedCodes, input);
      memory.free(numbers);
    },
  } satisfies Partial<DiffusionOps>;
}

function lossOp(memory: GpuMemory): DiffusionOps['loss'] {
  return (chain, output, target, codes, index, noisedCodes, times, dOutput, loss, slot) => {
    const { layout, steps } = chain;
    const { places, spans, chances, most, prior } = tablesOf(chain);
    const [B, numeric, columns] = [output.rows, layout.numeric, layout.levels.length];
    const cells = Math.max(1, B * numeric);
    memory.set(dOutput, kernel.numberGradient, [output, numeric > 0 ? target : places, 2 / cells], { numeric });
    const squares = memory.compute(columnSquares, 1, Math.max(1, numeric), numeric > 0 ? [output, target] : [places, places], {
      inner: numeric > 0 ? B : 1,
    });
    putLoss(memory, loss, slot, squares, 1 / cells);
    if (columns === 0) return putLoss(memory, loss, slot + 1, memory.compute(columnSums, 1, 1, [places], { inner: 1 }), 0);
    const scale = steps / (columns * B);
    const seen = [output, codes, index, noisedCodes, times] as const;
    const terms = memory.compute(multinomial.categoryTerms, B, columns, [...seen, spans, chances], { columns, most });
    const sums = memory.compute(columnSums, 1, columns, [terms], { inner: B });
    memory.free(terms);
    putLoss(memory, loss, slot + 1, sums, scale, prior);
    memory.set(dOutput, multinomial.categoryGradient, [dOutput, ...seen, places, chances, scale], { numeric, columns, most });
  };
}

function stepOps(memory: GpuMemory, core: Backend) {
  const gaussianStep: DiffusionOps['gaussianStep'] = (chain, sampler, output, t, s, eta, x, z, before) => {
    checkStep(chain, t, s);
    if (sampler === 'dpm++' && !before) throw new InputError('"before" expected what the dpm++ sampler remembers, got nothing');
    if (x.cols === 0) return;
    const remembered = sampler === 'dpm++' ? before : undefined;
    const { toX0, toX0Output, fromX0, fromX, sigma, fromBefore } = core.diffusion.coefficients(chain, sampler, t, s, eta, remembered?.t);
    const { clip } = tablesOf(chain);
    const x0 = memory.compute(kernel.predictedStart, x.rows, x.cols, [x, output, toX0, toX0Output, clip]);
    const last = remembered && fromBefore !== 0 ? remembered.x0 : x;
    memory.set(x, kernel.stepped, [x0, x, sigma > 0 ? z : x, last, fromX0, fromX, sigma, fromBefore]);
    if (remembered) memory.keep(remembered.x0, x0);
    else memory.free(x0);
  };
  return {
    gaussianStep,
    step: (chain, sampler, output, t, s, eta, x, codes, stream, input, before) => {
      checkStep(chain, t, s);
      const mark = memory.mark();
      const z = memory.matrix(x.rows, x.cols);
      const noisy = x.cols > 0 && core.diffusion.coefficients(chain, sampler, t, s, eta).sigma > 0;
      if (noisy) core.random.normal(memory.overwrite(z), stream);
      gaussianStep(chain, sampler, output, t, s, eta, x, z, before);
      if (codes.length > 0) categoryStep(memory, core, chain, output, t, s, codes, stream);
      memory.release(mark);
      writeInput(memory, chain, x, codes, input);
    },
  } satisfies Partial<DiffusionOps>;
}

/** 2⁻²³: u has 23 bits, as on the core. */
const UNIT = 1.1920928955078125e-7;

function categoryStep(
  memory: GpuMemory,
  core: Backend,
  chain: DiffusionProcess,
  output: Matrix,
  t: number,
  s: number,
  codes: Words,
  stream: Stream,
): void {
  const { spans, most } = tablesOf(chain);
  const { alphaBar } = chain.schedule;
  const drawn = memory.words(codes.length);
  core.random.words(memory.overwrite(drawn), stream);
  const uniform = memory.upload(
    Float32Array.from(memory.readWords(drawn), (word) => (word >>> 9) * UNIT),
    1,
    codes.length,
  );
  const abarS = s < 0 ? 1 : (alphaBar[s] as number);
  const alpha = (alphaBar[t] as number) / abarS;
  const chances = s < 0 ? [0, 1, 1, 0] : [alpha, 1 - alpha, abarS, 1 - abarS];
  memory.set(codes, multinomial.categoryStep, [output, codes, uniform, spans, ...chances], { columns: chain.layout.levels.length, most });
  memory.free(uniform);
}
