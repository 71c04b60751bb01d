/** Forests, boosters and denoisers as ONNX, run by onnxruntime: the same numbers. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TreeEnsemble } from '../../ts/backend/ops-trees.js';
import { boostingCodec } from '../../ts/classify/classifier-codec.js';
import { exportModel } from '../../ts/exchange.js';
import { networkOf } from '../../ts/generate/stored-network.js';
import { ADASYN, Boosting, TabDDPM, TabDDPMJoint, Table } from '../../ts/index.js';
import { openOutline } from '../../ts/model.js';
import { predictor } from '../../ts/nn/denoiser.js';
import { Stream } from '../../ts/random.js';
import { readModel, writeModel } from '../../ts/store/model.js';
import { type OnnxAttribute, writeOnnx } from '../../ts/store/onnx.js';
import { outlinedFeatures } from '../../ts/table/outline.js';
import { VERSION } from '../../ts/version.js';
import { allClose } from '../close.js';
import { golden } from '../golden.js';
import { SMALL } from '../library/cohort.js';
import { has } from '../requirements.js';
import { backend, boosterBytes, forestBytes, predicted, python, roles, table, written } from './files.js';

const test = suite('ONNX');

const RUN = `
import onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options)
texts = session.get_modelmeta().custom_metadata_map
`;

const FLOATS = /(_weights|_values|_hitrates|base_values)$/;
const attributesOf = (plain: Record<string, unknown>): Record<string, OnnxAttribute> =>
  Object.fromEntries(
    Object.entries(plain).map(([name, value]): [string, OnnxAttribute] => {
      if (typeof value === 'string') return [name, { s: value }];
      const list = value as (number | string)[];
      if (typeof list[0] === 'string') return [name, { strings: list as string[] }];
      return [name, FLOATS.test(name) ? { floats: list as number[] } : { ints: list as number[] }];
    }),
  );

for (const c of golden('onnx_trees')) {
  test(`${c.name ?? c.kind}: written by us, onnxruntime says what it said of the original`, () => {
    if (!has('python:onnxruntime')) return;
    const file = writeOnnx({
      name: 'golden',
      producerVersion: '0',
      doc: '',
      nodes: [
        {
          op: c.op,
          domain: 'ai.onnx.ml',
          inputs: ['x'],
          outputs: ['label', 'probabilities'],
          attributes: attributesOf(c.attributes),
        },
      ],
      inputs: [{ name: 'x', kind: 'float', dims: ['N', c.probe[0].length] }],
      outputs: [
        { name: 'label', kind: 'int64', dims: ['N'] },
        { name: 'probabilities', kind: 'float', dims: ['N', c.proba[0].length] },
      ],
      texts: {},
    });
    const said = python<{ labels: number[]; proba: number[][] }>(
      `${RUN}
labels, proba = session.run(None, {"x": np.array(json.loads(sys.argv[2]), "f4")})
print(json.dumps({"labels": labels.tolist(), "proba": proba.tolist()}))`,
      [written('golden.onnx', file), JSON.stringify(c.probe)],
    );
    assert.equal(said.labels, c.labels);
    allClose(said.proba.flat(), c.proba.flat(), { abs: 1e-6 }, 'probabilities');
  });
}

interface Said {
  readonly labels: number[];
  readonly proba: number[];
  readonly names: string[];
  readonly target: object;
}

/** What onnxruntime says of rows (N, D) by a model of trees. */
function saidBy(onnx: Uint8Array, values: Float32Array, cols: number): Said {
  return python<Said>(
    `${RUN}
x = np.fromfile(sys.argv[2], "f4").reshape(-1, ${cols})
labels, proba = session.run(None, {"features": x})
assert np.abs(proba.sum(1) - 1).max() < 1e-5
print(json.dumps({"labels": labels.tolist(), "proba": proba[:, 1].tolist(), "names": json.loads(texts["feature_names"]),
    "target": json.loads(texts["target"])}))`,
    [written('trees.onnx', onnx), written('x.bin', new Uint8Array(values.buffer))],
  );
}

for (const [name, fit] of [
  ['forest', forestBytes],
  ['booster', boosterBytes],
] as const) {
  test(`a ${name}: onnxruntime gives its probabilities, missing numbers and all`, async () => {
    const bytes = await fit();
    const { features, probability } = await predicted(bytes);
    assert.ok(features.values.some(Number.isNaN), 'some are missing');
    const onnx = await exportModel(bytes, 'onnx', backend);
    if (!has('python:onnxruntime')) return;
    const said = saidBy(onnx, features.values, features.cols);
    allClose(said.proba, probability, { abs: 1e-5 }, 'probabilities');
    assert.equal(said.names, ['age', 'lactate', 'ward=a (below 1)', 'ward=b', 'ward=c', 'stage']);
    assert.equal(said.target, { column: 'died', positive: 'yes', negative: 'no' });
    const sure = probability.findIndex((p) => p > 0.6);
    assert.is(said.labels[sure], 1);
  });
}

const booster = (bytes: Uint8Array) => {
  const read = readModel(bytes);
  return { read, ...boostingCodec.open(read, backend, outlinedFeatures(openOutline(read))) };
};

/** Rows (N, D) of a table, one at a time with a split's threshold in its column, the float32 number below it, or nothing. */
function probes(values: Float32Array, { feature, threshold, features }: TreeEnsemble): Float32Array {
  const rows = values.length / features;
  const splits = Array.from(feature.keys()).filter((node) => feature[node] !== -1);
  const probed = splits.flatMap((node, n) => {
    const limit = threshold[node] as number;
    return [limit, below(limit), Number.NaN].map((cell, which) => {
      const row = values.slice((((3 * n + which) * 7) % rows) * features).subarray(0, features);
      row[feature[node] as number] = cell;
      return row;
    });
  });
  return Float32Array.from(probed.flatMap((row) => Array.from(row)));
}

