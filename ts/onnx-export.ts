/** Models of ours as ONNX graphs. Dimensions: N rows, D features, T trees, M nodes; W width of a network, H its hidden width. */
import type { Backend } from './backend/backend.js';
import type { TreeEnsemble } from './backend/ops-trees.js';
import { forestCodec } from './classify/classifier-codec.js';
import { namedFeatures } from './classify/feature-names.js';
import { storeFeatures } from './classify/stored-features.js';
import { networkOf } from './generate/stored-network.js';
import { openOutline } from './model.js';
import { type DenoiserShape, denoiserParameters } from './nn/denoiser.js';
import { field, integer } from './store/fields.js';
import type { ReadModel } from './store/model.js';
import { type OnnxAttribute, type OnnxConstant, type OnnxNode, type OnnxValue, writeOnnx } from './store/onnx.js';
import { outlinedFeatures } from './table/outline.js';
import { VERSION } from './version.js';

/** Medians for what is missing, then the trees; the label is 1 where the probability of the positive value is above one half. */
export function forestOnnx(read: ReadModel, backend: Backend): Uint8Array {
  const { fitted, encoder } = forestCodec.open(read, backend, outlinedFeatures(openOutline(read)));
  const { ensemble, medians } = fitted;
  const names = namedFeatures(encoder).map(({ name }) => name);
  const ml = 'ai.onnx.ml';
  return writeOnnx({
    name: 'forest',
    producerVersion: VERSION,
    doc: `Random forest of synthward. Columns of "features" in order: ${names.join(', ')}. Missing numbers are NaN.`,
    nodes: [
      {
        op: 'Imputer',
        domain: ml,
        inputs: ['features'],
        outputs: ['filled'],
        attributes: { imputed_value_floats: { floats: medians }, replaced_value_float: { f: Number.NaN } },
      },
      {
        op: 'TreeEnsembleClassifier',
        domain: ml,
        inputs: ['filled'],
        outputs: ['label', 'probabilities'],
        attributes: treeAttributes(ensemble),
      },
    ],
    inputs: [{ name: 'features', kind: 'float', dims: ['N', ensemble.features] }],
    outputs: [
      { name: 'label', kind: 'int64', dims: ['N'] },
      { name: 'probabilities', kind: 'float', dims: ['N', 2] },
    ],
    texts: {
      ...originOf(read),
      feature_names: JSON.stringify(names),
      features: JSON.stringify(storeFeatures(encoder).state),
    },
  });
}

const originOf = (read: ReadModel): Record<string, string> => ({
  synthward: VERSION,
  method: read.method,
  holds: read.holds,
  target: JSON.stringify(read.target.value),
  columns: JSON.stringify(read.columns.value),
  options: JSON.stringify(read.options.value),
});

/** A leaf gives each class its share of the T trees' votes. */
function treeAttributes({ roots, feature, threshold, left, defaultLeft, value }: TreeEnsemble): Record<string, OnnxAttribute> {
  const nodes = feature.length;
  const trees = roots.length - 1;
  const tree = new Int32Array(nodes);
  for (let t = 0; t < trees; t++) tree.fill(t, roots[t], roots[t + 1]);
  const own = (node: number) => node - (roots[tree[node] as number] as number);
  const each = (of: (node: number) => number) => Int32Array.from({ length: nodes }, (_, node) => of(node));
  const isLeaf = (node: number) => feature[node] === -1;
  const child = (node: number, which: 0 | 1) => (isLeaf(node) ? 0 : own((left[node] as number) + which));
  const leaves = Array.from(feature.keys()).filter(isLeaf);
  const votes = leaves.flatMap((node) => [1 - (value[node] as number), value[node] as number]);
  return {
    nodes_treeids: { ints: tree },
    nodes_nodeids: { ints: each(own) },
    nodes_featureids: { ints: feature.map((f) => Math.max(0, f)) },
    nodes_modes: { strings: Array.from(feature, (f) => (f === -1 ? 'LEAF' : 'BRANCH_LT')) },
    nodes_values: { floats: threshold.map((x, node) => (isLeaf(node) ? 0 : x)) },
    nodes_truenodeids: { ints: each((node) => child(node, 0)) },
    nodes_falsenodeids: { ints: each((node) => child(node, 1)) },
    nodes_missing_value_tracks_true: { ints: defaultLeft },
    class_treeids: { ints: leaves.flatMap((node) => [tree[node] as number, tree[node] as number]) },
    class_nodeids: { ints: leaves.flatMap((node) => [own(node), own(node)]) },
    class_ids: { ints: leaves.flatMap(() => [0, 1]) },
    class_weights: { floats: Float32Array.from(votes, (vote) => vote / trees) },
    classlabels_int64s: { ints: [0, 1] },
    post_transform: { s: 'NONE' },
  };
}

