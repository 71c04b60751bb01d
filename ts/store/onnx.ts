/**
 * ONNX files (https://onnx.ai/onnx/repo-docs/IR.html), written only: the parts of the format's protocol buffer that our models need, as
 * field numbers and kinds.
 */
import protobuf from 'protobufjs/minimal.js';

/** A message's fields: number and kind. A list of texts or messages is one field for each of them. */
const SCHEMA = {
  Model: {
    irVersion: [1, 'int'],
    producer: [2, 'text'],
    producerVersion: [3, 'text'],
    doc: [6, 'text'],
    graph: [7, 'Graph'],
    opsets: [8, 'Opset'],
    texts: [14, 'Entry'],
  },
  Opset: { domain: [1, 'text'], version: [2, 'int'] },
  Entry: { key: [1, 'text'], value: [2, 'text'] },
  Graph: { nodes: [1, 'Node'], name: [2, 'text'], constants: [5, 'Tensor'], inputs: [11, 'Value'], outputs: [12, 'Value'] },
  Node: {
    inputs: [1, 'text'],
    outputs: [2, 'text'],
    name: [3, 'text'],
    op: [4, 'text'],
    attributes: [5, 'Attribute'],
    domain: [7, 'text'],
  },
  Attribute: {
    name: [1, 'text'],
    f: [2, 'float'],
    i: [3, 'int'],
    s: [4, 'text'],
    floats: [7, 'floats'],
    ints: [8, 'ints'],
    strings: [9, 'text'],
    type: [20, 'int'],
  },
  Tensor: { dims: [1, 'ints'], dataType: [2, 'int'], name: [8, 'text'], raw: [9, 'bytes'] },
  Value: { name: [1, 'text'], type: [2, 'Type'] },
  Type: { tensor: [1, 'TensorType'] },
  TensorType: { element: [1, 'int'], shape: [2, 'Shape'] },
  Shape: { dims: [1, 'Dim'] },
  Dim: { value: [1, 'int'], name: [2, 'text'] },
} as const;

type Message = keyof typeof SCHEMA;
type Writer = protobuf.Writer;

/** One attribute of a node: whole numbers (`i`, `ints`), floats (`f`, `floats`) or texts (`s`, `strings`). */
export type OnnxAttribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly strings: readonly string[] };

export interface OnnxNode {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A named size of an input or output stands for any. */
export interface OnnxValue {
  readonly name: string;
  readonly kind: 'float' | 'int64';
  readonly dims: readonly (number | string)[];
}

export interface OnnxConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface OnnxModel {
  readonly name: string;
  readonly producerVersion: string;
  readonly doc: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants?: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Texts that go along in the file. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What every onnxruntime since 1.14 reads. */
const IR_VERSION = 8;
const OPSETS = [
  { domain: '', version: 17 },
  { domain: 'ai.onnx.ml', version: 3 },
];
const ELEMENTS = { float: 1, int64: 7 } as const;
const ATTRIBUTE_TYPES: Readonly<Record<string, number>> = { f: 1, i: 2, s: 3, floats: 6, ints: 7, strings: 8 };

export function writeOnnx({ name, producerVersion, doc, nodes, constants = [], inputs, outputs, texts }: OnnxModel): Uint8Array {
  const value = ({ name, kind, dims }: OnnxValue) => ({
    name,
    type: { tensor: { element: ELEMENTS[kind], shape: { dims: dims.map((d) => (typeof d === 'string' ? { name: d } : { value: d })) } } },
  });
  const model = {
    irVersion: IR_VERSION,
    producer: 'synthward',
    producerVersion,
    doc,
    graph: {
      nodes: nodes.map((node, n) => ({
        ...node,
        name: `${node.op}_${n}`,
        attributes: Object.entries(node.attributes ?? {}).map(([own, attribute]) => ({
          name: own,
          ...attribute,
          type: ATTRIBUTE_TYPES[Object.keys(attribute)[0] as string],
        })),
      })),
      name,
      constants: constants.map(({ name, dims, values }) => ({
        name,
        dims,
        dataType: ELEMENTS.float,
        raw: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      })),
      inputs: inputs.map(value),
      outputs: outputs.map(value),
    },
    opsets: OPSETS,
    texts: Object.entries(texts).map(([key, text]) => ({ key, value: text })),
  };
  return put(protobuf.Writer.create(), 'Model', model).finish();
}

/** Wire types of protocol buffers. */
const VARINT = 0;
const COUNTED = 2;
const FOUR_BYTES = 5;

function put(writer: Writer, message: Message, value: Readonly<Record<string, unknown>>): Writer {
  for (const [name, [number, kind]] of Object.entries(SCHEMA[message]) as [string, [number, string]][]) {
    if (value[name] !== undefined) putField(writer, number, kind, value[name]);
  }
  return writer;
}

function putField(writer: Writer, number: number, kind: string, value: unknown): void {
  const tag = (wire: number) => writer.uint32((number << 3) | wire);
  if (kind === 'int') tag(VARINT).int64(value as number);
  else if (kind === 'float') tag(FOUR_BYTES).float(value as number);
  else if (kind === 'bytes') tag(COUNTED).bytes(value as Uint8Array);
  else if (kind === 'ints' || kind === 'floats') {
    tag(COUNTED).fork();
    for (const x of Array.from(value as ArrayLike<number>)) kind === 'ints' ? writer.int64(x) : writer.float(x);
    writer.ldelim();
  } else {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (kind === 'text') tag(COUNTED).string(one as string);
      else put(tag(COUNTED).fork(), kind as Message, one as Record<string, unknown>).ldelim();
    }
  }
}