/** The next float32 number below a normal one. */
function below(x: number): number {
  const bits = new Int32Array(Float32Array.of(x).buffer);
  bits[0] = x > 0 ? (bits[0] as number) - 1 : x < 0 ? (bits[0] as number) + 1 : 0x80800000;
  return new Float32Array(bits.buffer)[0] as number;
}

for (const [name, target, group] of [
  ['breast_cancer', 'diagnosis', undefined],
  ['pbc_visits', 'event_within_260d', 'patient_id'],
] as const) {
  test(`a booster of ${name}: the same on thresholds, just below them, and where cells are missing`, async () => {
    const real = Table.fromCsv(readFileSync(new URL(`../../data/${name}.csv`, import.meta.url), 'utf8'), { name });
    const bytes = (await Boosting.fit(real, { target, group })).save();
    const { fitted, encoder } = booster(bytes);
    const features = encoder.features(real.data);
    const values = probes(features.values, fitted.ensemble);
    const probability = await fitted.predict({ ...features, rows: values.length / features.cols, values });
    const onnx = await exportModel(bytes, 'onnx', backend);
    if (!has('python:onnxruntime')) return;
    const said = saidBy(onnx, values, features.cols);
    allClose(said.proba, probability, { abs: 1e-6 }, 'probabilities');
    const near = 1e-5; // to one half, the last digits decide the label
    for (const [row, p] of probability.entries())
      if (!(Math.abs(p - 0.5) <= near)) assert.is(said.labels[row], Number(p > 0.5), `label of row ${row}, of probability ${p}`);
  });
}

test('a booster without a negative leaf: its label goes by the probability all the same', async () => {
  const { read, fitted, encoder } = booster(await boosterBytes(3));
  const { seed, target, columns, training } = read;
  const value = fitted.ensemble.value.map((x) => Math.abs(x) / 4);
  const positive = { ...fitted, ensemble: { ...fitted.ensemble, value, base: -0.1 } };
  const bytes = writeModel(boostingCodec.save(positive, encoder), {
    version: VERSION,
    seed: seed.value as number,
    target: target.value as never,
    columns: columns.value as never,
    training: training.value as never,
  });
  const { features, probability } = await predicted(bytes);
  const labels = Array.from(probability, (p) => Number(p > 0.5));
  assert.ok(
    probability.some((p) => p > 0.5 && p < 1 / (1 + Math.exp(-0.5))),
    'margins between 0 and one half',
  );
  const onnx = await exportModel(bytes, 'onnx', backend);
  if (!has('python:onnxruntime')) return;
  assert.equal(saidBy(onnx, features.values, features.cols).labels, labels);
});

for (const method of [TabDDPM, TabDDPMJoint]) {
  for (const hidden of [16, 15]) {
    test(`the network of ${method.method}, ${hidden} wide: onnxruntime gives its outputs at every time`, async () => {
      const options = { ...roles, ...SMALL, hidden, layers: [24, 17] };
      const bytes = (await method.fit(table, options as never)).save();
      const file = written('network.onnx', await exportModel(bytes, 'onnx', backend));
      if (!has('python:onnxruntime')) return;
      const read = readModel(bytes);
      const { shape, weights } = networkOf(read, { special: backend.special, features: outlinedFeatures(openOutline(read)) });
      const [rows, T, W] = [7, SMALL.timesteps, shape.width];
      const x = backend.matrix(rows, W);
      backend.random.normal(x, Stream.fromSeed(1));
      const times = Uint32Array.from({ length: T }, (_, t) => t);
      const label = shape.labels > 0 ? 1 : null;
      const network = predictor(backend, shape, backend.matrix(1, weights.length, weights), rows, times, label);
      const output = backend.matrix(rows, W);
      const own: number[] = [];
      for (let t = 0; t < T; t++) {
        network.predict(x, t, output);
        own.push(...(await backend.read(output)));
      }
      const said = python<{ out: number[]; layout: { numbers: number; levels: number[] } }>(
        `${RUN}
x = np.fromfile(sys.argv[2], "f4").reshape(-1, ${W})
feeds = lambda t: {"x": x, "t": np.full(len(x), t), **({"label": np.full(len(x), 1)} if ${shape.labels} else {})}
print(json.dumps({"out": np.stack([session.run(None, feeds(t))[0] for t in range(${T})]).ravel().tolist(), "layout": json.loads(texts["layout"])}))`,
        [file, written('noised.bin', new Uint8Array((await backend.read(x)).slice().buffer))],
      );
      allClose(said.out, own, { abs: 1e-5, rel: 1e-5 }, 'outputs');
      assert.is(
        said.layout.levels.reduce((sum, k) => sum + k, said.layout.numbers),
        W,
      );
    });
  }
}

test('a model without trees or network is refused', async () => {
  const bytes = (await ADASYN.fit(table, roles)).save();
  const says = async (format: 'onnx' | 'xgboost-json') => (await exportModel(bytes, format, backend).catch((error) => error)).message;
  assert.is(
    await says('onnx'),
    'ONNX is written of rf, xgb, tabddpm, tabddpm-joint, tabddpm-partial, not of adasyn; keep its model file as it is',
  );
  assert.is(await says('xgboost-json'), "XGBoost's format holds no model of adasyn; write one of xgb, or take another ending than .json");
});

test.run();
