/** The denoiser's parameters, in the order in which the file has them, and the table of times. */

/** Name and shape of each: weights (outputs, inputs), then biases. */
export function parameters({ hidden, layers }, width) {
  const linear = (name, inputs, outputs) => [
    { name: `${name}.w`, shape: [outputs, inputs] },
    { name: `${name}.b`, shape: [outputs] },
  ];
  const widths = [hidden, ...layers];
  return [
    ...linear('in', width, hidden),
    ...linear('t1', hidden, hidden),
    ...linear('t2', hidden, hidden),
    ...layers.flatMap((outputs, l) => linear(`l${l + 1}`, widths[l], outputs)),
    ...linear('out', layers.at(-1), width),
  ];
}

/** Values of each parameter by name. Weights are turned to (inputs, outputs), the form that is multiplied without a transposition. */
export function turned(list, values) {
  let at = 0;
  return list.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b);
    const own = values.subarray(at, at + size);
    at += size;
    if (shape.length === 1) return { name, shape, values: own };
    const [outputs, inputs] = shape;
    return {
      name,
      shape: [inputs, outputs],
      values: Float32Array.from({ length: size }, (_, i) => own[(i % outputs) * inputs + Math.floor(i / outputs)]),
    };
  });
}

/** cos and sin of t·10000^(−j/half); (times, width) row-major. */
export function timeTable(times, width) {
  const half = width / 2;
  return Float32Array.from({ length: times.length * width }, (_, i) => {
    const [t, j] = [times[Math.floor(i / width)], i % width];
    const angle = t * Math.exp((-Math.log(10000) * (j % half)) / half);
    return j < half ? Math.cos(angle) : Math.sin(angle);
  });
}

/** 0, 1, … */
export const counting = (n) => Uint32Array.from({ length: n }, (_, i) => i);
