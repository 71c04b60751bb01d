/**
 * Noising, loss and reverse steps of mixed tables as gpu.js kernels: the Gaussian part as in assembly/diffusion.ts, the categories as in
 * assembly/multinomial.ts, where the equations' sources are. gpu.js parses their text, so that none can call a function of another.
 *
 * Dimensions: N data rows, B batch rows, F numbers, C category columns, K levels of one, W = F + ΣK, T steps.
 * A table of places says of each network column x its category column, the column where that starts, and its levels K; places (3, W).
 * Codes are row-major in one row, (1, B·C) or (1, N·C).
 */

type Grid = readonly (readonly number[])[];

interface Kernel<Constants extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constants, number>>;
}

/**
 * √ᾱ·x0 + √(1 − ᾱ)·ε, or another sum of the two, by factors (T, ≥ at + 2) at two neighbouring columns. x0 (N, F), noise (B, F), index and
 * times (1, B).
 */
export function mixed(this: Kernel<'at'>, x0: Grid, noise: Grid, index: Grid, times: Grid, factors: Grid): number {
  const t = times[0][this.thread.y];
  return (
    factors[t][this.constants.at] * x0[index[0][this.thread.y]][this.thread.x] +
    factors[t][this.constants.at + 1] * noise[this.thread.y][this.thread.x]
  );
}

/** The network's input (B, W): numbers (B, F) as they are, categories as the log of their one-hot, floored. */
export function networkInput(this: Kernel<'numeric' | 'columns'>, numbers: Grid, codes: Grid, places: Grid, logFloor: number): number {
  if (this.thread.x < this.constants.numeric) {
    return numbers[this.thread.y][this.thread.x];
  }
  const code = codes[0][this.thread.y * this.constants.columns + places[0][this.thread.x]];
  if (Math.abs(this.thread.x - places[1][this.thread.x] - code) < 0.5) {
    return 0;
  }
  return logFloor;
}

/** input (B, W) with its numbers taken from (B, F). */
export function withNumbers(this: Kernel<'numeric'>, numbers: Grid, input: Grid): number {
  if (this.thread.x < this.constants.numeric) {
    return numbers[this.thread.y][this.thread.x];
  }
  return input[this.thread.y][this.thread.x];
}

/** The gradient of the numbers' loss: (output − target)·slope; 0 in category columns. */
export function numberGradient(this: Kernel<'numeric'>, output: Grid, target: Grid, slope: number): number {
  if (this.thread.x < this.constants.numeric) {
    return (output[this.thread.y][this.thread.x] - target[this.thread.y][this.thread.x]) * slope;
  }
  return 0;
}

/**
 * KL(q(x_{t−1} | x_t, x0) ‖ q(x_{t−1} | x_t, p0)) of each row and category column, −log p0[x0] at t = 0; (B, C).
 * spans (2, C): first network column and levels; chances (T, 4): α, 1 − α, ᾱ_{t−1}, 1 − ᾱ_{t−1}.
 */
export function categoryTerms(
  this: Kernel<'columns' | 'most'>,
  output: Grid,
  codes: Grid,
  index: Grid,
  noised: Grid,
  times: Grid,
  spans: Grid,
  chances: Grid,
): number {
  const start = spans[0][this.thread.x];
  const k = spans[1][this.thread.x];
  const x0 = codes[0][index[0][this.thread.y] * this.constants.columns + this.thread.x];
  const xt = noised[0][this.thread.y * this.constants.columns + this.thread.x];
  const t = times[0][this.thread.y];
  let top = output[this.thread.y][start];
  for (let j = 1; j < this.constants.most; j++) {
    if (j < k) {
      top = Math.max(top, output[this.thread.y][start + j]);
    }
  }
  let sum = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      sum += Math.exp(output[this.thread.y][start + j] - top);
    }
  }
  if (t < 0.5) {
    return Math.log(sum) + top - output[this.thread.y][start + x0];
  }
  const keep = chances[t][0];
  const spread = chances[t][1] / k;
  const share = chances[t][2];
  const floor = chances[t][3] / k;
  let modelSum = 0;
  let truthSum = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      let likelihood = spread;
      if (Math.abs(j - xt) < 0.5) {
        likelihood += keep;
      }
      let known = floor;
      if (Math.abs(j - x0) < 0.5) {
        known += share;
      }
      modelSum += likelihood * (share * (Math.exp(output[this.thread.y][start + j] - top) / sum) + floor);
      truthSum += likelihood * known;
    }
  }
  let loss = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      let known = floor;
      if (Math.abs(j - x0) < 0.5) {
        known += share;
      }
      let likelihood = spread;
      if (Math.abs(j - xt) < 0.5) {
        likelihood += keep;
      }
      const model = share * (Math.exp(output[this.thread.y][start + j] - top) / sum) + floor;
      // both weights share the likelihood, which drops out of their ratio
      loss += ((likelihood * known) / truthSum) * (Math.log(known / model) - Math.log(truthSum / modelSum));
    }
  }
  return loss;
}

