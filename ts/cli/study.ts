/** `synthward study`: every method on every data set and split, and whether it helped. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { BackendChoice } from '../backend/select.js';
import { ComputeError, InputError } from '../errors.js';
import { isFile, loadTables, type TableRequest, tableNames } from '../node/datasets.js';
import { readManifest } from '../node/manifest.js';
import { studyProgress } from '../node/progress.js';
import { classifierOf, classifiers } from '../study/classifiers.js';
import type { DatasetFacts, Manifest } from '../study/manifest.js';
import { methodOf, methods } from '../study/methods.js';
import { type Preset, presets } from '../study/presets.js';
import { printWarnings } from './notes.js';
import {
  type ComputeOptions,
  computeOf,
  fileRequest,
  integer,
  list,
  ratios,
  type TableOptions,
  withCompute,
  withTable,
} from './options.js';
import { printOutcome } from './tables.js';

interface StudyOptions extends TableOptions, ComputeOptions {
  readonly preset: string;
  readonly datasets?: readonly string[];
  readonly methods?: readonly string[];
  readonly classifiers?: readonly string[];
  readonly splits?: number;
  readonly ratios?: readonly number[];
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly tradeoffs?: boolean;
  readonly splitsOut?: string;
}

const names = (records: readonly { readonly name: string }[]): string => records.map(({ name }) => name).join(', ');

export function studyCommand(signal: AbortSignal): Command {
  const command = new Command('study')
    .description('Compare methods over random splits; writes results.jsonl, portraits.jsonl, summary.json, manifest.json and report.html.')
    .addOption(
      new Option(
        '--preset <name>',
        'quick: about three minutes on two cores; paper: 10 splits, ratios 1 and 0.25; simulated: 30,000 simulated rows, not patients',
      )
        .choices(names(presets).split(', '))
        .default('quick'),
    )
    .option('--datasets <tables...>', `of ${tableNames.join(', ')} (simulated), or CSV files, separated by commas`, list)
    .option('--methods <names...>', `of ${names(methods)}`, list)
    .option('--classifiers <names...>', `of ${names(classifiers)}`, list)
    .option('--splits <number>', 'random 80/20 splits', integer(1, 1000))
    .option('--ratios <numbers...>', 'minority ÷ majority after augmentation, separated by commas', ratios)
    .option('--workers <number>', 'worker threads (default: the number of cores)', integer(1, 512))
    .option('--out <folder>', 'where results go (default: runs/<preset>); what is finished there is not run again')
    .option('--resume', 'continue the study in --out: what is not given is taken from its manifest')
    .option('--tradeoffs', 'also measure what training and sampling cost, and what fewer steps lose (in the paper preset anyway)')
    .option('--no-tradeoffs', 'leave that out')
    .option('--splits-out <file>', 'write the row indices of every split as JSON');
  return withCompute(withTable(command)).action((options: StudyOptions) => study(options, command, signal));
}

async function study(options: StudyOptions, command: Command, signal: AbortSignal): Promise<void> {
  const out = options.out ?? join('runs', options.preset);
  const earlier = options.resume ? readManifest(out) : null;
  const preset = presets.find(({ name }) => name === options.preset) as Preset;
  const plan = earlier ?? { ...preset, seed: options.seed };
  const given = (name: string) => command.getOptionValueSource(name) !== 'default';

  for (const name of options.methods ?? []) methodOf(name);
  for (const name of options.classifiers ?? []) classifierOf(name);
  const tables = await loadTables(tableRequests(options, earlier ?? preset));
  for (const { warnings } of tables) printWarnings(warnings);
  const { runStudy } = await import('../node/study.js');
  const outcome = await runStudy({
    preset: earlier?.preset ?? options.preset,
    tables,
    methods: options.methods ?? plan.methods,
    classifiers: options.classifiers ?? plan.classifiers,
    splits: options.splits ?? plan.splits,
    ratios: options.ratios ?? plan.ratios,
    tuned: plan.tuned,
    tradeoffs: options.tradeoffs ?? plan.tradeoffs,
    seed: given('seed') ? options.seed : plan.seed,
    ...computeOf({ ...options, ...sameCompute(earlier, given) }),
    workers: options.workers ?? availableParallelism(),
    out,
    splitsOut: options.splitsOut,
    signal,
    progress: studyProgress,
  });
  printOutcome(outcome);
  const [first] = outcome.failed;
  if (first && outcome.manifest.cells.done === 0) throw new ComputeError(`no cell had a result; the first one says: ${first.error}`);
}

/** A study that is continued computes where it began, unless the options say otherwise. */
const sameCompute = (earlier: Manifest | null, given: (name: string) => boolean): Partial<ComputeOptions> => ({
  ...(earlier && !given('fast') ? { fast: earlier.variant === 'relaxed' } : {}),
  ...(earlier && !given('backend') ? { backend: earlier.backend as BackendChoice } : {}),
});

/** The tables of `--datasets`, else those of the study that is continued, else the preset's. */
function tableRequests(options: StudyOptions, otherwise: Manifest | Preset): TableRequest[] {
  if (!options.datasets) {
    rejectTableOptions(options);
    return otherwise.datasets.map((table) => (typeof table === 'string' ? { name: table } : sameTable(table)));
  }
  if (!options.datasets.some(isFile)) rejectTableOptions(options);
  return options.datasets.map((table) => (isFile(table) ? fileRequest(table, options) : { name: table }));
}

function rejectTableOptions(options: TableOptions): void {
  for (const name of ['target', 'positive', 'group', 'schema', 'exclude', 'missing', 'censored', 'encoding', 'headerLine'] as const) {
    if (options[name] !== undefined) {
      throw new InputError(
        `"--${name === 'headerLine' ? 'header-line' : name}" expected a CSV file in --datasets; embedded tables declare their columns themselves`,
      );
    }
  }
}

const sameTable = (facts: DatasetFacts): TableRequest =>
  facts.source !== null
    ? { name: facts.name }
    : {
        file: facts.file,
        target: facts.target,
        positive: facts.positive,
        group: facts.group_column ?? undefined,
        schema: undefined,
        exclude: facts.exclude,
      };
