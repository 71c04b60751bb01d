/**
 * Over all data sets of real patients: has TabDDPM the best mean ranks of the augmentation methods, and the most lifelike rows of
 * the learned ones? Where it has not, the text says so and names the place. Each text says its conclusion in its first sentence.
 */
import { isControl, isLearned } from './evidence.js';
import type { DatasetFacts } from './manifest.js';
import type { FidelitySummary, RankBlock, RankedField, Ranking } from './summary.js';
import { classifierName, counted, enumerated, fixed, methodName, signed } from './words.js';

const FAVOURITE = 'tabddpm';
const OUTCOMES: readonly (readonly [RankedField, string])[] = [
  ['f1', 'F1 at cut-off 0.5'],
  ['ap', 'average precision'],
];

type Place = Ranking['methods'][number];

export function overallSentences(
  datasets: readonly DatasetFacts[],
  rankings: readonly Ranking[],
  fidelity: readonly FidelitySummary[],
): string[] {
  const made = new Set(fidelity.filter(({ method }) => !isControl(method)).map(({ method }) => method));
  if (!made.has(FAVOURITE)) return [];
  const title = (dataset: string) => datasets.find(({ name }) => name === dataset)?.title ?? dataset;
  const rankOf = (field: RankedField) => rankings.find((ranking) => ranking.field === field);
  const sentences = [
    ...OUTCOMES.flatMap(([field, outcome]) => {
      const ranking = rankOf(field);
      return ranking ? rankSentence(ranking, outcome, (method) => made.has(method), title) : [];
    }),
    ...likenessSentence(rankOf('mmd2_u_excess'), fidelity, title),
  ];
  const real = datasets.some(({ simulated }) => !simulated);
  return real ? sentences : sentences.map((sentence) => `On simulated data, no patients: ${sentence}`);
}

function rankSentence(
  ranking: Ranking,
  outcome: string,
  isAugmentation: (method: string) => boolean,
  title: (dataset: string) => string,
): string[] {
  const rivals = ranking.methods.filter(({ method }) => isAugmentation(method));
  const own = rivals.find(({ method }) => method === FAVOURITE);
  if (!own) return [`${methodName(FAVOURITE)} is not ranked by ${outcome}. It has no result in some cells.`];
  if (rivals.length < 2) return [];
  const others = rivals.filter((rival) => rival !== own);
  const best = others[0] as Place;
  const whose = `among ${counted(rivals.length, 'augmentation method')}`;
  const blocks = counted(ranking.blocks.length, 'pair of data set and classifier', 'pairs of data set and classifier');
  const ranked = `mean rank ${fixed(own.rank, 2)} of ${ranking.methods.length} over ${blocks}`;
  const named = (places: readonly Place[]) => enumerated(places.map(({ method, rank }) => `${methodName(method)} (${fixed(rank, 2)})`));
  const told = caution(ranking, Math.abs(best.rank - own.rank));
  const first = firstPlaces(ranking, rivals, title);
  if (best.rank > own.rank) {
    return [
      `${methodName(FAVOURITE)} has the best ${outcome} by mean rank ${whose}. It has ${ranked}; next is ${named([best])}. ${told} ${first}`,
    ];
  }
  const ahead = others.filter(({ rank }) => rank < own.rank);
  const conclusion =
    ahead.length === 0
      ? `${methodName(FAVOURITE)} shares the best ${outcome} by mean rank ${whose}.`
      : `${methodName(FAVOURITE)} does not have the best ${outcome} by mean rank ${whose}.`;
  const where = ahead.length === 0 ? `as has ${named([best])}` : `ahead of it ${ahead.length === 1 ? 'is' : 'are'} ${named(ahead)}`;
  return [`${conclusion} It has ${ranked}; ${where}. ${told} ${first}`];
}

function caution({ critical_difference: critical }: Ranking, difference: number): string {
  if (critical === null) return 'One pair says nothing about others.';
  const side = difference < critical ? 'not told apart from chance' : 'more than chance gives';
  return `That is ${side}: the critical difference is ${fixed(critical, 2)}.`;
}

/** Where the favourite is first among its rivals, and who is elsewhere. */
function firstPlaces({ blocks }: Ranking, rivals: readonly Place[], title: (dataset: string) => string): string {
  const winners = blocks.map((block, b) => {
    const lowest = rivals.reduce((least, { ranks }) => Math.min(least, ranks[b] as number), Number.POSITIVE_INFINITY);
    return { block, methods: rivals.filter(({ ranks }) => ranks[b] === lowest).map(({ method }) => method) };
  });
  const lost = winners.filter(({ methods }) => !methods.includes(FAVOURITE));
  if (lost.length === 0) return 'It is first of them everywhere.';
  const places = rivals.flatMap(({ method }) => {
    const won = lost.filter(({ methods }) => methods.includes(method)).map(({ block }) => blockName(block, title));
    return won.length > 0 ? [`${methodName(method)} with ${enumerated(won)}`] : [];
  });
  const held = blocks.length - lost.length;
  const start =
    held > 0 ? `It is first of them in ${held} of ${blocks.length}; the others go to` : 'It is first of them nowhere; first are';
  return `${start} ${places.join('; ')}.`;
}

const blockName = ({ dataset, classifier }: RankBlock, title: (dataset: string) => string): string =>
  classifier === null ? title(dataset) : `${classifierName(classifier)} on ${title(dataset)}`;

function likenessSentence(
  ranking: Ranking | undefined,
  fidelity: readonly FidelitySummary[],
  title: (dataset: string) => string,
): string[] {
  const learned = ranking?.methods.map(({ method }) => method).filter(isLearned) ?? [];
  if (!ranking || !learned.includes(FAVOURITE) || learned.length < 2) return [];
  const excess = (method: string, dataset: string): number =>
    fidelity.find((entry) => entry.method === method && entry.dataset === dataset && entry.ratio === ranking.ratio)?.values.mmd2_u_excess
      ?.mean ?? Number.NaN;
  const tables = ranking.blocks.map(({ dataset }) => dataset);
  const means = learned
    .map((method) => ({ method, mean: tables.reduce((sum, dataset) => sum + excess(method, dataset), 0) / tables.length }))
    .sort((a, b) => a.mean - b.mean);
  const own = means.find(({ method }) => method === FAVOURITE) as { method: string; mean: number };
  const lower = means.filter(({ mean }) => mean < own.mean);
  const named = (entries: typeof means) => enumerated(entries.map(({ method, mean }) => `${methodName(method)} (${signed(mean, 4)})`));
  const verb = lower.length === 0 ? 'has' : 'does not have';
  const beside =
    lower.length === 0
      ? `next is ${named(means.filter((entry) => entry !== own).slice(0, 1))}`
      : `lower ${lower.length === 1 ? 'is' : 'are'} ${named(lower)}`;
  const places = tables.flatMap((dataset) => {
    const closer = learned.filter((method) => excess(method, dataset) < excess(FAVOURITE, dataset));
    return closer.length > 0 ? [`${enumerated(closer.map(methodName))} on ${title(dataset)}`] : [];
  });
  const where = places.length === 0 ? 'It is lowest on each.' : `Closer than it: ${places.join('; ')}.`;
  return [
    `${methodName(FAVOURITE)} ${verb} the lowest mean excess MMD² of ${counted(learned.length, 'learned method')}. It is ${signed(own.mean, 4)} over ${counted(tables.length, 'data set')}; ${beside}. ${where}`,
  ];
}
