/** A run in the page as the record of a study, so that the same summary and the same report come of it. */

import {
  type CellOutcome,
  type DatasetFacts,
  type Manifest,
  orderOf,
  renderReport,
  type Summary,
  settle,
  summarise,
} from '../ts/experiment.js';
import { VERSION, wasmBackend } from '../ts/index.js';
import type { Plan, Roles, TableFacts } from './messages.js';

/** How the browser names itself and its version. */
function engine(): string {
  const agent = navigator.userAgent;
  const [, name, version] = /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(agent) ?? [];
  return name ? `${{ Edg: 'Edge', Version: 'Safari' }[name] ?? name} ${version}` : 'browser';
}

export function datasetFacts(facts: TableFacts, { target, positive, group, exclude }: Roles): DatasetFacts {
  const values = facts.columns.find(({ name }) => name === target)?.values ?? [];
  const left = new Set([target, group, ...exclude]);
  return {
    name: facts.name,
    title: facts.title,
    file: `${facts.name}.csv`,
    sha256: facts.sha256,
    rows: values.reduce((sum, { rows }) => sum + rows, 0),
    positives: values.find(({ value }) => value === positive)?.rows ?? 0,
    features: facts.columns.filter(({ name, kind }) => !left.has(name) && kind !== 'text').length,
    groups: group === null ? null : (facts.columns.find(({ name }) => name === group)?.different ?? null),
    target,
    positive,
    group_column: group,
    exclude,
    schema_sha256: null,
    source: facts.source,
    licence: facts.licence,
    simulated: false,
  };
}

export interface StudyRecord {
  readonly manifest: Manifest;
  readonly outcomes: readonly CellOutcome[];
}

export function studyRecord(
  datasets: readonly DatasetFacts[],
  plan: Omit<Plan, 'method' | 'ratio'> & { readonly methods: readonly string[]; readonly ratios: readonly number[] },
  outcomes: readonly CellOutcome[],
  times: { readonly started: Date; readonly workers: number; readonly cells: number },
): StudyRecord {
  const failed = outcomes.filter(({ lines }) => lines.some((line) => 'error' in line)).length;
  const { classifiers, methods, ratios, seed, splits } = plan;
  const manifest: Manifest = {
    format: 'synthward-study-1',
    version: VERSION,
    ...{ classifiers, methods, ratios, seed, splits, datasets },
    backend: 'wasm',
    variant: 'simd',
    tuned: false,
    tradeoffs: false,
    preset: 'page',
    workers: times.workers,
    machine: {
      engine: engine(),
      platform: navigator.platform,
      cpu: 'not told by browsers',
      cores: navigator.hardwareConcurrency,
      memory_mb: 0,
    },
    started: times.started.toISOString(),
    finished: new Date().toISOString(),
    wall_s: (Date.now() - times.started.getTime()) / 1000,
    cpu_s: 0,
    cells: { total: times.cells, done: outcomes.length - failed, failed },
  };
  return { manifest, outcomes };
}

const portraitsOf = (outcomes: readonly CellOutcome[]) => outcomes.flatMap(({ portrait }) => (portrait ? [portrait] : []));

export async function summaryOf({ manifest, outcomes }: StudyRecord): Promise<Summary> {
  const { special } = await wasmBackend();
  const lines = outcomes.flatMap((outcome) => outcome.lines);
  return summarise(settle(lines, orderOf(lines, manifest)), manifest, special, portraitsOf(outcomes));
}

/** The report as one file. */
export async function reportOf(record: StudyRecord): Promise<string> {
  const { manifest, outcomes } = record;
  const lines = outcomes.flatMap((outcome) => outcome.lines);
  return renderReport(await summaryOf(record), settle(lines, orderOf(lines, manifest)), manifest, document, portraitsOf(outcomes));
}
