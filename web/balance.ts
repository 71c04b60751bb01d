/** The page "Balance a table": a table in, what is in it, how rows are made, how they do, the balanced table out. */

import { methodTitle } from '../ts/experiment.js';
import { columnsTable, imbalance, warningsList } from './columns-view.js';
import { curvesPicture } from './curves.js';
import { byId, download, element, show } from './element.js';
import { isCancelled, JobError, type RunningJob, runJob, startJob, tellMistake } from './job.js';
import type { Answer, Balanced, Plan, Roles, Source, Step, TableFacts } from './messages.js';
import { type GeneratorMethodName, methodNotes } from './method-notes.js';
import { registerOffline } from './offline.js';
import { beforeAfterTable, likenessView, precisionPictures, verdictBox } from './result-view.js';
import { EMBEDDED, embeddedSource, fileSource } from './sources.js';
import { datasetFacts, reportOf, type StudyRecord, studyRecord, summaryOf } from './study-record.js';

interface Loaded {
  readonly source: Source;
  readonly facts: TableFacts;
}

let loaded: Loaded | null = null;
let running: RunningJob | null = null;

const say = (text: string): void => {
  byId('status').textContent = text;
};

async function load(reading: Promise<Source>): Promise<void> {
  running?.cancel();
  show({ 'table-mistake': false, columns: false, method: false, running: false, results: false });
  say('Reading the table');
  try {
    const source = await reading;
    await runJob({ kind: 'read', source }, (answer) => {
      if (answer.kind === 'facts') loaded = { source, facts: answer.facts };
    });
    if (loaded) present(loaded.facts);
    say('The table was read');
  } catch (error) {
    tellMistake('table-mistake', error);
    say('');
  }
}

/** What could be an outcome: two values or few. */
const outcomes = ({ columns }: TableFacts) => columns.filter(({ values, kind }) => kind !== 'text' && values && values.length >= 2);

function options(select: HTMLSelectElement, values: readonly (readonly [string, string])[], chosen: string | null | undefined): void {
  select.replaceChildren(...values.map(([value, text]) => element('option', { value, selected: value === chosen }, text)));
}

function present(facts: TableFacts): void {
  byId('columns-title').textContent = `What is in ${facts.title}`;
  byId('columns-table').replaceChildren(columnsTable(facts));
  byId('columns-warnings').replaceChildren(warningsList(facts.warnings, facts.name));
  const possible = outcomes(facts);
  const target = facts.roles.target ?? possible.at(-1)?.name ?? null;
  options(
    byId<HTMLSelectElement>('target'),
    possible.map(({ name }) => [name, name] as const),
    target,
  );
  const groups = facts.columns.filter(({ name }) => name !== target).map(({ name }) => [name, name] as const);
  options(byId<HTMLSelectElement>('group'), [['', 'none: every row is another patient'], ...groups], facts.roles.group);
  show({ columns: true });
  if (possible.length === 0) {
    tellMistake('table-mistake', new JobError('No column has two values that could be an outcome.', true));
    return;
  }
  chooseTarget();
  show({ method: true });
}

/** The values of the outcome; the rarest is taken for the positive one. */
function chooseTarget(): void {
  if (!loaded) return;
  const { facts } = loaded;
  const target = byId<HTMLSelectElement>('target').value;
  const values = facts.columns.find(({ name }) => name === target)?.values ?? [];
  const rarest = values.at(-1)?.value;
  const positive = facts.roles.target === target ? facts.roles.positive : rarest;
  options(
    byId<HTMLSelectElement>('positive'),
    values.map(({ value, rows }) => [value, `${value} (${rows.toLocaleString('en')} rows)`] as const),
    positive,
  );
  choosePositive();
}

function choosePositive(): void {
  if (!loaded) return;
  const { target, positive } = rolesOf(loaded.facts);
  byId('imbalance').replaceChildren(imbalance(loaded.facts, target, positive));
  offerRatios(loaded.facts, target, positive);
}

/** Ratios that are there already cannot be chosen; the least of the others is, which keeps probabilities best. */
function offerRatios({ columns }: TableFacts, target: string, positive: string): void {
  const values = columns.find(({ name }) => name === target)?.values ?? [];
  const rare = values.find(({ value }) => value === positive)?.rows ?? 0;
  const others = values.reduce((sum, { rows }) => sum + rows, 0) - rare;
  const choices = [...byId<HTMLSelectElement>('ratio').options];
  for (const choice of choices) choice.disabled = rare / others >= Number(choice.value);
  const least = choices.filter(({ disabled }) => !disabled).at(-1);
  if (least) least.selected = true;
}

function rolesOf(facts: TableFacts): Roles {
  const value = (id: string) => byId<HTMLSelectElement>(id).value;
  return { target: value('target'), positive: value('positive'), group: value('group') || null, exclude: facts.roles.exclude ?? [] };
}

function planOf(): Plan {
  const value = (id: string) => byId<HTMLInputElement | HTMLSelectElement>(id).value;
  return {
    method: value('method-name'),
    ratio: Number(value('ratio')),
    seed: Number(value('seed')),
    splits: Number(value('splits')),
    classifiers: ['rf', 'xgb'],
  };
}

/** Loss over progress of what is being learnt now. */
interface Watched {
  doing: string;
  steps: number[];
  losses: number[];
  readonly started: number;
}

