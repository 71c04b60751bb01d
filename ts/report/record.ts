/** What a study ran and what it takes to repeat it. */
import type { Manifest } from '../study/manifest.js';
import type { Summary } from '../study/summary.js';
import { classifierTitle, counted, enumerated, methodTitle, ratioText } from '../study/words.js';
import { html, type Markup } from './html.js';

/** What was compared, in a sentence. */
export function runMarkup(summary: Summary, manifest: Manifest): Markup {
  const ratios = enumerated(manifest.ratios.map(ratioText));
  return html`<p>${counted(manifest.splits, 'random split')} of each data set into 80% for training and 20% for testing; ${counted(summary.methods.length, 'method')} (${enumerated(summary.methods.map(methodTitle))}); rows were added until positives to negatives were ${ratios}; ${counted(summary.classifiers.length, 'classifier')} (${enumerated(summary.classifiers.map(classifierTitle))}). ${manifest.tuned ? 'A cut-off was tuned inside each training part.' : 'No cut-off was tuned in this run.'} ${counted(summary.lines, 'result')}, ${counted(summary.failures, 'failure')}.</p>
`;
}

/** What it takes to repeat the run. */
export function recordMarkup(manifest: Manifest): Markup {
  const { machine, cells } = manifest;
  const facts: readonly (readonly [string, string])[] = [
    ['Version', `synthward ${manifest.version}`],
    ['Preset', manifest.preset],
    ['Seed', String(manifest.seed)],
    ['Backend', `${manifest.backend}, ${manifest.variant}`],
    ...(manifest.device ? gpuFacts(manifest.device, manifest.placement ?? []) : []),
    ['Cells', `${cells.done} of ${cells.total} done, ${cells.failed} failed`],
    ['Workers', String(manifest.workers)],
    ['Time', `${manifest.wall_s.toFixed(0)} s on the clock, ${manifest.cpu_s.toFixed(0)} s of processors`],
    ['Started, finished', `${manifest.started}, ${manifest.finished ?? 'not finished'}`],
    [
      'Machine',
      `${machine.cpu}, ${counted(machine.cores, 'core')}, ${machine.memory_mb.toFixed(0)} MB; ${machine.engine}, ${machine.platform}`,
    ],
  ];
  const files = manifest.datasets.map(
    ({ title, file, sha256, licence }) =>
      html`<dt>${title}</dt><dd>${file}, SHA-256 <code>${sha256}</code>${licence !== null && html`. Licence: ${licence}`}</dd>
`,
  );
  return html`<p>The same version with the same seed and files gives the same numbers, times aside, ${sameWhere(manifest)}.</p>
<dl class="facts">
${facts.map(
  ([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>
`,
)}</dl>
<h3>Files</h3>
<dl>
${files}</dl>
`;
}

/** What drew, and which operations it had. */
const gpuFacts = (device: string, placement: readonly string[]): [string, string][] => [
  ['GPU', device],
  ['On the GPU', `${placement.join(', ')}; all else on the WebAssembly core`],
];

/** The promise of equal numbers: of the simd core anywhere; of relaxed SIMD and GPUs on the like of this machine. */
const sameWhere = ({ device, variant }: Manifest): string =>
  device || variant === 'relaxed'
    ? 'on a machine of the same kind, whatever the number of workers'
    : 'whatever the machine and the number of workers';
