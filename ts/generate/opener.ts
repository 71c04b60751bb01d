/** How a fitted model comes out of a file, whatever its method. */
import type { ReadModel } from '../store/model.js';
import type { ModelCodec, Opening, Sampler } from './generator.js';

export type Opener = (read: ReadModel, setting: Opening) => Promise<Sampler>;

/** Opens with a codec that is loaded when a file of its method is there. */
export const opener =
  <Model>(load: () => Promise<ModelCodec<Model>>): Opener =>
  async (read, setting) => {
    const codec = await load();
    return codec.samplerOf(codec.open(read, setting));
  };
