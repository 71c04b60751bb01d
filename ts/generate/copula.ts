/**
 * Gaussian copula: each column keeps the distribution that it has in the minority, and a multivariate normal ties the columns together
 * (Nelsen 2006, An Introduction to Copulas, §2; Patki, Wedge & Veeramachaneni 2016 for tables). Whether a cell is missing is a column of
 * its own.
 *
 * The normal below a column is seen through its ranks only. Tied rows, all rows of a level among them, get the mean of the normal scores
 * of their ranks: with a level's interval (a, b] of the normal, its score is E[z | a < z ≤ b]. If columns i and j have scores of standard
 * deviation σ, that of untied ones being 1, and the normals below them the correlation ρ, the scores correlate by ρ σ_i σ_j (exactly where
 * one of the two is untied: the polyserial correlation of Olsson, Drasgow & Dorans 1982; else to first order in ρ), so that σ is divided out.
 *
 * Dimensions: M minority rows, F numbers and C categories of the encoder, V = F + C latent columns, R rows to make.
 */
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Backend } from '../backend/backend.js';
import { type Turn, turnsFor } from '../backend/turns.js';
import { fitEncoder, type TableEncoder } from '../encode/encoder.js';
import { isNumberColumn, type Table, takeRows } from '../table/table.js';
import { copulaCodec } from './copula-codec.js';
import type { Generator } from './generator.js';
import { minorityRows } from './minority.js';

/** The ranks of a column as scores of a standard normal. */
export interface Scores {
  readonly values: Float64Array; // (M), NaN where the column has no value
  /** Standard deviation, that of untied scores being 1; 0 where all cells are equal. */
  readonly spread: number;
}

/** Scores of numbers; NaN is no number. Ties share the mean of ndtri((r + ½) / n) over their ranks r. */
export function normalScores(values: ArrayLike<number>, { ndtri }: Pick<Backend['special'], 'ndtri'>): Scores {
  const order = Array.from(values, (_, row) => row).filter((row) => !Number.isNaN(values[row]));
  order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const n = order.length;
  const untied = Float64Array.from(order, (_, r) => ndtri((r + 0.5) / n));
  const scores = new Float64Array(values.length).fill(Number.NaN);
  let squares = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    const value = values[order[from] as number];
    let sum = 0;
    for (to = from; to < n && values[order[to] as number] === value; to++) sum += untied[to] as number;
    const score = sum / (to - from);
    squares += score * sum;
    for (let r = from; r < to; r++) scores[order[r] as number] = score;
  }
  const all = untied.reduce((sum, score) => sum + score * score, 0);
  return { values: scores, spread: squares > 1e-12 * all ? Math.sqrt(squares / all) : 0 };
}

/** The fewest rows with both values that tell of a correlation. */
const FEWEST = 3;

/** Correlation of the normals below two columns, by the rows that have both, within −1 … 1; 0 where these tell nothing. */
export function latentCorrelation(a: Scores, b: Scores): number {
  const both = [...a.values.keys()].filter((row) => !Number.isNaN(a.values[row]) && !Number.isNaN(b.values[row]));
  const of = ({ values }: Scores) => {
    const there = both.map((row) => values[row] as number);
    const mean = there.reduce((sum, x) => sum + x, 0) / both.length;
    return there.map((x) => x - mean);
  };
  const [x, y] = [of(a), of(b)];
  const dot = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + value * (v[i] as number), 0);
  const norm = Math.sqrt(dot(x, x)) * Math.sqrt(dot(y, y));
  if (both.length < FEWEST || !(norm > 1e-12) || a.spread === 0 || b.spread === 0) return 0;
  return Math.min(1, Math.max(-1, dot(x, y) / norm / (a.spread * b.spread)));
}

/** Eigenvalues below are raised to it. */
const LEAST_EIGENVALUE = 1e-3;

/**
 * A correlation matrix near the given numbers, which need not be one where they were taken pair by pair: negative eigenvalues are
 * raised, and the diagonal is brought back to 1 (Rousseeuw & Molenberghs 1993). Unchanged where nothing has to be raised.
 */
