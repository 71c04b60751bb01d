/** Names, places and starting values of the parameters of a network, which lie in one block (1, P). */
import type { Backend, Matrix } from '../backend/backend.js';
import type { Stream } from '../random.js';

/** A weight matrix (rows, cols) or a vector (1, cols) at `offset` of the block. */
export interface Parameter {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
}

/** Name, rows and columns; their order is the order of the block. */
export type ParameterShape = readonly [name: string, rows: number, cols: number];

/** Weights (O, I) and bias of a linear layer. */
export const linearShapes = (name: string, inputs: number, outputs: number): ParameterShape[] => [
  [`${name}.w`, outputs, inputs],
  [`${name}.b`, 1, outputs],
];

/** Linear layers one after the other: prefix1, prefix2, … */
export function chainShapes(prefix: string, inputs: number, layers: readonly number[]): ParameterShape[] {
  return layers.flatMap((outputs, l) => linearShapes(`${prefix}${l + 1}`, l === 0 ? inputs : (layers[l - 1] as number), outputs));
}

export function layOut(shapes: readonly ParameterShape[]): Parameter[] {
  let offset = 0;
  return shapes.map(([name, rows, cols]) => {
    const parameter = { name, offset, rows, cols };
    offset += rows * cols;
    return parameter;
  });
}

/** Numbers in the block. */
export const sizeOf = (parameters: readonly Parameter[]): number => parameters.reduce((sum, { rows, cols }) => sum + rows * cols, 0);

/** A window on each parameter of a block, by name. */
export function views(backend: Backend, parameters: readonly Parameter[], block: Matrix): (name: string) => Matrix {
  const windows = new Map(parameters.map((p) => [p.name, backend.view(block, p.offset, p.rows, p.cols)]));
  return (name) => windows.get(name) as Matrix;
}

/**
 * Starting values: linear layers evenly within ±1/√inputs, weights and biases alike (He et al. 2015 with a = √5); other parameters
 * as `others` says, by the last part of their names.
 */
export async function startingValues(
  backend: Backend,
  parameters: readonly Parameter[],
  stream: Stream,
  others: Readonly<Record<string, (u: number) => number>> = {},
): Promise<Float32Array> {
  const mark = backend.mark();
  const block = backend.matrix(1, sizeOf(parameters));
  backend.random.uniform(block, stream);
  const values = await backend.read(block);
  backend.release(mark);
  let bound = 1;
  for (const { name, offset, rows, cols } of parameters) {
    const kind = name.slice(name.lastIndexOf('.') + 1);
    if (kind === 'w') bound = 1 / Math.sqrt(cols);
    const value = others[kind] ?? ((u: number) => (2 * u - 1) * bound);
    for (let i = offset; i < offset + rows * cols; i++) values[i] = value(values[i] as number);
  }
  return values;
}
