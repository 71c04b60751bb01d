/** Models of ours as ONNX graphs. Dimensions: N rows, D features, T trees, M nodes; W width of a network, H its hidden width. */
import type { Backend } from './backend/backend.js';
import type { TreeEnsemble } from './backend/ops-trees.js';
import { boostingCodec, forestCodec } from './classify/classifier-codec.js';
import { namedFeatures } from './classify/feature-names.js';
import { storeFeatures } from './classify/stored-features.js';
import type { FeatureEncoder } from './encode/features.js';
import { networkOf } from './generate/stored-network.js';
import { openOutline } from './model.js';
import { type DenoiserShape, denoiserParameters } from './nn/denoiser.js';
import { field, integer } from './store/fields.js';
import type { ReadModel } from './store/model.js';
import { type OnnxAttribute, type OnnxConstant, type OnnxNode, type OnnxValue, writeOnnx } from './store/onnx.js';
import { outlinedFeatures } from './table/outline.js';
import { VERSION } from './version.js';

const ML = 'ai.onnx.ml';

/** Medians for what is missing, then the trees; the label is 1 where the probability of the positive value is above one half. */
export function forestOnnx(read: ReadModel, backend: Backend): Uint8Array {
  const { fitted, encoder } = forestCodec.open(read, backend, outlinedFeatures(openOutline(read)));
  const { ensemble, medians } = fitted;
  return classifierOnnx(read, encoder, 'forest', [
    {
      op: 'Imputer',
      domain: ML,
      inputs: ['features'],
      outputs: ['filled'],
      attributes: { imputed_value_floats: { floats: medians }, replaced_value_float: { f: Number.NaN } },
    },
    {
      op: 'TreeEnsembleClassifier',
      domain: ML,
      inputs: ['filled'],
      outputs: ['label', 'probabilities'],
      attributes: { ...nodeAttributes(ensemble), ...voteAttributes(ensemble) },
    },
  ]);
}

/**
 * The margin, its logistic function, and the label as of a forest. A TreeEnsembleClassifier with LOGISTIC would do it in one node, but
 * where no leaf is negative onnxruntime finds its label by comparing the margin with one half.
 */
export function boosterOnnx(read: ReadModel, backend: Backend): Uint8Array {
  const { fitted, encoder } = boostingCodec.open(read, backend, outlinedFeatures(openOutline(read)));
  const { ensemble } = fitted;
  return classifierOnnx(read, encoder, 'booster', [
    {
      op: 'TreeEnsembleRegressor',
      domain: ML,
      inputs: ['features'],
      outputs: ['margin'],
      attributes: { ...nodeAttributes(ensemble), ...leafAttributes(ensemble) },
    },
    { op: 'Neg', inputs: ['margin'], outputs: ['negated'] },
    { op: 'Concat', inputs: ['negated', 'margin'], outputs: ['margins'], attributes: { axis: { i: 1 } } },
    { op: 'Sigmoid', inputs: ['margins'], outputs: ['probabilities'] },
    { op: 'ArgMax', inputs: ['probabilities'], outputs: ['label'], attributes: { axis: { i: 1 }, keepdims: { i: 0 } } },
  ]);
}

const SAID = { forest: 'Random forest', booster: 'Gradient boosting' } as const;

/** A graph from `features` (N, D) to `label` (N) and `probabilities` (N, 2), of the negative and the positive value. */
function classifierOnnx(read: ReadModel, encoder: FeatureEncoder, name: keyof typeof SAID, nodes: readonly OnnxNode[]): Uint8Array {
  const names = namedFeatures(encoder).map(({ name }) => name);
  return writeOnnx({
    name,
    producerVersion: VERSION,
    doc: `${SAID[name]} of synthward. Columns of "features" in order: ${names.join(', ')}. Missing numbers are NaN.`,
    nodes,
    inputs: [{ name: 'features', kind: 'float', dims: ['N', names.length] }],
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

/** The tree of each node, and its number in that tree. */
function places({ roots, feature }: TreeEnsemble) {
  const tree = new Int32Array(feature.length);
  for (let t = 0; t + 1 < roots.length; t++) tree.fill(t, roots[t], roots[t + 1]);
  const own = (node: number) => node - (roots[tree[node] as number] as number);
  return { tree, own, leaves: Array.from(feature.keys()).filter((node) => feature[node] === -1) };
}

/** The splits: below the threshold to the left, where the missing goes too if the split has learnt so. */
function nodeAttributes(ensemble: TreeEnsemble): Record<string, OnnxAttribute> {
  const { feature, threshold, left, defaultLeft } = ensemble;
  const { tree, own } = places(ensemble);
  const each = (of: (node: number) => number) => Int32Array.from(feature.keys(), of);
  const isLeaf = (node: number) => feature[node] === -1;
  const child = (node: number, which: 0 | 1) => (isLeaf(node) ? 0 : own((left[node] as number) + which));
  return {
    nodes_treeids: { ints: tree },
    nodes_nodeids: { ints: each(own) },
    nodes_featureids: { ints: feature.map((f) => Math.max(0, f)) },
    nodes_modes: { strings: Array.from(feature, (f) => (f === -1 ? 'LEAF' : 'BRANCH_LT')) },
    nodes_values: { floats: threshold.map((x, node) => (isLeaf(node) ? 0 : x)) },
    nodes_truenodeids: { ints: each((node) => child(node, 0)) },
    nodes_falsenodeids: { ints: each((node) => child(node, 1)) },
    nodes_missing_value_tracks_true: { ints: defaultLeft },
  };
}

/** A leaf gives each class its share of the T trees' votes. */
function voteAttributes(ensemble: TreeEnsemble): Record<string, OnnxAttribute> {
  const { tree, own, leaves } = places(ensemble);
  const trees = ensemble.roots.length - 1;
  const votes = leaves.flatMap((node) => [1 - (ensemble.value[node] as number), ensemble.value[node] as number]);
  return {
    class_treeids: { ints: leaves.flatMap((node) => [tree[node] as number, tree[node] as number]) },
    class_nodeids: { ints: leaves.flatMap((node) => [own(node), own(node)]) },
    class_ids: { ints: leaves.flatMap(() => [0, 1]) },
    class_weights: { floats: Float32Array.from(votes, (vote) => vote / trees) },
    classlabels_int64s: { ints: [0, 1] },
    post_transform: { s: 'NONE' },
  };
}

/** A leaf adds its value to the margin, which starts at the base. */
function leafAttributes(ensemble: TreeEnsemble): Record<string, OnnxAttribute> {
  const { tree, own, leaves } = places(ensemble);
  return {
    target_treeids: { ints: leaves.map((node) => tree[node] as number) },
    target_nodeids: { ints: leaves.map(own) },
    target_ids: { ints: leaves.map(() => 0) },
    target_weights: { floats: leaves.map((node) => ensemble.value[node] as number) },
    n_targets: { i: 1 },
    base_values: { floats: [ensemble.base] },
    aggregate_function: { s: 'SUM' },
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