export function nearestCorrelations(correlations: readonly (readonly number[])[]): number[][] {
  const V = correlations.length;
  const given = correlations.map((line) => [...line]);
  if (V === 0) return given;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(given), { assumeSymmetric: true });
  if (realEigenvalues.every((value) => value >= LEAST_EIGENVALUE)) return given;
  const roots = realEigenvalues.map((value) => Math.sqrt(Math.max(value, LEAST_EIGENVALUE)));
  const factor = eigenvectorMatrix.mulRowVector(roots); // (V, V), factor · factorᵀ has the raised eigenvalues
  const norms = given.map((_, i) => Math.sqrt(factor.getRow(i).reduce((sum, x) => sum + x * x, 0)));
  for (let i = 0; i < V; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < V; k++) sum += factor.get(i, k) * factor.get(j, k);
      const value = sum / (norms[i] as number) / (norms[j] as number);
      (given[i] as number[])[j] = value;
      (given[j] as number[])[i] = value;
    }
  }
  return given;
}

/** Share of the correlations that is given up. Few rows of many columns determine no correlations without. */
const SHRINKAGE = 0.05;

/** The lower triangle L (V, V), row-major, of (1 − λ) correlations + λ I = L Lᵀ. */
export function choleskyOf(correlations: readonly (readonly number[])[]): Float64Array {
  const shrunk = nearestCorrelations(correlations).map((line, i) => line.map((value, j) => (i === j ? 1 : (1 - SHRINKAGE) * value)));
  return Float64Array.from(new CholeskyDecomposition(new Matrix(shrunk)).lowerTriangularMatrix.to1DArray());
}

/** The values of the encoder's F numbers as they are, then the codes of its C categories; (M) each. */
function modelledColumns(minority: Table, encoder: TableEncoder): ArrayLike<number>[] {
  const numbers = minority.columns.flatMap((column, c) => {
    const state = encoder.state.columns[c];
    return isNumberColumn(column) && state && 'quantiles' in state && state.quantiles !== null ? [column.values] : [];
  });
  const { codes } = encoder.encode(minority);
  const C = encoder.levels.length;
  return [...numbers, ...encoder.levels.map((_, c) => codes.filter((_, at) => at % C === c))];
}

/** All pairs of columns; (V, V). */
async function latentCorrelations(scores: readonly Scores[], turn: Turn): Promise<number[][]> {
  const correlations = scores.map(() => new Array<number>(scores.length).fill(1));
  for (const [i, a] of scores.entries()) {
    await turn();
    scores.slice(0, i).forEach((b, j) => {
      const value = latentCorrelation(a, b);
      (correlations[i] as number[])[j] = value;
      (correlations[j] as number[])[i] = value;
    });
  }
  return correlations;
}

/** Where each category of a column ends on the axis of its normal, the last one left out; `codes` as the encoder has them. */
export function categoryEnds(codes: ArrayLike<number>, levels: number, { ndtri }: Pick<Backend['special'], 'ndtri'>): number[] {
  const counts = new Array<number>(levels).fill(0);
  for (const code of Array.from(codes)) (counts[code] as number)++;
  let below = 0;
  return counts.slice(0, -1).map((count) => {
    below += count;
    return ndtri(below / codes.length);
  });
}

export const copula: Generator = {
  name: 'copula',
  minMinority: 2,
  defaults: {},
  async fit(train, _stream, run) {
    const turn = turnsFor(run.signal);
    const minority = takeRows(train.features, minorityRows(train, copula));
    const { special } = run.backend;
    const encoder = fitEncoder(minority, special);
    const F = encoder.numeric;
    const columns = modelledColumns(minority, encoder);
    const scores = columns.map((values) => normalScores(values, special));
    await turn();
    const triangle = choleskyOf(await latentCorrelations(scores, turn));
    const ends = encoder.levels.map((levels, c) => categoryEnds(columns[F + c] as ArrayLike<number>, levels, special));
    return copulaCodec.samplerOf({ encoder, triangle, ends });
  },
};
