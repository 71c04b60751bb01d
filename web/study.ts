/** The page "Study": the experiment's grid over web workers, and the report of it. */

import { type CellOutcome, groupCells, listCells, methods, methodTitle } from '../ts/experiment.js';
import { VERSION } from '../ts/index.js';
import { byId, download, element, show } from './element.js';
import { isCancelled, runJob, tellMistake } from './job.js';
import type { CellKey, Roles, TableFacts } from './messages.js';
import { registerOffline } from './offline.js';
import { type PooledTable, type PoolRun, runPool } from './pool.js';
import { EMBEDDED, embeddedSource } from './sources.js';
import { datasetFacts, reportOf, type StudyRecord, studyRecord } from './study-record.js';

/** What is chosen at first: quick methods on the two small tables. */
const FIRST_TABLES: readonly string[] = ['breast_cancer', 'pbc_visits'];
const FIRST_METHODS: readonly string[] = ['none', 'weight', 'tuned', 'smote', 'rose', 'tabddpm'];
const CLASSIFIERS = ['rf', 'xgb'];

let running: PoolRun | null = null;

const chosen = (fieldset: string): string[] =>
  [...byId(fieldset).querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value);

function checkboxes(fieldset: string, entries: readonly { name: string; title: string }[], first: readonly string[]): void {
  byId(fieldset).append(
    ...entries.map(({ name, title }) =>
      element('label', {}, element('input', { type: 'checkbox', value: name, checked: first.includes(name), change: tellSize }), title),
    ),
  );
}

interface Wanted {
  readonly methods: readonly string[];
  readonly ratios: readonly number[];
  readonly splits: number;
  readonly seed: number;
  readonly classifiers: readonly string[];
}

function wantedOf(): Wanted {
  const number = (id: string) => Number(byId<HTMLInputElement | HTMLSelectElement>(id).value);
  return {
    methods: chosen('methods'),
    ratios: [number('ratio')],
    splits: number('splits'),
    seed: number('seed'),
    classifiers: CLASSIFIERS,
  };
}

function tellSize(): void {
  const { methods: names, splits } = wantedOf();
  const cells = chosen('tables').length * names.length * splits;
  byId('size').textContent = cells === 0 ? 'Choose at least one table and one method.' : `${cells} cells: tables × methods × splits.`;
  byId<HTMLButtonElement>('start').disabled = cells === 0;
}

interface Loaded extends PooledTable {
  readonly facts: TableFacts;
}

async function loadTables(names: readonly string[]): Promise<Map<string, Loaded>> {
  const tables = new Map<string, Loaded>();
  for (const name of names) {
    const source = await embeddedSource(name);
    await runJob({ kind: 'read', source }, (answer) => {
      if (answer.kind === 'facts') tables.set(name, { source, facts: answer.facts, roles: answer.facts.roles as Roles });
    });
  }
  return tables;
}

async function start(event: Event): Promise<void> {
  event.preventDefault();
  if (running) return;
  const started = new Date();
  show({ running: true, results: false, 'run-mistake': false });
  byId<HTMLButtonElement>('start').disabled = true;
  byId('doing').textContent = 'Reading the tables';
  try {
    const wanted = wantedOf();
    const tables = await loadTables(chosen('tables'));
    const record = await run(wanted, tables, started);
    await present(record);
  } catch (error) {
    if (isCancelled(error)) byId('status').textContent = 'Cancelled';
    else tellMistake('run-mistake', error);
  } finally {
    running = null;
    show({ running: false });
    tellSize();
  }
}

async function run(wanted: Wanted, tables: ReadonlyMap<string, Loaded>, started: Date): Promise<StudyRecord> {
  const datasets = [...tables.values()].map(({ facts, roles }) => datasetFacts(facts, roles));
  const plan = { ...wanted, version: VERSION, backend: 'wasm', variant: 'simd', tuned: false, tradeoffs: false, datasets };
  const cells: CellKey[] = listCells(plan);
  const workers = Math.max(1, Math.min(Number(byId<HTMLInputElement>('workers').value), cells.length));
  const outcomes: CellOutcome[] = [];
  const setting = { seed: plan.seed, classifiers: plan.classifiers, tuned: false, version: VERSION, portrayedRatio: plan.ratios[0] };
  running = runPool(groupCells(cells), tables, setting, workers, ({ dataset, method, split }, outcome) => {
    outcomes.push(outcome);
    const seconds = (Date.now() - started.getTime()) / 1000;
    const left = Math.round((seconds * (cells.length - outcomes.length)) / outcomes.length);
    byId<HTMLProgressElement>('progress').value = outcomes.length / cells.length;
    byId('doing').textContent =
      `${outcomes.length} of ${cells.length} cells, about ${left} s left; last: ${methodTitle(method)} on ${dataset}, split ${split + 1}`;
  });
  await running.ended;
  return studyRecord(datasets, wanted, outcomes, { started, workers, cells: cells.length });
}

let shown: string | null = null;

async function present(record: StudyRecord): Promise<void> {
  const report = await reportOf(record);
  if (shown) URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(new Blob([report], { type: 'text/html' }));
  byId<HTMLIFrameElement>('report').src = shown;
  const lines = () => record.outcomes.flatMap((outcome) => outcome.lines.map((line) => `${JSON.stringify(line)}\n`)).join('');
  byId('downloads').replaceChildren(
    element('button', { type: 'button', class: 'main', click: () => download('report.html', report, 'text/html') }, 'Report (HTML)'),
    element('button', { type: 'button', click: () => download('results.jsonl', lines(), 'application/jsonl') }, 'Results (JSON lines)'),
  );
  show({ results: true });
  byId('results-title').focus();
  byId('status').textContent = 'Done: the report is below';
}

checkboxes('tables', EMBEDDED, FIRST_TABLES);
checkboxes(
  'methods',
  methods.map(({ name }) => ({ name, title: methodTitle(name) })),
  FIRST_METHODS,
);
byId<HTMLInputElement>('workers').value = String(Math.max(1, Math.min(8, (navigator.hardwareConcurrency ?? 2) - 1)));
byId('splits').addEventListener('change', tellSize);
byId('plan').addEventListener('submit', start);
byId('cancel').addEventListener('click', () => running?.cancel());
tellSize();
registerOffline();
