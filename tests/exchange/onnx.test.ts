/** Forests and denoisers as ONNX, run by onnxruntime: the same numbers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exportModel } from '../../ts/exchange.js';
import { networkOf } from '../../ts/generate/stored-network.js';
import { ADASYN, TabDDPM, TabDDPMJoint } from '../../ts/index.js';
import { openOutline } from '../../ts/model.js';
import { predictor } from '../../ts/nn/denoiser.js';
import { Stream } from '../../ts/random.js';
import { readModel } from '../../ts/store/model.js';
import { type OnnxAttribute, writeOnnx } from '../../ts/store/onnx.js';
import { outlinedFeatures } from '../../ts/table/outline.js';
import { allClose } from '../close.js';
import { golden } from '../golden.js';
import { SMALL } from '../library/cohort.js';
import { has } from '../requirements.js';
import { backend, forestBytes, predicted, python, roles, table, written } from './files.js';

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

test('a forest: onnxruntime gives its probabilities, missing numbers and all', async () => {
  const bytes = await forestBytes();
  const { features, probability } = await predicted(bytes);
  assert.ok(features.values.some(Number.isNaN), 'some are missing');
  const file = written('forest.onnx', await exportModel(bytes, 'onnx', backend));
  if (!has('python:onnxruntime')) return;
  const said = python<{ labels: number[]; proba: number[]; names: string[]; target: object }>(
    `${RUN}
x = np.fromfile(sys.argv[2], "f4").reshape(-1, ${features.cols})
labels, proba = session.run(None, {"features": x})
assert np.abs(proba.sum(1) - 1).max() < 1e-5
print(json.dumps({"labels": labels.tolist(), "proba": proba[:, 1].tolist(), "names": json.loads(texts["feature_names"]),
    "target": json.loads(texts["target"])}))`,
    [file, written('f.bin', new Uint8Array(features.values.buffer))],
  );
  allClose(said.proba, probability, { abs: 1e-5 }, 'probabilities');
  assert.equal(said.names, ['age', 'lactate', 'ward=a (below 1)', 'ward=b', 'ward=c', 'stage']);
  assert.equal(said.target, { column: 'died', positive: 'yes', negative: 'no' });
  const sure = probability.findIndex((p) => p > 0.6);
  assert.is(said.labels[sure], 1);
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
    'ONNX is written of rf, tabddpm, tabddpm-joint, tabddpm-partial, not of adasyn; take another ending than .onnx',
  );
  assert.is(await says('xgboost-json'), "XGBoost's format holds no model of adasyn; write one of xgb, or take another ending than .json");
});

test.run();