/** dOutput with the categories' part put in: the gradient of `scale` times the terms above; dOutput and output (B, W). */
export function categoryGradient(
  this: Kernel<'numeric' | 'columns' | 'most'>,
  dOutput: Grid,
  output: Grid,
  codes: Grid,
  index: Grid,
  noised: Grid,
  times: Grid,
  places: Grid,
  chances: Grid,
  scale: number,
): number {
  if (this.thread.x < this.constants.numeric) {
    return dOutput[this.thread.y][this.thread.x];
  }
  const column = places[0][this.thread.x];
  const start = places[1][this.thread.x];
  const k = places[2][this.thread.x];
  const x0 = codes[0][index[0][this.thread.y] * this.constants.columns + column];
  const xt = noised[0][this.thread.y * this.constants.columns + column];
  const t = times[0][this.thread.y];
  const own = this.thread.x - start;
  let top = output[this.thread.y][start];
  for (let j = 1; j < this.constants.most; j++) {
    if (j < k) {
      top = Math.max(top, output[this.thread.y][start + j]);
    }
  }
  let sum = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      sum += Math.exp(output[this.thread.y][start + j] - top);
    }
  }
  const p = Math.exp(output[this.thread.y][this.thread.x] - top) / sum;
  if (t < 0.5) {
    if (Math.abs(own - x0) < 0.5) {
      return (p - 1) * scale;
    }
    return p * scale;
  }
  const keep = chances[t][0];
  const spread = chances[t][1] / k;
  const share = chances[t][2];
  const floor = chances[t][3] / k;
  let modelSum = 0;
  let truthSum = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      let likelihood = spread;
      if (Math.abs(j - xt) < 0.5) {
        likelihood += keep;
      }
      let known = floor;
      if (Math.abs(j - x0) < 0.5) {
        known += share;
      }
      modelSum += likelihood * (share * (Math.exp(output[this.thread.y][start + j] - top) / sum) + floor);
      truthSum += likelihood * known;
    }
  }
  let inner = 0;
  let mine = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      let likelihood = spread;
      if (Math.abs(j - xt) < 0.5) {
        likelihood += keep;
      }
      let known = floor;
      if (Math.abs(j - x0) < 0.5) {
        known += share;
      }
      const signal = share * (Math.exp(output[this.thread.y][start + j] - top) / sum);
      const g = (signal / (signal + floor)) * ((likelihood * (signal + floor)) / modelSum - (likelihood * known) / truthSum);
      inner += g;
      if (Math.abs(j - own) < 0.5) {
        mine = g;
      }
    }
  }
  return (mine - p * inner) * scale;
}

// ---- reverse steps ----

/** x̂0 = toX0·x + toX0Output·output within ±clip; x (B, F), output (B, W). A NaN stays one. */
export function predictedStart(this: Kernel, x: Grid, output: Grid, toX0: number, toX0Output: number, clip: number): number {
  const value = toX0 * x[this.thread.y][this.thread.x] + toX0Output * output[this.thread.y][this.thread.x];
  if (value > clip) {
    return clip;
  }
  if (value < -clip) {
    return -clip;
  }
  return value;
}

/** fromX0·x̂0 + fromX·x + sigma·z + fromBefore·(x̂0 − before); all (B, F). */
export function stepped(
  this: Kernel,
  x0: Grid,
  x: Grid,
  z: Grid,
  before: Grid,
  fromX0: number,
  fromX: number,
  sigma: number,
  fromBefore: number,
): number {
  const start = x0[this.thread.y][this.thread.x];
  let next = fromX0 * start + fromX * x[this.thread.y][this.thread.x];
  if (sigma > 0) {
    next += sigma * z[this.thread.y][this.thread.x];
  }
  if (fromBefore !== 0) {
    next += fromBefore * (start - before[this.thread.y][this.thread.x]);
  }
  return next;
}

/**
 * Draws x_s (1, B·C) from q(x_s | x_t, p0): the level at which the sum of the weights passes u of their total. keep, spread, share and
 * floor as in assembly/multinomial.ts, the last of a level being shared by all K; p0 alone is keep 0, spread 1, share 1, floor 0.
 * output (B, W), codes and uniform (1, B·C), spans (2, C).
 */
export function categoryStep(
  this: Kernel<'columns' | 'most'>,
  output: Grid,
  codes: Grid,
  uniform: Grid,
  spans: Grid,
  keep: number,
  spreadAll: number,
  share: number,
  floorAll: number,
): number {
  const row = Math.floor((this.thread.x + 0.5) / this.constants.columns);
  const column = this.thread.x - row * this.constants.columns;
  const start = spans[0][column];
  const k = spans[1][column];
  const xt = codes[0][this.thread.x];
  const spread = spreadAll / k;
  const floor = floorAll / k;
  let top = output[row][start];
  for (let j = 1; j < this.constants.most; j++) {
    if (j < k) {
      top = Math.max(top, output[row][start + j]);
    }
  }
  let sum = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      sum += Math.exp(output[row][start + j] - top);
    }
  }
  let total = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j < k) {
      let likelihood = spread;
      if (Math.abs(j - xt) < 0.5) {
        likelihood += keep;
      }
      total += likelihood * ((share * Math.exp(output[row][start + j] - top)) / sum + floor);
    }
  }
  const level = uniform[0][this.thread.x] * total;
  let reached = 0;
  let drawn = 0;
  for (let j = 0; j < this.constants.most; j++) {
    if (j + 1 < k) {
      let likelihood = spread;
      if (Math.abs(j - xt) < 0.5) {
        likelihood += keep;
      }
      reached += likelihood * ((share * Math.exp(output[row][start + j] - top)) / sum + floor);
      if (reached <= level) {
        drawn += 1;
      }
    }
  }
  return drawn;
}
