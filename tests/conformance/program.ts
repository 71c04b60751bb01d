/**
 * What every engine computes: each generator trained briefly on two real tables, its rows, both classifiers' probabilities, the numbers
 * of a cell of the study, and what both built entries of the package give; one SHA-256 a part. The same bundle of this file runs everywhere.
 */
import breastCancer from '../../data/breast_cancer.csv';
import breastCancerFacts from '../../data/breast_cancer.json' with { type: 'json' };
import visits from '../../data/pbc_visits.csv';
import visitsFacts from '../../data/pbc_visits.json' with { type: 'json' };
import type { Backend } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { Stream } from '../../ts/random.js';
import { runCell } from '../../ts/study/cell.js';
import { TIME_FIELDS } from '../../ts/study/result.js';
import { newShared } from '../../ts/study/shared.js';
import { splitOf } from '../../ts/study/splits.js';
import { readCsv, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { parseDescription } from '../../ts/table/description.js';
import { type Dataset, takeDataset } from '../../ts/table/table.js';
import { VERSION } from '../../ts/version.js';
import { classifiers, generators, nameOf } from '../contract/registry.js';
import { bothEntries } from './entries.js';

const SEED = 1;
const ROWS = 50; // drawn of each generator

/** Names of parts and the SHA-256 of their bytes, and that of all of them. */
export interface Digest {
  readonly parts: Readonly<Record<string, string>>;
  readonly sha256: string;
}

const tables = [
  { name: 'breast_cancer', csv: breastCancer, facts: breastCancerFacts },
  { name: 'pbc_visits', csv: visits, facts: visitsFacts },
];

async function sha256(data: string | ArrayBufferView): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const schemaOf = ({ name, facts }: (typeof tables)[number]) => parseDescription(JSON.stringify(facts), `${name}.json`).schema;

function datasetOf(table: (typeof tables)[number]): Dataset {
  const { name, csv } = table;
  const schema = schemaOf(table);
  return toDataset(readCsv(csv, { file: `${name}.csv`, schema }), { name, ...schema });
}

async function draw(dataset: Dataset, backend: Backend, digest: (part: string, data: string | ArrayBufferView) => Promise<void>) {
  const train = takeDataset(dataset, splitOf(dataset, 0, SEED).train);
  const run = { backend };
  for (const entry of generators) {
    const own = Stream.fromSeed(SEED).child(dataset.name).child(nameOf(entry));
    const mark = backend.mark();
    const sampler = await entry.generator.fit(train, own.child('fit'), run, entry.options);
    await digest(`${dataset.name}, ${nameOf(entry)}`, toCsv(await sampler.sample(ROWS, own.child('sample'), run)));
    backend.release(mark);
  }
  const x = fitFeatures(train.features).features(train.features);
  for (const { classifier, options } of classifiers) {
    const fitted = await classifier.fit(x, train.y, Stream.fromSeed(SEED).child(classifier.name), { backend }, options);
    await digest(`${dataset.name}, ${classifier.name}`, await fitted.predict(x));
  }
}

/** The numbers of one cell, with its generator, classifiers and metrics at their defaults. */
async function cell(dataset: Dataset, backend: Backend): Promise<string> {
  const setting = { seed: SEED, classifiers: ['rf', 'xgb'], tuned: false, version: VERSION };
  const { lines } = await runCell({ dataset: dataset.name, split: 0, method: 'smote', ratio: 1 }, dataset, setting, {
    backend,
    shared: newShared(),
  });
  return JSON.stringify(lines.map((line) => Object.entries(line).filter(([name]) => !(TIME_FIELDS as readonly string[]).includes(name))));
}

/** Everything, on the simd core. */
export async function conform(): Promise<Digest> {
  const backend = await wasmBackend('simd');
  const parts: Record<string, string> = {};
  const digest = async (part: string, data: string | ArrayBufferView) => {
    parts[part] = await sha256(data);
  };
  for (const table of tables) {
    const dataset = datasetOf(table);
    await draw(dataset, backend, digest);
    await digest(`${table.name}, a cell`, await cell(dataset, backend));
    const given = await bothEntries({ csv: table.csv, schema: schemaOf(table) }, SEED);
    for (const [part, data] of Object.entries(given)) await digest(`${table.name}, built, ${part}`, data);
  }
  return { parts, sha256: await sha256(JSON.stringify(parts)) };
}
