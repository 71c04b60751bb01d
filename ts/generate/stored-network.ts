/** The network of a diffusion model's file, whichever method it is of. */
import { InputError } from '../errors.js';
import type { ReadModel } from '../store/model.js';
import { jointCodec, partialCodec } from './conditional-codec.js';
import type { Opening } from './generator.js';
import { tabddpmCodec } from './tabddpm-codec.js';
import type { DiffusionModel } from './trained-diffusion.js';

export type StoredNetwork = Pick<DiffusionModel, 'layout' | 'shape' | 'weights'>;

/** Throws {@link InputError} for a model of another method, and for one without columns. */
export function networkOf(read: ReadModel, opening: Opening): StoredNetwork {
  const network = diffusionOf(read, opening);
  if (network.weights.length > 0) return network;
  throw new InputError(`${read.file} holds no network: it has learnt constant columns alone`);
}

function diffusionOf(read: ReadModel, opening: Opening): StoredNetwork {
  if (read.method === tabddpmCodec.method) return tabddpmCodec.open(read, opening).diffusion;
  const conditional = [jointCodec, partialCodec].find(({ method }) => method === read.method);
  if (!conditional) throw new InputError(`${read.file} holds a model of ${read.method}, which has no network`);
  return (conditional.method === jointCodec.method ? jointCodec : partialCodec).open(read, opening).learnt.model;
}
