/**
 * Writes a model in the ONNX format (onnx.proto): a graph of nodes on float32 tensors. Numbers before fields are those of the protocol
 * buffers' definition.
 */
const FLOAT = 1;

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const whole = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
function bytes(field, value) {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

const dimensions = (shape) => Buffer.concat(shape.map((size) => bytes(1, whole(1, size))));
const valueInfo = ({ name, shape }) =>
  Buffer.concat([bytes(1, name), bytes(2, bytes(1, Buffer.concat([whole(1, FLOAT), bytes(2, dimensions(shape))])))]);

/** A constant; values are its float32 numbers. */
const tensor = ({ name, shape, values }) =>
  Buffer.concat([
    ...shape.map((size) => whole(1, size)),
    whole(2, FLOAT),
    bytes(8, name),
    bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);

const nodeOf = ({ op, inputs, output }) =>
  Buffer.concat([...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(3, output), bytes(4, op)]);

/** nodes: {op, inputs, output}; inputs and outputs: {name, shape}; constants: {name, shape, values}. */
export function model({ nodes, inputs, outputs, constants }) {
  const graph = Buffer.concat([
    ...nodes.map((one) => bytes(1, nodeOf(one))),
    bytes(2, 'work'),
    ...constants.map((one) => bytes(5, tensor(one))),
    ...inputs.map((one) => bytes(11, valueInfo(one))),
    ...outputs.map((one) => bytes(12, valueInfo(one))),
  ]);
  const operators = Buffer.concat([bytes(1, ''), whole(2, 13)]);
  return Buffer.concat([whole(1, 8), bytes(7, graph), bytes(8, operators)]);
}
