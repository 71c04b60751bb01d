/**
 * What rounding TabDDPM's weights to half precision does to its rows: the same fit and the same noise with either, judged against the test
 * minority of the study's splits. Usage: node --import tsx bench/precision.ts [splits]
 */
import { wasmBackend } from '../ts/backend/select.js';
import { fitFeatures } from '../ts/encode/features.js';
import { tabddpm } from '../ts/generate/tabddpm.js';
import { bandwidth, mmd } from '../ts/metrics/fidelity.js';
import { embeddedNames, loadTables } from '../ts/node/datasets.js';
import { Stream } from '../ts/random.js';
import { JUDGED_ROWS, minorityOf } from '../ts/study/fidelity.js';
import { splitOf } from '../ts/study/splits.js';
import { type Dataset, takeDataset } from '../ts/table/table.js';

const SEED = 1;
const splits = Number(process.argv[2] ?? 3);
const backend = await wasmBackend();

/** Excess MMD² (unbiased, over the floor) of the rows of each precision, on one split. */
async function excesses(dataset: Dataset, split: number): Promise<number[]> {
  const { train: inner, test: outer } = splitOf(dataset, SEED, split);
  const [train, test] = [takeDataset(dataset, inner), takeDataset(dataset, outer)];
  const stream = Stream.fromSeed(SEED).child(dataset.name).child('precision').child(split);
  const encoder = fitFeatures(train.features);
  const [own, held] = [encoder.standardised(minorityOf(train)), encoder.standardised(minorityOf(test))];
  const s = await bandwidth(backend, own, stream.child('bandwidth'));
  const floor = (await mmd(backend, own, held, s, stream.child('floor'))).unbiased;
  const excess = [];
  for (const precision of ['F32', 'F16'] as const) {
    const sampler = await tabddpm.fit(train, stream.child('fit'), { backend }, { precision });
    const rows = encoder.standardised(await sampler.sample(JUDGED_ROWS, stream.child('sample'), { backend }));
    excess.push((await mmd(backend, rows, held, s, stream.child('mmd'))).unbiased - floor);
  }
  return excess;
}

for (const { dataset } of await loadTables(embeddedNames.map((name) => ({ name })))) {
  for (let split = 0; split < splits; split++) {
    const [single, half] = (await excesses(dataset, split)) as [number, number];
    const change = (half - single).toExponential(1);
    console.log(`${dataset.name} split ${split}: excess MMD² ${single.toFixed(6)} (F32), ${half.toFixed(6)} (F16), ${change} more`);
  }
}
