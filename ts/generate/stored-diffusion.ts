/** A diffusion model for model files: its weights by name, rounded as training has left them. */
import type { TableEncoder } from '../encode/encoder.js';
import { InputError } from '../errors.js';
import { type DenoiserShape, denoiserParameters, denoiserSize } from '../nn/denoiser.js';
import { field, type Place } from '../store/fields.js';
import { fitsHalf } from '../store/half.js';
import type { Arrays } from '../store/model.js';
import { tensor } from '../store/safetensors.js';
import type { StoredPart } from '../store/stored.js';
import type { TrainingOptions } from './diffusion-options.js';
import type { DiffusionModel } from './trained-diffusion.js';

const PREFIX = 'denoiser.';

export function storeDiffusion({ shape, weights }: DiffusionModel, { precision }: Pick<TrainingOptions, 'precision'>): StoredPart {
  const parameters = shape.width === 0 ? [] : denoiserParameters(shape);
  const dtype = precision === 'F16' && fitsHalf(weights) ? 'F16' : 'F32';
  const arrays = parameters.map(({ name, offset, rows, cols }) => {
    const own = weights.subarray(offset, offset + rows * cols);
    return [`${PREFIX}${name}`, tensor(dtype, own, rows === 1 ? [cols] : [rows, cols])] as const;
  });
  return { state: { labels: shape.labels, activation: shape.activation }, arrays: Object.fromEntries(arrays) };
}

/** The model again; it draws, but its training is forgotten. */
export function openDiffusion(
  place: Place,
  arrays: Arrays,
  encoder: TableEncoder,
  { hidden, layers }: Pick<TrainingOptions, 'hidden' | 'layers'>,
): DiffusionModel {
  const layout = { numeric: encoder.numeric, levels: encoder.levels };
  const width = encoder.levels.reduce((sum, k) => sum + k, encoder.numeric);
  const activation = field(place, 'activation').value;
  if (activation !== 'relu' && activation !== 'silu') throw new InputError(`"${place.path}.activation" expected relu or silu`);
  const labels = field(place, 'labels').value;
  if (labels !== 0 && labels !== 2 && labels !== 3) throw new InputError(`"${place.path}.labels" expected 0, 2 or 3`);
  const shape: DenoiserShape = { width, hidden, layers, labels, activation };
  const untrained = { layout, shape, steps: [], losses: [], seconds: [] };
  if (width === 0) return { ...untrained, weights: new Float32Array(0) };
  const parameters = denoiserParameters(shape);
  const own = parameters.map(({ name, rows, cols }) => arrays.of(`${PREFIX}${name}`, ['F16', 'F32'], rows * cols));
  const weights = new Float32Array(denoiserSize(shape)); // no more than the file has
  parameters.forEach(({ offset }, i) => {
    weights.set(own[i] as Float32Array, offset);
  });
  return { ...untrained, weights };
}