const MOST_TIMES = 100_000;

/** The network of a diffusion model: what it predicts of noised rows (N, W) at their times (N), 0-based, and with their labels (N). */
export async function networkOnnx(read: ReadModel, backend: Backend): Promise<Uint8Array> {
  const network = networkOf(read, { special: backend.special, features: outlinedFeatures(openOutline(read)) });
  const { shape, layout, weights } = network;
  const timesteps = integer(field(read.options, 'timesteps'), 1, MOST_TIMES);
  const parameters = denoiserParameters(shape).map(
    ({ name, offset, rows, cols }): OnnxConstant => ({
      name: name === 'label' ? 'labels' : name,
      dims: rows === 1 && name !== 'label' ? [cols] : [rows, cols],
      values: weights.subarray(offset, offset + rows * cols),
    }),
  );
  const rows = (name: string): OnnxValue => ({ name, kind: 'float', dims: ['N', shape.width] });
  const words = (name: string): OnnxValue => ({ name, kind: 'int64', dims: ['N'] });
  return writeOnnx({
    name: 'denoiser',
    producerVersion: VERSION,
    doc: `Denoiser of a ${read.method} model of synthward: one step of the network, not the sampling around it.`,
    nodes: networkGraph(shape),
    constants: [
      ...parameters,
      { name: 'times', dims: [timesteps, shape.hidden], values: await timeTable(backend, timesteps, shape.hidden) },
    ],
    inputs: [rows('x'), words('t'), ...(shape.labels > 0 ? [words('label')] : [])],
    outputs: [rows('output')],
    texts: { ...originOf(read), layout: JSON.stringify({ numbers: layout.numeric, levels: layout.levels }) },
  });
}

/** The embedding of every time (T, H): the core's own numbers, which float32 angles of another runtime would miss. */
async function timeTable(backend: Backend, timesteps: number, hidden: number): Promise<Float32Array> {
  const mark = backend.mark();
  const table = backend.matrix(timesteps, hidden);
  backend.diffusion.timeEmbedding(
    backend.words(
      timesteps,
      Uint32Array.from({ length: timesteps }, (_, t) => t),
    ),
    table,
  );
  const values = await backend.read(table);
  backend.release(mark);
  return values;
}

/** in(x) + t2(silu(t1(time))) [+ silu(label)], then the layers, as in nn/denoiser.ts. */
function networkGraph(shape: DenoiserShape): OnnxNode[] {
  const { layers, labels, activation } = shape;
  const nodes: OnnxNode[] = [];
  const put = (op: string, inputs: string[], output: string, attributes: Record<string, OnnxAttribute> = {}): string => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const linear = (x: string, name: string, output = `${name}.z`) =>
    put('Gemm', [x, `${name}.w`, `${name}.b`], output, { transB: { i: 1 } });
  const bent = (z: string, kind: 'relu' | 'silu'): string =>
    kind === 'relu' ? put('Relu', [z], `${z}.relu`) : put('Mul', [z, put('Sigmoid', [z], `${z}.sigmoid`)], `${z}.silu`);

  const embedded = linear(bent(linear(put('Gather', ['times', 't'], 'time'), 't1'), 'silu'), 't2');
  let h = put('Add', [linear('x', 'in'), embedded], 'h0.time');
  if (labels > 0) h = put('Add', [h, bent(put('Gather', ['labels', 'label'], 'label.row'), 'silu')], 'h0.label');
  for (const l of layers.keys()) h = bent(linear(h, `l${l + 1}`), activation);
  linear(h, 'out', 'output');
  return nodes;
}