function watch(step: Step, watched: Watched): void {
  if (watched.doing !== step.doing) Object.assign(watched, { doing: step.doing, steps: [], losses: [] });
  byId<HTMLProgressElement>('progress').value = step.share;
  const seconds = (performance.now() - watched.started) / 1000;
  const left = step.share > 0.03 ? `, about ${timeText((seconds * (1 - step.share)) / step.share)} left` : '';
  byId('doing').textContent = `${step.doing}${left}`;
  if (step.loss === undefined) return;
  watched.steps.push(step.share);
  watched.losses.push(step.loss);
  if (watched.losses.length < 2) return;
  const last = watched.losses.at(-1) as number;
  const description = `Training loss, from ${(watched.losses[0] as number).toFixed(2)} to ${last.toFixed(2)} so far`;
  const first = watched.steps[0] as number;
  const x = watched.steps.map((share) => share - first);
  byId('loss').replaceChildren(
    curvesPicture([{ name: 'loss', x, y: watched.losses, colour: 1 }], { x: 'share of the run', y: 'training loss', description }),
  );
}

const timeText = (seconds: number): string => (seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`);

async function start(event: Event): Promise<void> {
  event.preventDefault();
  if (!loaded || running) return;
  const { source, facts } = loaded;
  const [roles, plan] = [rolesOf(facts), planOf()];
  const watched: Watched = { doing: '', steps: [], losses: [], started: performance.now() };
  const started = new Date();
  show({ running: true, results: false, 'run-mistake': false });
  byId('loss').replaceChildren();
  byId<HTMLProgressElement>('progress').value = 0;
  byId('doing').textContent = 'Starting';
  byId<HTMLButtonElement>('start').disabled = true;
  let balanced: Balanced | null = null;
  const listen = (answer: Answer): void => {
    if (answer.kind === 'step') watch(answer.step, watched);
    else if (answer.kind === 'balanced') balanced = answer.balanced;
  };
  try {
    running = startJob({ kind: 'balance', source, roles, plan }, listen);
    await running.ended;
    await conclude(facts, roles, plan, balanced as unknown as Balanced, started);
    say('Done: the results are below');
  } catch (error) {
    if (isCancelled(error)) say('Cancelled');
    else tellMistake('run-mistake', error);
  } finally {
    running = null;
    show({ running: false });
    byId<HTMLButtonElement>('start').disabled = false;
  }
}

async function conclude(facts: TableFacts, roles: Roles, plan: Plan, balanced: Balanced, started: Date): Promise<void> {
  const study = { ...plan, methods: ['none', plan.method], ratios: [plan.ratio] };
  const times = { started, workers: 1, cells: 2 * plan.splits };
  const record = studyRecord([datasetFacts(facts, roles)], study, balanced.outcomes, times);
  const summary = await summaryOf(record);
  byId('added').textContent =
    `${balanced.added.toLocaleString('en')} synthetic patients with ${roles.target} = ${roles.positive} were made.`;
  byId('verdict').replaceChildren(verdictBox(summary));
  byId('run-warnings').replaceChildren(...(balanced.warnings.length > 0 ? [warningsList(balanced.warnings, facts.name)] : []));
  byId('numbers').replaceChildren(precisionPictures(summary, plan.method), beforeAfterTable(summary, plan.method));
  byId('likeness').replaceChildren(likenessView(summary, plan.method));
  byId('downloads').replaceChildren(...downloads(facts, balanced, record));
  show({ results: true });
  byId('results-title').focus();
}

function downloads(facts: TableFacts, balanced: Balanced, record: StudyRecord): HTMLElement[] {
  const csv = () => download(`${facts.name}-balanced.csv`, balanced.csv, 'text/csv');
  const report = async () => download(`${facts.name}-report.html`, await reportOf(record), 'text/html');
  return [
    element('button', { type: 'button', class: 'main', click: csv }, 'Balanced table (CSV)'),
    element('button', { type: 'button', click: report }, 'Report (HTML)'),
    ...modelButton(facts, balanced),
  ];
}

/** The model's file, with what of the real patients is in it. */
function modelButton({ name }: TableFacts, { model }: Balanced): HTMLElement[] {
  if (!model) return [];
  const save = () => download(`${name}-model.safetensors`, model.bytes, 'application/octet-stream');
  const button = element('button', { type: 'button', click: save, 'aria-describedby': 'model-holds' }, 'Model (safetensors)');
  return [button, element('p', { id: 'model-holds', class: 'soft' }, `The model file holds ${model.holds}.`)];
}

function methodNote(): void {
  byId('method-note').textContent = methodNotes[byId<HTMLSelectElement>('method-name').value as GeneratorMethodName] ?? '';
}

function listen(): void {
  const file = byId<HTMLInputElement>('file');
  const take = (chosen: File | undefined) => chosen && load(fileSource(chosen));
  file.addEventListener('change', () => take(file.files?.[0]));
  const drop = byId('drop');
  for (const name of ['dragenter', 'dragover'] as const) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    take(event.dataTransfer?.files[0]);
  });
  byId('embedded').replaceChildren(
    ...EMBEDDED.map(({ name, title }) =>
      element('button', { type: 'button', 'data-table': name, click: () => load(embeddedSource(name)) }, title),
    ),
  );
  byId('target').addEventListener('change', chooseTarget);
  byId('positive').addEventListener('change', choosePositive);
  byId('method-name').addEventListener('change', methodNote);
  byId('plan').addEventListener('submit', start);
  byId('cancel').addEventListener('click', () => running?.cancel());
}

options(
  byId<HTMLSelectElement>('method-name'),
  Object.keys(methodNotes).map((name) => [name, methodTitle(name)] as const),
  'tabddpm',
);
methodNote();
listen();
registerOffline();
