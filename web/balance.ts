/** The page "Balance a table": a table in, what is in it, how rows are made, how they do, the balanced table out. */

import { methodTitle } from '../ts/experiment.js';
import { columnsTable, warningsList } from './columns-view.js';
import { takesFiles } from './drop.js';
import { byId, download, element, show } from './element.js';
import { isCancelled, JobError, type RunningJob, startJob, tellMistake } from './job.js';
import type { Answer, Balanced, Checked, Job, Plan, Roles, Source, TableFacts } from './messages.js';
import { type GeneratorMethodName, methodNotes } from './method-notes.js';
import { registerOffline } from './offline.js';
import { clearReading, listenToReading, openReading, readingOf, toReading } from './reading.js';
import { beforeAfterTable, likenessView, precisionPictures, verdictBox } from './result-view.js';
import { offerRoles, offerValues, options, rolesOf, tellBalance } from './roles.js';
import { isOfReading } from './sentences.js';
import { EMBEDDED, embeddedSource, fileSource } from './sources.js';
import { datasetFacts, reportOf, type StudyRecord, studyRecord, summaryOf } from './study-record.js';
import { watchTraining } from './training.js';

let source: Source | null = null;
let facts: TableFacts | null = null;
let running: RunningJob | null = null;
/** Reading or checking; the next one ends it. */
let looking: RunningJob | null = null;
/** Tables read so far: what was begun for another one is not told any more. */
let turns = 0;

const say = (text: string): void => {
  byId('status').textContent = text;
};

async function look(job: Job, onAnswer: (answer: Answer) => void): Promise<void> {
  looking?.cancel();
  looking = startJob(job, onAnswer);
  await looking.ended;
}

function loadEmbedded(name: string): Promise<void> {
  byId<HTMLInputElement>('file').value = '';
  return load(embeddedSource(name));
}

/** A table that was just chosen: what was said of the one before does not count. */
async function load(chosen: Promise<Source>): Promise<void> {
  clearReading();
  await read(chosen);
}

async function read(chosen: Promise<Source>): Promise<void> {
  const turn = ++turns;
  running?.cancel();
  looking?.cancel();
  facts = null;
  show({ 'table-mistake': false, reading: false, columns: false, method: false, 'run-mistake': false, results: false });
  say('Reading the table');
  try {
    const table = await chosen;
    if (turn !== turns) return;
    source = table;
    show({ reading: source.reading !== null });
    await look({ kind: 'read', source }, (answer) => {
      if (answer.kind === 'facts') facts = answer.facts;
    });
    if (facts) await present(facts);
    if (turn === turns) say('The table was read');
  } catch (error) {
    if (turn !== turns || isCancelled(error)) return;
    tellMistake('table-mistake', error);
    openReading();
    say('');
  }
}

async function present(facts: TableFacts): Promise<void> {
  byId('columns-title').textContent = `What is in ${facts.title}`;
  byId('columns-table').replaceChildren(columnsTable(facts));
  tellWarnings(facts.warnings, facts.file);
  const possible = offerRoles(facts);
  show({ columns: true, method: possible });
  if (possible) await check();
  else tellMistake('table-mistake', new JobError('No column has so few values that it could be an outcome.', true));
}

function tellWarnings(warnings: readonly string[], file: string): void {
  const list = warningsList(warnings, file);
  const advised = source?.reading && isOfReading(list.textContent ?? '');
  byId('columns-warnings').replaceChildren(list, ...(advised ? [toReading()] : []));
}

/** Says what is doubtful under the roles that are chosen, and whether anything can be learnt. */
async function check(): Promise<void> {
  if (!source || !facts) return;
  const { file } = facts;
  show({ 'target-mistake': false, 'run-mistake': false });
  byId<HTMLButtonElement>('start').disabled = running !== null;
  byId('method').ariaBusy = 'true';
  try {
    await look({ kind: 'check', source, roles: rolesOf(facts) }, (answer) => {
      if (answer.kind === 'checked') tellChecked(answer.checked, file);
    });
  } catch (error) {
    if (isCancelled(error)) return; // another one is at it
    tellMistake('target-mistake', error);
  }
  byId('method').ariaBusy = 'false';
}

function tellChecked({ warnings, fault }: Checked, file: string): void {
  tellWarnings(warnings, file);
  if (fault === null) return;
  tellMistake('target-mistake', new JobError(fault, true));
  byId<HTMLButtonElement>('start').disabled = true;
}

/** The schema of what is in the table, also of one that is refused. */
async function foundSchema(): Promise<string | null> {
  if (!source) return null;
  let schema: string | null = null;
  const reading = readingOf();
  try {
    await look({ kind: 'check', source: { ...source, reading }, roles: facts && rolesOf(facts) }, (answer) => {
      if (answer.kind === 'checked') schema = answer.checked.schema;
    });
  } catch (error) {
    if (!isCancelled(error)) tellMistake('table-mistake', error);
  }
  return schema;
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

async function start(event: Event): Promise<void> {
  event.preventDefault();
  if (!source || !facts || running) return;
  looking?.cancel();
  const [table, roles, plan, started] = [facts, rolesOf(facts), planOf(), new Date()];
  show({ running: true, results: false, 'run-mistake': false });
  const watch = watchTraining();
  byId<HTMLButtonElement>('start').disabled = true;
  let balanced: Balanced | null = null;
  try {
    running = startJob({ kind: 'balance', source, roles, plan }, (answer) => {
      if (answer.kind === 'step') watch(answer.step);
      else if (answer.kind === 'balanced') balanced = answer.balanced;
    });
    await running.ended;
    await conclude(table, roles, plan, balanced as unknown as Balanced, started);
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
  byId('run-warnings').replaceChildren(...(balanced.warnings.length > 0 ? [warningsList(balanced.warnings, facts.file)] : []));
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
  const save = () => download(`${name}-model.safetensors`, model.bytes, 'application/octet-stream');
  const button = element('button', { type: 'button', click: save, 'aria-describedby': 'model-holds' }, 'Model (safetensors)');
  const use = element('a', { href: 'model.html' }, 'Use a model');
  return [
    button,
    element(
      'p',
      { id: 'model-holds', class: 'soft' },
      `The model file holds ${model.holds}. It draws more patients on the page “`,
      use,
      '”.',
    ),
  ];
}

function methodNote(): void {
  byId('method-note').textContent = methodNotes[byId<HTMLSelectElement>('method-name').value as GeneratorMethodName] ?? '';
}

function listen(): void {
  takesFiles('drop', 'file', (file) => load(fileSource(file)));
  listenToReading({
    again: () => source && read(Promise.resolve({ ...source, reading: readingOf() })),
    found: foundSchema,
  });
  byId('embedded').replaceChildren(
    ...EMBEDDED.map(({ name, title }) => element('button', { type: 'button', 'data-table': name, click: () => loadEmbedded(name) }, title)),
  );
  const changed = (tell: (facts: TableFacts) => void) => () => {
    if (facts) tell(facts);
    check();
  };
  byId('target').addEventListener('change', changed(offerValues));
  byId('positive').addEventListener('change', changed(tellBalance));
  byId('group').addEventListener('change', check);
  byId('method-name').addEventListener('change', methodNote);
  byId('plan').addEventListener('submit', start);
  byId('cancel').addEventListener('click', () => running?.cancel());
}

options(
  'method-name',
  Object.keys(methodNotes).map((name) => [name, methodTitle(name)] as const),
  'tabddpm',
);
methodNote();
listen();
registerOffline();
