/**
 * Result lines sorted and gathered into groups. Lines come in order of completion; here they get an order that depends on
 * what was measured and not on which worker was quicker.
 */
import type { Manifest } from './manifest.js';
import type { FailedLine, ResultLine } from './result.js';
import { listedOrder, methodOrder } from './words.js';

export type Line = ResultLine | FailedLine;

/** The results of one (data set, method, ratio, classifier) by ascending split. */
export interface Group {
  readonly dataset: string;
  readonly method: string;
  readonly ratio: number;
  readonly classifier: string;
  readonly lines: readonly ResultLine[];
  readonly failed: number;
  /** Whether rows were made; a method that makes rows makes none where the table has its ratio already. */
  readonly makesRows: boolean;
  /** The method makes no rows on any table. */
  readonly free: boolean;
}

/** The names of a study in the order of its tables and pictures. */
export interface Order {
  readonly datasets: readonly string[];
  readonly methods: readonly string[];
  readonly ratios: readonly number[];
  readonly classifiers: readonly string[];
}

export const isFailed = (line: Line): line is FailedLine => 'error' in line;

/** The order in which a report lists tables, methods, classifiers and ratios. */
export function orderOf(lines: readonly Line[], manifest: Manifest): Order {
  const results = lines.filter((line) => !isFailed(line));
  const names = (of: readonly Line[], field: 'dataset' | 'method' | 'classifier') => of.map((line) => line[field]);
  const further = results.map((line) => line.ratio).filter((ratio) => ratio > 0 && !manifest.ratios.includes(ratio));
  return {
    datasets: listedOrder(
      manifest.datasets.map((dataset) => dataset.name),
      names(lines, 'dataset'),
    ),
    methods: methodOrder(manifest.methods, names(lines, 'method')),
    ratios: [...manifest.ratios, ...[...new Set(further)].sort((a, b) => b - a)],
    classifiers: listedOrder(manifest.classifiers, names(results, 'classifier')),
  };
}

const keyOf = (line: Line): string => JSON.stringify([line.dataset, line.method, line.ratio, line.classifier]);

/** Methods that do the same at any ratio (methods.ts, knowsNoRatio): their lines of all ratios repeat each other and stand for the first. */
const WITHOUT_RATIO: ReadonlySet<string> = new Set(['none', 'tuned', 'tabddpm-blend', 'rose-blend']);
export const hasRatio = (method: string): boolean => !WITHOUT_RATIO.has(method);

/** A cell that failed before its classifiers may stand in one line that names none of them: it counts for each. */
function forEachClassifier(lines: readonly Line[], classifiers: readonly string[]): Line[] {
  return lines.flatMap((line) =>
    isFailed(line) && !classifiers.includes(line.classifier) && classifiers.length > 0
      ? classifiers.map((classifier) => ({ ...line, classifier }))
      : [line],
  );
}

/** One line for each cell and classifier, sorted. A result replaces the failure of an earlier try; of equals the first by text stays. */
export function settle(lines: readonly Line[], order: Order): Line[] {
  const place = (names: readonly (string | number)[], name: string | number) => {
    const at = names.indexOf(name);
    return at < 0 ? names.length : at;
  };
  const [first] = order.ratios;
  const placed = lines.map((line) => (hasRatio(line.method) || first === undefined ? line : { ...line, ratio: first }));
  const ranked = forEachClassifier(placed, order.classifiers).map((line) => ({
    line,
    text: JSON.stringify(line),
    rank: [
      place(order.datasets, line.dataset),
      place(order.methods, line.method),
      place(order.ratios, line.ratio),
      -line.ratio,
      place(order.classifiers, line.classifier),
      line.split,
      isFailed(line) ? 1 : 0,
    ],
  }));
  ranked.sort((a, b) => {
    for (let i = 0; i < a.rank.length; i++) {
      const difference = (a.rank[i] as number) - (b.rank[i] as number);
      if (difference !== 0) return difference;
    }
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  });
  const seen = new Set<string>();
  return ranked
    .map(({ line }) => line)
    .filter((line) => {
      const key = `${keyOf(line)} ${line.split}`;
      return !seen.has(key) && seen.add(key);
    });
}

const hasRows = (line: ResultLine): boolean => line.n_synth > 0 || line.mmd_b !== null;

export function groupsOf(settled: readonly Line[]): Group[] {
  const results = settled.filter((line): line is ResultLine => !isFailed(line));
  const makers = new Set(results.filter(hasRows).map(({ method }) => method));
  const byKey = new Map<string, Line[]>();
  for (const line of settled) {
    const members = byKey.get(keyOf(line));
    if (members) members.push(line);
    else byKey.set(keyOf(line), [line]);
  }
  return [...byKey.values()].map((members): Group => {
    const { dataset, method, ratio, classifier } = members[0] as Line;
    const lines = members.filter((line): line is ResultLine => !isFailed(line));
    const free = lines.length > 0 && !makers.has(method);
    return { dataset, method, ratio, classifier, lines, failed: members.length - lines.length, makesRows: lines.some(hasRows), free };
  });
}

/** Synthetic rows belong to the cell, not to its classifiers: one line a split, of the first classifier that has one. */
export function rowGroups(groups: readonly Group[]): Group[] {
  const cells = new Map<string, Group>();
  for (const group of groups.filter(({ makesRows }) => makesRows)) {
    const key = JSON.stringify([group.dataset, group.method, group.ratio]);
    const held = cells.get(key);
    const more = held ? group.lines.filter((line) => !held.lines.some((other) => other.split === line.split)) : [];
    if (!held) cells.set(key, group);
    else if (more.length > 0) cells.set(key, { ...held, lines: [...held.lines, ...more].sort((a, b) => a.split - b.split) });
  }
  return [...cells.values()];
}

/** Unbiased MMD² beyond that between two parts of real patients. */
export function excessOf(line: ResultLine): number | null {
  return line.mmd2_u === null || line.mmd2_u_floor === null ? null : line.mmd2_u - line.mmd2_u_floor;
}
