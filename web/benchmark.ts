/** The page "Benchmark": what this device does, item by item, on a worker. */
import { type BenchLine, contextRenderer, figure, hasRelaxed, isSoftware } from '../ts/device.js';
import { VERSION } from '../ts/index.js';
import { byId, download, element, show, tableHead } from './element.js';
import { isCancelled, type RunningJob, startJob, tellMistake } from './job.js';
import type { BenchPlan } from './messages.js';
import { registerOffline } from './offline.js';

interface Group {
  readonly title: string;
  /** Beginnings of the items' names. */
  readonly only: readonly string[];
}

const GROUPS: readonly Group[] = [
  { title: 'Kernels', only: ['gemm', 'exp', 'normals'] },
  { title: 'Training a network', only: ['train', 'tabddpm'] },
  { title: 'Drawing patients', only: ['sample'] },
  { title: 'Trees', only: ['boost', 'forest', 'predict'] },
  { title: 'Distances and SMOTE', only: ['mmd', 'smote'] },
  { title: 'Start and memory', only: ['core'] },
];

const VARIANTS = [
  { name: 'simd', title: 'simd: the same bytes on every machine' },
  { name: 'relaxed', title: 'relaxed: fused multiply-add, last digits of this machine' },
] as const;

let running: RunningJob | null = null;

/** What draws WebGL 2 in this browser, in the driver's words. */
function rendererWords(): string {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return 'none that WebGL 2 reaches; the core needs none';
  const renderer = contextRenderer(gl as unknown as WebGLRenderingContext);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return isSoftware(renderer) ? `${renderer}: a program on the processor, no GPU` : renderer;
}

function deviceFacts(): Readonly<Record<string, string>> {
  const { hardwareConcurrency, userAgent } = navigator;
  return {
    Engine: userAgent,
    Cores: hardwareConcurrency ? `${hardwareConcurrency}; one is measured` : 'not told by this browser',
    'Core variants': hasRelaxed() ? 'simd, relaxed' : 'simd; this engine has no relaxed SIMD',
    GPU: rendererWords(),
    Version: `synthward ${VERSION}`,
  };
}

const facts = deviceFacts();

function linesTable(lines: readonly BenchLine[]): HTMLElement {
  const body = lines.map(({ item, value, unit, ratio }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, item),
      element('td', { class: 'number' }, figure(value)),
      element('td', {}, unit),
      element('td', { class: 'number' }, ratio === null ? '' : `${Math.round(100 * ratio)}%`),
    ),
  );
  const table = element('table', {}, tableHead(['Item', 'Figure', 'Unit', 'Of its reference'], [1, 3]), element('tbody', {}, ...body));
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures of this device' }, table);
}

function planOf(): BenchPlan {
  const checked = [...byId('groups').querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value);
  const variant = byId('variants').querySelector<HTMLInputElement>('input:checked')?.value === 'relaxed' ? 'relaxed' : 'simd';
  return { variant, only: GROUPS.filter(({ title }) => checked.includes(title)).flatMap(({ only }) => only) };
}

function present(plan: BenchPlan, lines: readonly BenchLine[]): void {
  byId('figures').replaceChildren(linesTable(lines));
  const text = () => `${JSON.stringify({ device: facts, variant: plan.variant, measured: new Date().toISOString(), lines }, null, 1)}\n`;
  const copied = async (event: Event) => {
    await navigator.clipboard.writeText(text());
    (event.target as HTMLElement).textContent = 'Copied';
  };
  byId('downloads').replaceChildren(
    element(
      'button',
      { type: 'button', class: 'main', click: () => download('benchmark.json', text(), 'application/json') },
      'Save as JSON',
    ),
    navigator.clipboard ? element('button', { type: 'button', click: copied }, 'Copy') : '',
  );
}

async function start(event: Event): Promise<void> {
  event.preventDefault();
  if (running) return;
  show({ running: true, results: false, 'run-mistake': false });
  byId<HTMLButtonElement>('start').disabled = true;
  byId<HTMLProgressElement>('progress').value = 0;
  const plan = planOf();
  const lines: BenchLine[] = [];
  try {
    running = startJob({ kind: 'bench', plan }, (answer) => {
      if (answer.kind === 'step') {
        byId('doing').textContent = answer.step.doing;
        byId<HTMLProgressElement>('progress').value = answer.step.share;
      } else if (answer.kind === 'lines') {
        lines.push(...answer.lines);
        present(plan, lines);
        show({ results: true });
      }
    });
    await running.ended;
    byId('results-title').focus();
    byId('status').textContent = 'Done: the figures are below';
  } catch (error) {
    if (isCancelled(error)) byId('status').textContent = 'Cancelled';
    else tellMistake('run-mistake', error);
  } finally {
    running = null;
    show({ running: false });
    tellChoice();
  }
}

function tellChoice(): void {
  byId<HTMLButtonElement>('start').disabled = running !== null || planOf().only.length === 0;
}

byId('device').append(...Object.entries(facts).flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)]));
byId('variants').append(
  ...VARIANTS.map(({ name, title }) =>
    element(
      'label',
      {},
      element('input', {
        type: 'radio',
        name: 'variant',
        value: name,
        checked: name === 'simd',
        disabled: name === 'relaxed' && !hasRelaxed(),
      }),
      title,
    ),
  ),
);
byId('groups').append(
  ...GROUPS.map(({ title }) =>
    element('label', {}, element('input', { type: 'checkbox', value: title, checked: true, change: tellChoice }), title),
  ),
);
byId('plan').addEventListener('submit', start);
byId('cancel').addEventListener('click', () => running?.cancel());
registerOffline();
