/** `manifest.json` of a study's folder: written before the first cell, kept up to date, and held against the plan of a second run. */
import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.js';
import type { DatasetFacts, Manifest, StudyPlan } from '../study/manifest.js';
import { onFile, writeWhole } from './files.js';

const FORMAT = 'synthward-study-1';
const fileOf = (folder: string): string => join(folder, 'manifest.json');

/** The manifest of a study's folder, null where there is none. Throws {@link InputError} for one that cannot be read. */
export function readManifest(folder: string): Manifest | null {
  const file = fileOf(folder);
  if (!existsSync(file)) return null;
  const text = onFile(file, 'read', () => readFileSync(file, 'utf8'));
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format === FORMAT && Array.isArray(manifest.datasets)) return manifest;
  } catch {
    // said below
  }
  throw new InputError(`${file} is not the manifest of a study (${FORMAT}); choose another folder with --out`);
}

export const writeManifest = (folder: string, manifest: Manifest): void =>
  writeWhole(fileOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);

/** The manifest of a first run. */
export function newManifest(plan: StudyPlan, preset: string, workers: number, cells: number): Manifest {
  return {
    format: FORMAT,
    ...plan,
    preset,
    workers,
    machine: {
      engine: `node ${process.versions.node}`,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory_mb: Math.round(totalmem() / 1048576),
    },
    started: new Date().toISOString(),
    finished: null,
    wall_s: 0,
    cpu_s: 0,
    cells: { total: cells, done: 0, failed: 0 },
  };
}

/** What a table's numbers depend on. */
const tableKey = ({ name, sha256, target, positive, group_column, exclude, schema_sha256 }: DatasetFacts) =>
  JSON.stringify([name, sha256, target, positive, group_column, exclude, schema_sha256]);

/** Throws {@link InputError} when `folder` holds results of another plan, naming the first difference. */
export function checkSamePlan(folder: string, found: StudyPlan, wanted: StudyPlan): void {
  const refuse = (what: string, had: string, now: string): never => {
    throw new InputError(
      `${folder} holds a study with ${what} ${had}, this one has ${now}; choose another folder with --out, or remove that one to start anew`,
    );
  };
  for (const field of ['version', 'seed', 'backend', 'variant', 'splits', 'tuned'] as const) {
    if (found[field] !== wanted[field]) refuse(field, `${found[field]}`, `${wanted[field]}`);
  }
  if ((found.device ?? null) !== (wanted.device ?? null)) refuse('device', found.device ?? 'none', wanted.device ?? 'none');
  for (const field of ['methods', 'classifiers', 'ratios'] as const) {
    const [had, now] = [found[field].join(', '), wanted[field].join(', ')];
    if (had !== now) refuse(field, had, now);
  }
  const names = ({ datasets }: StudyPlan) => datasets.map(({ name }) => name).join(', ');
  if (names(found) !== names(wanted)) refuse('data sets', names(found), names(wanted));
  for (const [at, table] of wanted.datasets.entries()) {
    if (tableKey(found.datasets[at] as DatasetFacts) === tableKey(table)) continue;
    throw new InputError(
      `${folder} holds a study of another ${table.file} (its content, target, positive label, group, excluded columns or schema differ); choose another folder with --out, or remove that one to start anew`,
    );
  }
}
