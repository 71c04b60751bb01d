/**
 * Mean ranks of the methods over data sets and classifiers (Demšar, "Statistical comparisons of classifiers over multiple data
 * sets", JMLR 7, 2006). A block is a data set with a classifier, its value the mean over splits: splits share patients, so they
 * are no blocks of their own. Dimensions: N blocks, k methods.
 */
import type { SpecialOps } from '../backend/ops-special.js';
import type { DatasetFacts } from './manifest.js';
import type { FidelitySummary, RankBlock, RankedField, Ranking, RankTest, Statistic, UtilitySummary } from './summary.js';
import { chiSquaredTail, fTail, rangeQuantile } from './tails.js';

export type RankSpecial = Pick<SpecialOps, 'exp' | 'log' | 'log1p' | 'lgamma' | 'erfc' | 'ndtr' | 'studentT'>;

/** Level of the critical difference. */
const LEVEL = 0.05;

/** What is ranked, in the order of the report; true where lower is better. */
const FIELDS: readonly (readonly [RankedField, boolean])[] = [
  ['f1', false],
  ['f1_tuned', false],
  ['ap', false],
  ['auroc', false],
  ['brier', true],
  ['mmd2_u_excess', true],
];

interface Entry extends RankBlock {
  readonly method: string;
  readonly value: Statistic | null;
  /** Whether a cell failed. */
  readonly failed: boolean;
}

/** What there is to rank. */
export interface Ranked {
  readonly datasets: readonly DatasetFacts[];
  readonly methods: readonly string[];
  readonly utility: readonly UtilitySummary[];
  readonly fidelity: readonly FidelitySummary[];
}

/** One ranking a field, where at least two methods have a result in every block. */
export function rankings({ datasets, methods, utility, fidelity }: Ranked, ratio: number, special: RankSpecial): Ranking[] {
  const pooled = new Set(pooledDatasets(datasets).map(({ name }) => name));
  const counts = (entry: UtilitySummary | FidelitySummary) => entry.ratio === ratio && pooled.has(entry.dataset);
  return FIELDS.flatMap(([field, lower]) => {
    const entries: Entry[] =
      field === 'mmd2_u_excess'
        ? fidelity.filter(counts).map((entry) => ({ ...entry, classifier: null, value: entry.values[field], failed: false }))
        : utility.filter(counts).map((entry) => ({ ...entry, value: entry.values[field], failed: entry.failed > 0 }));
    const ranking = rank(field, lower, ratio, entries, methods, special);
    return ranking ? [ranking] : [];
  });
}

/** The data sets of real patients; simulated ones are never pooled with them, and stand for themselves where there are no others. */
export function pooledDatasets(datasets: readonly DatasetFacts[]): readonly DatasetFacts[] {
  const real = datasets.filter(({ simulated }) => !simulated);
  return real.length > 0 ? real : datasets;
}

function rank(
  field: RankedField,
  lower: boolean,
  ratio: number,
  entries: readonly Entry[],
  methods: readonly string[],
  special: RankSpecial,
): Ranking | null {
  const measured = entries.filter(({ value }) => value !== null);
  const blocks = measured.filter((a, i) => measured.findIndex((b) => sameBlock(a, b)) === i);
  const met = methods.filter((method) => entries.some((entry) => entry.method === method));
  const complete = met.filter((method) => blocks.every((block) => isComplete(measured, block, method)));
  if (complete.length < 2 || blocks.length === 0) return null;
  const ranks = blocks.map((block) =>
    ranksOf(
      complete.map((method) => valueIn(measured, block, method)),
      lower,
    ),
  );
  const byRank = complete
    .map((method, m) => ({ method, ranks: ranks.map((own) => own[m] as number) }))
    .map((own) => ({ ...own, rank: own.ranks.reduce((sum, value) => sum + value, 0) / blocks.length }))
    .sort((a, b) => a.rank - b.rank); // stable: equal ones in the order of the methods
  const test = blocks.length < 2 ? null : friedman(ranks, special);
  const difference = blocks.length < 2 ? null : criticalDifference(complete.length, blocks.length, special);
  return {
    field,
    ratio,
    blocks: blocks.map(({ dataset, classifier }) => ({ dataset, classifier })),
    methods: byRank,
    left_out: met.filter((method) => !complete.includes(method)),
    test,
    critical_difference: difference,
    bars:
      difference === null
        ? []
        : barsOf(
            byRank.map((own) => own.rank),
            difference,
          ),
  };
}

const sameBlock = (a: RankBlock, b: RankBlock): boolean => a.dataset === b.dataset && a.classifier === b.classifier;

/** A result in every split that any method has one in, and no failed cell. */
function isComplete(entries: readonly Entry[], block: RankBlock, method: string): boolean {
  const here = entries.filter((entry) => sameBlock(entry, block));
  const splits = here.reduce((most, { value }) => Math.max(most, value?.n ?? 0), 0);
  return here.some((entry) => entry.method === method && !entry.failed && entry.value?.n === splits);
}

const valueIn = (entries: readonly Entry[], block: RankBlock, method: string): number =>
  entries.find((entry) => entry.method === method && sameBlock(entry, block))?.value?.mean ?? Number.NaN;

/** Rank 1 for the best; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[], lower = false): number[] {
  return values.map((own) => {
    const better = values.filter((value) => (lower ? value < own : value > own)).length;
    const equal = values.filter((value) => value === own).length;
    return better + (equal + 1) / 2;
  });
}

/**
 * Friedman's test of equal mean ranks, corrected for ties (as scipy does), and the less timid F of Iman & Davenport (1980);
 * ranks (N, k). Null where all values are equal.
 */
export function friedman(ranks: readonly (readonly number[])[], special: RankSpecial): RankTest | null {
  const n = ranks.length;
  const k = ranks[0]?.length ?? 0;
  const middle = (k + 1) / 2;
  let between = 0; // Σ_j (R_j − N (k + 1) / 2)²
  for (let j = 0; j < k; j++) {
    const total = ranks.reduce((sum, own) => sum + (own[j] as number) - middle, 0);
    between += total * total;
  }
  // N (k³ − k) / 12 without ties
  const within = ranks.reduce((sum, own) => sum + own.reduce((part, value) => part + (value - middle) * (value - middle), 0), 0);
  if (!(within > 0)) return null;
  const chi2 = ((k - 1) * between) / within;
  const rest = n * (k - 1) - chi2;
  const f = rest > 1e-9 * chi2 ? ((n - 1) * chi2) / rest : null;
  const f_p = f === null ? null : fTail(f, k - 1, (k - 1) * (n - 1), special);
  return { chi2, p: chiSquaredTail(chi2, k - 1, special), f, f_p };
}

/** Nemenyi: mean ranks that differ by less are not told apart; q √(k (k + 1) / 6N), q the studentised range over √2. */
export function criticalDifference(k: number, n: number, special: RankSpecial): number {
  return (rangeQuantile(k, LEVEL, special) / Math.SQRT2) * Math.sqrt((k * (k + 1)) / (6 * n));
}

/** First and last of every largest run of ascending ranks that lie within a critical difference. */
export function barsOf(ranks: readonly number[], difference: number): (readonly [number, number])[] {
  const bars: (readonly [number, number])[] = [];
  let reached = 0;
  for (let first = 0; first < ranks.length; first++) {
    let last = first;
    while (last + 1 < ranks.length && (ranks[last + 1] as number) - (ranks[first] as number) < difference) last++;
    if (last > first && last > reached) {
      bars.push([first, last]);
      reached = last;
    }
  }
  return bars;
}
