/** What the pictures of synthetic patients show, in words. */
import { isControl } from '../study/evidence.js';
import type { Correlations } from '../study/portrait-pictures.js';
import type { Interval, PortraitSummary, SubgroupSummary } from '../study/summary.js';
import { counted, enumerated, fixed, methodName, signed } from '../study/words.js';
import { changes } from './portrait-pictures.js';
import { excessOf, groupName, hardestColumns, intervalText, meanExcess, percent, worstColumns } from './portrait-tables.js';

/** Less than this beyond the floor is not worth a name. */
const WORTH_NAMING = 0.02;

/** Copies are no patients of their own: they are listed, and no sentence compares them. */
const compared = (portraits: readonly PortraitSummary[]): PortraitSummary[] => portraits.filter(({ method }) => !isControl(method));

/** The closest and the furthest method, and the columns that all find hard. */
export function columnSentences(portraits: readonly PortraitSummary[]): string[] {
  const ranked = compared(portraits)
    .flatMap((portrait) => {
      const excess = meanExcess(portrait);
      return excess === null ? [] : [{ portrait, excess }];
    })
    .sort((a, b) => a.excess - b.excess);
  const [best] = ranked;
  const worst = ranked[ranked.length - 1];
  if (!best || !worst) return [];
  const named = ({ portrait, excess }: (typeof ranked)[number]) => `${methodName(portrait.method)} (${signed(excess)})`;
  const sentences = [
    ranked.length === 1
      ? `Column by column, ${methodName(best.portrait.method)} is ${signed(best.excess)} from unseen patients beyond what real training patients are (mean KS or TV minus its floor; 0 is as near as real patients).`
      : `Column by column, the nearest to unseen patients is ${named(best)} and the furthest ${named(worst)}: mean KS or TV beyond what real training patients have; 0 is as near as real patients.`,
  ];
  const methods = ranked.map(({ portrait }) => portrait);
  const hard = hardestColumns(methods)
    .map((name) => ({ name, excess: meanOf(methods, name) }))
    .filter(({ excess }) => excess > WORTH_NAMING)
    .slice(0, 3);
  if (hard.length > 0) {
    const which = enumerated(hard.map(({ name, excess }) => `${name} (${signed(excess, 2)})`));
    sentences.push(`Hardest for all methods together: ${which}.`);
  } else sentences.push(`No column is more than ${WORTH_NAMING} beyond its floor for the methods together.`);
  return sentences;
}

function meanOf(portraits: readonly PortraitSummary[], name: string): number {
  const values = portraits.flatMap(({ columns }) => {
    const own = columns.find((column) => column.name === name);
    const excess = own && excessOf(own);
    return excess == null ? [] : [excess];
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** "bili (KS 0.21, floor 0.12), …", or that none is worth a name. */
export function worstText(portrait: PortraitSummary): string {
  const worst = worstColumns(portrait)
    .filter((column) => (excessOf(column) as number) > WORTH_NAMING)
    .slice(0, 3);
  if (worst.length === 0) return `none is more than ${WORTH_NAMING} beyond its floor`;
  const distance = (kind: string) => (kind === 'numeric' || kind === 'integer' ? 'KS' : 'TV');
  return worst
    .map(({ name, kind, test, floor }) => `${name} (${distance(kind)} ${fixed(test?.mean, 2)}, floor ${fixed(floor?.mean, 2)})`)
    .join(', ');
}

export interface Change {
  readonly first: string;
  readonly second: string;
  readonly real: number;
  readonly synthetic: number;
}

/** The pairs whose correlation changed most, the largest change first. */
export function largestChanges(correlations: Correlations, count: number): Change[] {
  const { columns, real, synthetic } = correlations;
  const size = changes(correlations);
  const pairs = columns.flatMap((first, i) => columns.slice(i + 1).map((second) => ({ first, second })));
  return pairs
    .map((pair, i) => ({ ...pair, real: real[i] ?? 0, synthetic: synthetic[i] ?? 0, size: Math.abs(size[i] ?? 0) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, count);
}

export function changeText(correlations: Correlations): string {
  const [change] = largestChanges(correlations, 1);
  if (!change) return '–';
  const { first, second, real, synthetic } = change;
  return `${first} with ${second}: ${fixed(real, 2)} real, ${fixed(synthetic, 2)} synthetic`;
}

interface Case {
  readonly method: string;
  readonly subgroup: SubgroupSummary;
  readonly interval: Interval;
}

/** The most marked subgroups: whose share is most changed, and whose rows are furthest from real ones. */
export function subgroupSentences(portraits: readonly PortraitSummary[]): string[] {
  const own = compared(portraits);
  const casesOf = (interval: (subgroup: SubgroupSummary) => Interval | null): Case[] =>
    own.flatMap(({ method, subgroups }) =>
      subgroups.flatMap((subgroup) => {
        const found = interval(subgroup);
        return found ? [{ method, subgroup, interval: found }] : [];
      }),
    );
  const shares = casesOf(({ share_difference }) => share_difference);
  if (shares.length === 0) return [];
  return [shareSentence(shares), distanceSentence(casesOf(({ excess }) => excess))];
}

/** The case with the largest value among those whose interval leaves out 0. */
function mostMarked(cases: readonly Case[], size: (mean: number) => number): Case | undefined {
  const certain = cases.filter(({ interval: { low, high } }) => low !== null && high !== null && (low > 0 || high < 0));
  const found = certain.filter(({ interval }) => size(interval.mean) > 0);
  return found.sort((a, b) => size(b.interval.mean) - size(a.interval.mean))[0];
}

const ofMany = (cases: readonly Case[]): string => `the most marked of ${counted(cases.length, 'case')}, named after looking at all`;

function shareSentence(cases: readonly Case[]): string {
  if (cases.every(({ interval }) => interval.low === null)) return 'One split tells nothing about how certain the shares of groups are.';
  const worst = mostMarked(cases, Math.abs);
  if (!worst)
    return `The mix of patients: no method changes the share of a group by more than splits vary (${counted(cases.length, 'case')}).`;
  const { method, subgroup, interval } = worst;
  const bounds = intervalText(interval, 1, 100);
  return `The mix of patients: ${methodName(method)} has ${percent(subgroup.share_synthetic)} of “${groupName(subgroup)}” among its patients where the real ones have ${percent(subgroup.share_training)} (${signed(100 * interval.mean, 1)} points, 95% interval ${bounds}; ${ofMany(cases)}).`;
}

function distanceSentence(cases: readonly Case[]): string {
  if (cases.length === 0) return 'Likeness inside groups: no group has ten unseen patients on any split, so nothing can be said.';
  const worst = mostMarked(cases, (mean) => mean);
  if (!worst)
    return `Likeness inside groups: in none of ${counted(cases.length, 'case')} are synthetic patients further from unseen ones than real ones by more than splits vary.`;
  const { method, subgroup, interval } = worst;
  return `Likeness inside groups: worst are the patients of “${groupName(subgroup)}” by ${methodName(method)}, ${fixed(subgroup.distance?.mean, 2)} from unseen patients of that group where real ones are ${fixed(subgroup.floor?.mean, 2)} (excess ${signed(interval.mean)}, 95% interval ${intervalText(interval, 3)}; ${ofMany(cases)}).`;
}
