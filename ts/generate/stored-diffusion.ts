/** A diffusion model for model files: its weights by name, rounded as training has left them. */
import type { TableEncoder } from '../encode/encoder.js';
import { InputError } from '../errors.js';
import { type DenoiserShape, denoiserParameters } from '../nn/denoiser.js';
import { field, type Place } from '../store/fields.js';
import { fitsHalf } from '../store/half.js';
import type { Arrays } from '../store/model.js';
import type { StoredPart } from '../store/stored.js';
import type { TrainingOptions } from './diffusion-options.js';
import { openWeights, storeWeights } from './stored-weights.js';
import type { DiffusionModel } from './trained-diffusion.js';

const PREFIX = 'denoiser.';

export function storeDiffusion({ shape, weights }: DiffusionModel, { precision }: Pick<TrainingOptions, 'precision'>): StoredPart {
  const parameters = shape.width === 0 ? [] : denoiserParameters(shape);
  const dtype = precision === 'F16' && fitsHalf(weights) ? 'F16' : 'F32';
  return { state: { labels: shape.labels, activation: shape.activation }, arrays: storeWeights(PREFIX, dtype, parameters, weights) };
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
  return { ...untrained, weights: openWeights(PREFIX, ['F16', 'F32'], denoiserParameters(shape), arrays, place) };
}
