/**
 * Loss, its gradient and reverse steps of categories as gpu.js kernels, as in assembly/multinomial.ts, where the equations' sources are. gpu.js
 * parses their text, so that none can call a function of another.
 *
 * Dimensions and the table of places as in diffusion.ts.
 */

type Grid = readonly (readonly number[])[];

interface Kernel<Constants extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constants, number>>;
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
