/** TVAE, once trained: how it draws, and how it goes into a file. tvae.ts trains it. Dimensions: R rows, W columns. */
import type { ModeEncoder } from '../encode/mode-encoder.js';
import { InputError } from '../errors.js';
import { type DecoderShape, decoderOf, decoderParameters } from '../nn/autoencoder.js';
import type { Stream } from '../random.js';
import { field, optionsLike } from '../store/fields.js';
import { stored } from '../store/stored.js';
import type { ModelCodec, Run, TrainingHistory } from './generator.js';
import { UNTRAINED } from './minority.js';
import { checkCounts, checkLabels, checkShares, drawInChunks, headsOf, repeated } from './mixed-rows.js';
import { kept } from './opener.js';
import { COLUMN_VALUES } from './stored-encoder.js';
import { openModes, storeModes } from './stored-modes.js';
import { openWeights, storeWeights } from './stored-weights.js';
import { TVAE_DEFAULTS, type TVAEOptions } from './tvae-options.js';

export interface TVAEModel {
  readonly options: TVAEOptions;
  readonly encoder: ModeEncoder;
  readonly weights: Float32Array; // of the decoder
  readonly history: TrainingHistory;
}

export const tvaeCodec: ModelCodec<TVAEModel> = {
  method: 'tvae',
  holds: COLUMN_VALUES,
  save: ({ options, encoder, weights }) => {
    const arrays = storeWeights('', 'F32', parametersOf(encoder, options), weights);
    return stored(tvaeCodec, options, { encoder: storeModes(encoder.state), network: { state: {}, arrays } });
  },
  open: ({ options: place, state, arrays }, { special, features }) => {
    const options = optionsLike(place, TVAE_DEFAULTS);
    checkOptions(options);
    const encoder = openModes(field(state, 'encoder'), arrays, special, features);
    return { options, encoder, weights: openWeights('', ['F32'], parametersOf(encoder, options), arrays, state), history: UNTRAINED };
  },
  samplerOf: (model) => {
    const { encoder, weights, history } = model;
    return {
      history,
      modelBytes: weights.byteLength,
      sample: async (count, stream, run) =>
        encoder.decode(await drawInChunks(count, encoder.width, stream, run, (rows, own) => drawRows(model, rows, own, run)), count),
      ...kept(tvaeCodec, model),
    };
  },
};

export const decoderShape = ({ width }: ModeEncoder, { latent, decoder, labels }: TVAEOptions): DecoderShape => ({
  width,
  latent,
  condition: labels === 'conditional' ? 2 : 0,
  decoder,
});

/** A table of constants has none. */
const parametersOf = (encoder: ModeEncoder, options: TVAEOptions) =>
  encoder.width === 0 ? [] : decoderParameters(decoderShape(encoder, options));

/** New rows (R, W) of the decoder's distribution: numbers about their mean by their deviation, categories by their probabilities. */
async function drawRows({ options, encoder, weights }: TVAEModel, rows: number, stream: Stream, run: Run): Promise<Float32Array> {
  const { backend } = run;
  const { width } = encoder;
  const shape = decoderShape(encoder, options);
  const [z, noise, spread] = [backend.matrix(rows, shape.latent), backend.matrix(rows, width), backend.matrix(rows, width)];
  const [seed, output] = [backend.matrix(rows, shape.latent + shape.condition), backend.matrix(rows, width)];
  const net = decoderOf(backend, shape, backend.matrix(1, weights.length, weights), rows);
  backend.random.normal(z, stream.child('z'));
  backend.random.normal(spread, stream.child('spread'));
  backend.generative.gumbel(noise, stream.child('gumbel'));
  backend.network.placeColumns(z, 0, seed);
  if (shape.condition > 0) backend.network.placeColumns(repeated(run, rows, [0, 1]), shape.latent, seed);
  net.decode(seed, output);
  backend.generative.headsForward(backend.generative.heads(headsOf(encoder.spans)), output, noise, 1, output);
  backend.network.clamp(net.sigma, 0.01, 1);
  const [made, normal, sigma] = [await backend.read(output), await backend.read(spread), await backend.read(net.sigma)];
  for (const { kind, start } of encoder.spans) {
    if (kind !== 'number') continue;
    for (let at = start; at < made.length; at += width) {
      made[at] = Math.max(-1, Math.min(1, (made[at] as number) + (sigma[start] as number) * (normal[at] as number)));
    }
  }
  return made;
}

/** Throws {@link InputError} for an option that is out of range. */
export function checkOptions(options: TVAEOptions): void {
  checkLabels(options);
  checkCounts({ ...options }, ['encoder', 'decoder', 'latent', 'batch', 'steps']);
  checkShares({ ...options }, ['learningRate', 'penalty']);
  if (!(options.factor > 0 && options.factor <= 1000))
    throw new InputError(`"factor" expected a number in (0, 1000], got ${options.factor}`);
}
