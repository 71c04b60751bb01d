/** The page "Use a model": a model file in, patients drawn or a table predicted, the CSV out. */

import { classifierName, methodTitle } from '../ts/experiment.js';
import { warningsList } from './columns-view.js';
import { takesFiles } from './drop.js';
import { byId, download, element, show, tableHead } from './element.js';
import { isCancelled, type RunningJob, startJob, tellMistake } from './job.js';
import type { DrawPlan, Job, MadeTable, ModelFacts, ModelFile, Source } from './messages.js';
import { registerOffline } from './offline.js';
import { clearReading, listenToReading, openReading, readingOf } from './reading.js';
import { options } from './roles.js';
import { checkSize, fileSource } from './sources.js';

let model: ModelFile | null = null;
let facts: ModelFacts | null = null;
let table: Source | null = null;
let running: RunningJob | null = null;
let opening: RunningJob | null = null;

const say = (text: string): void => {
  byId('status').textContent = text;
};

async function open(file: File): Promise<void> {
  running?.cancel();
  opening?.cancel();
  facts = null;
  table = null;
  show({ 'model-mistake': false, model: false, draw: false, predict: false, 'run-mistake': false, results: false });
  show({ 'table-mistake': false, reading: false });
  byId<HTMLInputElement>('table').value = '';
  say('Opening the model');
  try {
    checkSize(file);
    model = { file: file.name, content: file };
    opening = startJob({ kind: 'open', model }, (answer) => {
      if (answer.kind === 'model') facts = answer.facts;
    });
    await opening.ended;
    if (facts) present(model, facts);
    say('The model was opened');
  } catch (error) {
    if (isCancelled(error)) return;
    tellMistake('model-mistake', error);
    say('');
  }
}

function present({ file }: ModelFile, facts: ModelFacts): void {
  const { method, target, holds, columns, does, warnings } = facts;
  const told: Record<string, string> = {
    Method: does === 'draw' ? methodTitle(method) : classifierName(method),
    Does:
      does === 'draw'
        ? `draws patients with ${columns.length} columns`
        : `predicts ${target.column} = ${target.positive} from ${columns.length} columns`,
    Holds: holds,
    ...(does === 'draw' && { 'Written by': `synthward ${facts.version}` }),
  };
  byId('model-title').textContent = `What ${file} is`;
  byId('model-facts').replaceChildren(
    ...Object.entries(told).flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)]),
  );
  byId('model-warnings').replaceChildren(...(warnings.length > 0 ? [warningsList(warnings, file)] : []));
  show({ model: true, draw: does === 'draw', predict: does === 'predict' });
  if (facts.does === 'predict') return;
  options(
    'label',
    facts.labels.map((label) => [label, `${target.column} = ${label}`] as const),
    target.positive,
  );
  for (const part of document.querySelectorAll<HTMLElement>('.diffusion')) part.hidden = facts.timesteps === null;
  const steps = byId<HTMLInputElement>('steps');
  steps.max = String(facts.timesteps ?? '');
  steps.value = String(Math.min(20, facts.timesteps ?? 20));
}

function planOf(): DrawPlan {
  const value = (id: string) => byId<HTMLInputElement | HTMLSelectElement>(id).value;
  const sampler = value('sampler') as DrawPlan['sampler'];
  return { count: Number(value('count')), label: value('label'), steps: Number(value('steps')), sampler, seed: Number(value('seed')) };
}

/** Runs a job that makes a table; `mistakes` is where its mistakes are told. Whether it was made. */
async function make(job: Job, mistakes: string, words: (made: MadeTable) => string, name: string): Promise<boolean> {
  show({ running: true, results: false, 'run-mistake': false, 'table-mistake': false });
  byId<HTMLProgressElement>('progress').value = 0;
  byId('doing').textContent = 'Starting';
  byId<HTMLButtonElement>('start').disabled = true;
  let made: MadeTable | null = null;
  try {
    running = startJob(job, (answer) => {
      if (answer.kind === 'table') made = answer.made;
      if (answer.kind !== 'step') return;
      byId('doing').textContent = answer.step.doing;
      byId<HTMLProgressElement>('progress').value = answer.step.share;
    });
    await running.ended;
    if (made) presentTable(made, words(made), name);
    say('Done: the table is below');
    return true;
  } catch (error) {
    if (isCancelled(error)) say('Cancelled');
    else {
      tellMistake(mistakes, error);
      say('');
    }
    return false;
  } finally {
    running = null;
    show({ running: false });
    byId<HTMLButtonElement>('start').disabled = false;
  }
}

function presentTable({ csv, columns, numbers, preview, rows, warnings }: MadeTable, words: string, name: string): void {
  byId('made').textContent = words;
  byId('made-warnings').replaceChildren(...(warnings.length > 0 ? [warningsList(warnings, table?.file ?? '')] : []));
  const save = () => download(name, csv, 'text/csv');
  byId('downloads').replaceChildren(element('button', { type: 'button', class: 'main', click: save }, 'Table (CSV)'));
  const body = preview.map((cells) =>
    element('tr', {}, ...cells.map((cell, at) => element('td', { class: numbers.includes(at) && 'number' }, cell))),
  );
  const caption = element('caption', {}, preview.length < rows ? `The first ${preview.length} rows` : 'All rows');
  const shown = element('table', {}, caption, tableHead(columns, numbers), element('tbody', {}, ...body));
  byId('preview').replaceChildren(
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'The first rows of the table' }, shown),
  );
  show({ results: true });
  byId('results-title').focus();
}

async function draw(event: Event): Promise<void> {
  event.preventDefault();
  if (!model || facts?.does !== 'draw' || running) return;
  const { target, method } = facts;
  const plan = planOf();
  const words = ({ rows }: MadeTable) =>
    `${rows.toLocaleString('en')} synthetic patients with ${target.column} = ${plan.label}, drawn by ${methodTitle(method)}.`;
  await make({ kind: 'draw', model, plan }, 'run-mistake', words, `${stem(model.file)}-patients.csv`);
}

async function predict(chosen: Promise<Source>): Promise<void> {
  running?.cancel();
  if (!model || facts?.does !== 'predict') return;
  const { column, positive } = facts.target;
  say('Reading the table');
  try {
    table = await chosen;
  } catch (error) {
    tellMistake('table-mistake', error);
    say('');
    return;
  }
  show({ reading: true });
  const words = ({ rows }: MadeTable) => `The probability of ${column} = ${positive} for each of ${rows.toLocaleString('en')} rows.`;
  const done = await make({ kind: 'predict', model, source: table }, 'table-mistake', words, `${table.name}-predictions.csv`);
  if (!done) openReading();
}

const stem = (file: string): string => file.replace(/\.[^.]*$/, '');

takesFiles('drop', 'file', open);
takesFiles('table-drop', 'table', (file) => {
  clearReading();
  return predict(fileSource(file));
});
listenToReading({
  again: () => table && predict(Promise.resolve({ ...table, reading: readingOf() })),
  found: async () => {
    let schema: string | null = null;
    if (table)
      await startJob({ kind: 'check', source: { ...table, reading: readingOf() }, roles: null }, (answer) => {
        if (answer.kind === 'checked') schema = answer.checked.schema;
      }).ended.catch((error) => tellMistake('table-mistake', error));
    return schema;
  },
});
byId('plan').addEventListener('submit', draw);
byId('cancel').addEventListener('click', () => running?.cancel());
registerOffline();
