/** The figures of a study in the order of their numbers: what the page shows, and the same as files of their own. */
import type { Summary } from '../study/summary.js';
import type { Figure } from './figures.js';
import { apFigures, lossFigure, prFigures } from './pictures.js';
import { rankFigure, rankTable } from './rank-tables.js';
import { markdownTable, standaloneFigure } from './standalone.js';
import { f1Table, mmdTable } from './tables.js';
import { convergenceFigures, samplingFigures } from './tradeoff-figures.js';

export interface Gallery {
  readonly curves: readonly Figure[];
  readonly dots: readonly Figure[];
  readonly ranks: Figure | undefined;
  readonly loss: Figure | undefined;
  readonly sampling: readonly Figure[];
  readonly convergence: readonly Figure[];
}

export function galleryOf(summary: Summary, document: Document): Gallery {
  let drawn = 0;
  const numbered = <Drawn extends readonly Figure[] | Figure | undefined>(draw: (number: number) => Drawn): Drawn => {
    const figures = draw(drawn + 1);
    drawn += [figures ?? []].flat().length;
    return figures;
  };
  const { tradeoffs } = summary;
  return {
    curves: numbered((number) => prFigures(summary, document, number)),
    dots: numbered((number) => apFigures(summary, document, number)),
    ranks: numbered((number) => rankFigure(summary, document, number)),
    loss: numbered((number) => lossFigure(summary, document, number)),
    sampling: numbered((number) => (tradeoffs ? samplingFigures(summary, tradeoffs, document, number) : [])),
    convergence: numbered((number) => (tradeoffs ? convergenceFigures(summary, tradeoffs, document, number) : [])),
  };
}

/** Tables 1 and 2 and the mean ranks in Markdown, and every figure as SVG, by file name. */
export function extracts(summary: Summary, document: Document): { readonly name: string; readonly text: string }[] {
  const tables = [mmdTable(summary), f1Table(summary), ...(summary.methods.length > 1 ? [rankTable(summary)] : [])];
  const shown = tables.filter(({ groups }) => groups.some(({ rows }) => rows.length > 0));
  const figures = Object.values(galleryOf(summary, document)).flatMap((own: readonly Figure[] | Figure | undefined) => own ?? []);
  return [
    { name: 'tables.md', text: shown.map(markdownTable).join('\n') },
    ...figures.map((figure) => ({ name: `${figure.id}.svg`, text: standaloneFigure(figure) })),
  ];
}
