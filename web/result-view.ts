/** What came of it: whether the synthetic patients help on held-out ones, how like the real ones they are, whether they are copies. */
import type { Summary } from '../ts/experiment.js';
import { classifierName, methodTitle } from '../ts/experiment.js';
import { curvesPicture } from './curves.js';
import { element, tableHead } from './element.js';

const FIELDS = [
  ['auroc', 'AUROC', 'higher is better'],
  ['ap', 'Average precision', 'higher is better'],
  ['f1', 'F1 at 0.5', 'higher is better'],
  ['brier', 'Brier score', 'lower is better'],
] as const;

type Field = (typeof FIELDS)[number][0];

const ANSWERS = { helps: 'helps', harms: 'harms', 'no difference shown': 'open', 'too few splits': 'open' } as const;

export function verdictBox({ verdicts }: Summary): HTMLElement {
  const boxes = verdicts.map(({ answer, headline, sentences }) =>
    element(
      'div',
      { class: `verdict ${ANSWERS[answer]}` },
      element('p', { class: 'answer' }, `${answer[0]?.toUpperCase()}${answer.slice(1)}`),
      element('p', { class: 'headline' }, headline),
      element('ul', {}, ...sentences.map((sentence) => element('li', {}, sentence))),
    ),
  );
  return element('div', {}, ...boxes);
}

const figure = (value: { mean: number; sd: number | null } | null): string =>
  value === null ? '–' : `${value.mean.toFixed(3)}${value.sd === null ? '' : ` ± ${value.sd.toFixed(3)}`}`;

/** Numbers without and with the synthetic patients. */
export function beforeAfterTable({ utility, methods }: Summary, method: string): HTMLElement {
  const classifiers = [...new Set(utility.map(({ classifier }) => classifier))];
  const of = (classifier: string, name: string, field: Field) =>
    utility.find((entry) => entry.classifier === classifier && entry.method === name)?.values[field] ?? null;
  const rows = classifiers.flatMap((classifier) =>
    FIELDS.map(([field, title, which]) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, `${title}, ${classifierName(classifier)}`),
        element('td', { class: 'number' }, figure(of(classifier, 'none', field))),
        element('td', { class: 'number' }, figure(of(classifier, method, field))),
        element('td', { class: 'soft' }, which),
      ),
    ),
  );
  const table = element(
    'table',
    {},
    tableHead(['On held-out patients', 'Without', `With ${methodTitle(method)}`, ''], [1, 2]),
    element('tbody', {}, ...rows),
  );
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Numbers of ${methods.length} methods` }, table);
}

/** Precision over recall without and with synthetic patients, a picture a classifier. */
export function precisionPictures({ utility, datasets }: Summary, method: string): HTMLElement {
  const share = (datasets[0]?.positives ?? 0) / (datasets[0]?.rows ?? 1);
  const pictures = [...new Set(utility.map(({ classifier }) => classifier))].map((classifier) => {
    const curves = ['none', method].flatMap((name, colour) => {
      const curve = utility.find((entry) => entry.classifier === classifier && entry.method === name)?.pr_curve;
      return curve ? [{ name: name === 'none' ? 'without' : `with ${methodTitle(name)}`, x: curve.x, y: curve.mean, colour }] : [];
    });
    const description = `Precision over recall of ${classifierName(classifier)}: ${curves.map(({ name, y }) => `${name} ${(y[50] as number).toFixed(2)} at recall 0.5`).join(', ')}`;
    const axes = {
      x: 'recall',
      y: 'precision',
      xRange: [0, 1],
      yRange: [0, 1],
      level: { at: share, name: 'by chance' },
      description,
    } as const;
    const caption = element('figcaption', {}, `Precision over recall, ${classifierName(classifier)}`);
    return element('figure', {}, caption, curvesPicture(curves, axes), legend(curves));
  });
  return element('div', { class: 'pictures' }, ...pictures);
}

export const legend = (curves: readonly { readonly name: string; readonly colour: number }[]): HTMLElement =>
  element('ul', { class: 'legend' }, ...curves.map(({ name, colour }) => element('li', { class: `key colour-${colour}` }, name)));

/** Nearest-record ratio below this: rows lie nearer to the learnt ones than unseen patients do by far. */
const COPYING = 0.5;

/** How like the real patients the rows are, and whether they are copies. */
export function likenessView({ fidelity, portraits }: Summary, method: string): HTMLElement {
  const entry = fidelity.find((one) => one.method === method);
  if (!entry) return element('p', {}, 'No synthetic patients were made.');
  const { nearest_ratio: nearest, mmd2_u_excess: excess, ks_mean: ks, c2st_auc: told } = entry.values;
  const copies =
    nearest === null
      ? ''
      : nearest.mean < COPYING
        ? `They lie ${nearest.mean.toFixed(2)} times as far from the patients they were learnt from as unseen patients do: near copies. Do not call them private.`
        : `They lie ${nearest.mean.toFixed(2)} times as far from the patients they were learnt from as unseen patients do (1 = as far; near 0 = copies).`;
  const facts: [string, string][] = [
    ['Distance of distributions (excess of MMD², 0 = as two real parts)', figure(excess)],
    ['Difference of a column of numbers (mean Kolmogorov–Smirnov)', figure(ks)],
    ['A forest tells real from synthetic (AUC, 0.5 = it cannot)', figure(told)],
    ['Distance to the nearest learnt patient, against unseen ones', figure(nearest)],
  ];
  const list = element('dl', {}, ...facts.flatMap(([what, value]) => [element('dt', {}, what), element('dd', {}, value)]));
  return element('div', {}, element('p', {}, copies), list, columnBars(portraits.find((one) => one.method === method)));
}

/** The columns that differ most, as bars. */
function columnBars(portrait: Summary['portraits'][number] | undefined): HTMLElement | null {
  if (!portrait) return null;
  const worst = [...portrait.columns]
    .flatMap(({ name, test, floor }) => (test ? [{ name, value: test.mean, floor: floor?.mean ?? 0 }] : []))
    .sort((a, b) => b.value - b.floor - (a.value - a.floor))
    .slice(0, 8);
  const rows = worst.map(({ name, value, floor }) => {
    const bar = element('div', { class: 'bar' }, element('div', { class: 'fill' }));
    (bar.firstElementChild as HTMLElement).style.width = `${100 * Math.min(1, value)}%`;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, bar),
      element('td', { class: 'number' }, value.toFixed(2)),
      element('td', { class: 'number' }, floor.toFixed(2)),
    );
  });
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Columns that differ most' },
    element(
      'table',
      {},
      element('caption', {}, 'Columns that differ most (0 = alike, 1 = apart)'),
      tableHead(['Column', 'Difference from held-out patients', '', 'of two real parts'], [2, 3]),
      element('tbody', {}, ...rows),
    ),
  );
}
