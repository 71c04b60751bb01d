/**
 * The package as it is built: `synthward/core` (dist/core.js, with a core of its own) beside `synthward` (dist/index.js). Both train TabDDPM,
 * draw from it, and train both classifiers; what they give is to be the same in every engine.
 */
import * as builtCore from '../../dist/core.js';
import * as builtLibrary from '../../dist/index.js';
import type { OpenedModel } from '../../ts/core.js';
import type { Description } from '../../ts/table/description.js';

const core: typeof import('../../ts/core.js') = builtCore;
const library: typeof import('../../ts/index.js') = builtLibrary;

const ROWS = 50;
/** A network and a training run that take milliseconds. */
const RECIPE = { steps: 40, timesteps: 10, layers: [32], hidden: 16 };
const WAYS = (['ddpm', 'ddim', 'dpm++'] as const).map((sampler) => ({ sampler, steps: 5 }));

/** What is learnt from: CSV text, and what is declared of it. */
export interface Cohort {
  readonly csv: string;
  readonly schema: Description['schema'];
}

/** What an entry gave: a name a part, texts and numbers. */
type Given = Readonly<Record<string, string | Float32Array>>;

/** The library's way: a table, `fit`, `sample`. The file is what both entries draw from. */
async function byLibrary({ csv, schema }: Cohort, seed: number): Promise<{ readonly given: Given; readonly file: Uint8Array }> {
  const { Table, TabDDPM, Stream, boosting, fitFeatures, forest, toDataset, wasmBackend } = library;
  const table = Table.fromCsv(csv, { schema });
  const { target, positive, group, exclude } = schema;
  const roles = { target, positive, group, exclude };
  const model = await TabDDPM.fit(table, { ...roles, ...RECIPE, seed });
  const given: Record<string, string | Float32Array> = {};
  for (const way of WAYS) given[`rows by ${way.sampler}`] = (await model.sample(ROWS, { ...way, seed })).toCsv();
  const { features, y } = toDataset(table.data, { name: 'cohort', ...roles });
  const x = fitFeatures(features).features(features);
  const run = { backend: await wasmBackend() };
  for (const method of [forest, boosting]) {
    given[method.name] = await (await method.fit(x, y, Stream.fromSeed(seed).child(method.name), run)).predict(x);
  }
  return { given, file: model.save() };
}

/** The core's way, on columns in memory, which the library has read; with the library's labels of streams. */
async function byCore({ csv, schema }: Cohort, seed: number, file: Uint8Array): Promise<Given> {
  const { Stream, boosting, fitFeatures, forest, methodStreams, openModel, saveModel, smallBackend, tabddpm, toCsv } = core;
  const dataset = library.toDataset(library.Table.fromCsv(csv, { schema }).data, { name: 'cohort', ...schema });
  const run = { backend: await smallBackend() };
  const streams = methodStreams(seed, 'tabddpm');
  const model = await openModel(file, run.backend);
  const fitted = await tabddpm.fit(dataset, streams.fit, run, RECIPE);
  const trained = await openModel(saveModel(fitted, dataset, { seed, outline: model.outline }), run.backend);
  const given: Record<string, string | Float32Array> = {};
  for (const { sampler, steps } of WAYS) {
    const options = { sampling: { sampler, samplingSteps: steps } };
    const rows = async ({ draw }: OpenedModel) => toCsv(await draw(ROWS, streams.sample, run, options));
    const text = await rows(model);
    if ((await rows(trained)) !== text) throw new Error(`synthward/core has trained another model than synthward: rows by ${sampler}`);
    given[`rows by ${sampler}`] = text;
  }
  const x = fitFeatures(dataset.features).features(dataset.features);
  for (const method of [forest, boosting]) {
    given[method.name] = await (await method.fit(x, dataset.y, Stream.fromSeed(seed).child(method.name), run)).predict(x);
  }
  return given;
}

/** What both entries give of a table. Throws where they differ. */
export async function bothEntries(cohort: Cohort, seed: number): Promise<Given> {
  const { given, file } = await byLibrary(cohort, seed);
  const other = await byCore(cohort, seed, file);
  const parts = Object.keys({ ...given, ...other });
  const differing = parts.filter((part) => String(given[part]) !== String(other[part]));
  if (differing.length > 0) throw new Error(`synthward/core and synthward differ in ${differing.join(', ')}`);
  return given;
}
