/**
 * A Gaussian copula, once fitted: how it draws, and how it goes into a file. copula.ts fits it.
 *
 * Dimensions: F numbers and C categories of the encoder, V = F + C latent columns, R rows to make.
 */
import type { TableEncoder } from '../encode/encoder.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { field, items, number } from '../store/fields.js';
import { tensor } from '../store/safetensors.js';
import { stored } from '../store/stored.js';
import type { Table } from '../table/table.js';
import type { ModelCodec, Run } from './generator.js';
import { UNTRAINED } from './minority.js';
import { drawInChunks } from './mixed-rows.js';
import { kept } from './opener.js';
import { COLUMN_VALUES, openEncoder, storeEncoder } from './stored-encoder.js';

export interface CopulaModel {
  readonly encoder: TableEncoder;
  readonly triangle: Float64Array; // (V, V) lower
  /** Where each category of a column ends on the axis of its normal, the last one left out; (C). */
  readonly ends: readonly (readonly number[])[];
}

export const copulaCodec: ModelCodec<CopulaModel> = {
  method: 'copula',
  holds: COLUMN_VALUES,
  save: ({ encoder, triangle, ends }) => {
    const V = encoder.numeric + encoder.levels.length;
    const normal = { state: {}, arrays: { triangle: tensor('F64', triangle, [V, V]) } };
    return stored(copulaCodec, {}, { encoder: storeEncoder(encoder.state), normal }, { ends });
  },
  open: ({ state, arrays }, { special, features }) => {
    const encoder = openEncoder(field(state, 'encoder'), arrays, special, features);
    const V = encoder.numeric + encoder.levels.length;
    const place = field(state, 'ends');
    const ends = items(place).map((list) => items(list).map(number));
    const fits = ends.length === encoder.levels.length && encoder.levels.every((levels, c) => ends[c]?.length === levels - 1);
    if (!fits) throw new InputError(`"${place.path}" expected an end fewer than each category column has levels`);
    return { encoder, triangle: arrays.of('triangle', ['F64'], V * V), ends };
  },
  samplerOf: (model) => ({
    history: UNTRAINED,
    ...kept(copulaCodec, model),
    sample: (rows, stream, run) => drawRows(model, rows, stream, run),
  }),
};

async function drawRows({ encoder, triangle, ends }: CopulaModel, rows: number, stream: Stream, run: Run): Promise<Table> {
  const [F, C] = [encoder.numeric, encoder.levels.length];
  const V = F + C;
  const latent = await drawInChunks(rows, V, stream, run, (n, own) => drawLatent(triangle, V, n, own, run));
  const numeric = new Float32Array(rows * F);
  const codes = new Int32Array(rows * C);
  for (let row = 0; row < rows; row++) {
    numeric.set(latent.subarray(row * V, row * V + F), row * F);
    for (let c = 0; c < C; c++) {
      const z = latent[row * V + F + c] as number;
      codes[row * C + c] = (ends[c] as number[]).filter((end) => z > end).length;
    }
  }
  return encoder.decode({ rows, numeric, codes });
}

/** Latent rows (R, V): L ε with ε from N(0, I). */
async function drawLatent(triangle: Float64Array, V: number, rows: number, stream: Stream, { backend }: Run): Promise<Float32Array> {
  const noise = backend.matrix(rows, V);
  backend.random.normal(noise, stream);
  const epsilon = await backend.read(noise);
  const latent = new Float32Array(rows * V);
  for (let row = 0; row < rows * V; row += V) {
    for (let i = 0; i < V; i++) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += (triangle[i * V + k] as number) * (epsilon[row + k] as number);
      latent[row + i] = sum;
    }
  }
  return latent;
}
