/** How a fitted model goes into a file and comes out of it, whatever its method. */
import type { ReadModel } from '../store/model.js';
import type { ModelCodec, Opening, Sampler } from './generator.js';

export type Opener = (read: ReadModel, setting: Opening) => Promise<Sampler>;

/** What a sampler tells of its file. */
export const kept = <Model>(codec: Pick<ModelCodec<Model>, 'holds' | 'save'>, model: Model): Pick<Sampler, 'holds' | 'save'> => ({
  holds: codec.holds,
  save: () => codec.save(model),
});

/** Opens with a codec that is loaded when a file of its method is there. */
export const opener =
  <Model>(load: () => Promise<ModelCodec<Model>>): Opener =>
  async (read, setting) => {
    const codec = await load();
    return codec.samplerOf(codec.open(read, setting));
  };
