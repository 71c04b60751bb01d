/** Model files of other versions and of the other kind, as the commands meet them: one sentence with the remedy. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import { readSafetensors, writeSafetensors } from '../../ts/store/safetensors.js';
import { temporaryFolder } from '../node/folder.js';
import { refuses, succeeds, synthward, writeCohort } from './command.js';

const test = suite('models of others');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
const roles = ['--target', 'died', '--exclude', 'id,note'];
const run = (...args: (string | number)[]) => succeeds(synthward(folder, ...args));
run('train', 'cohort.csv', ...roles, '--method', 'smote', '--model-out', 'rows.model');
run(
  'classify',
  '--train',
  'cohort.csv',
  '--test',
  'cohort.csv',
  ...roles,
  '--classifier',
  'rf',
  '--out',
  'p.csv',
  '--model-out',
  'rf.model',
);

/** A copy of a file with other texts, whole as the one that it was made of. */
function changed(from: string, name: string, texts: Record<string, string>): string {
  const { metadata, tensors } = readSafetensors(readFileSync(join(folder, from)), from);
  const { crc32: _, ...own } = Object.fromEntries(metadata);
  writeFileSync(join(folder, name), writeSafetensors({ ...own, ...texts }, Object.fromEntries(tensors)));
  return name;
}

const uses = {
  'rows.model': (file: string) => ['sample', file, '--count', 3, '--out', 'new.csv'],
  'rf.model': (file: string) => ['classify', '--model', file, '--test', 'cohort.csv', '--out', 'new.csv'],
} as const;

for (const [whole, command] of Object.entries(uses)) {
  test(`${command('FILE').join(' ')}: files of other versions`, async () => {
    const newer = changed(whole, 'newer.model', { format: 'synthward-model-2', synthward: '3.1.4' });
    await refuses(folder, command(newer), /newer\.model has the format synthward-model-2 of synthward 3\.1\.4, .*; update synthward/);
    const older = changed(whole, 'older.model', { format: 'synthward-model-0', synthward: '0.0.1' });
    await refuses(
      folder,
      command(older),
      /synthward-model-0 of synthward 0\.0\.1, .*; train the model again, or open it with that version/,
    );
    const method = changed(whole, 'method.model', { method: 'of-tomorrow', synthward: '3.1.4' });
    await refuses(
      folder,
      command(method),
      /the method "of-tomorrow" of synthward 3\.1\.4, which this version cannot open .*; update synthward/,
    );
    const foreign = changed(whole, 'foreign.model', { format: 'pt' });
    await refuses(folder, command(foreign), /foreign\.model is a safetensors file, but no model of synthward/);
  });
}

test('a model of the other kind', async () => {
  await refuses(
    folder,
    uses['rows.model']('rf.model'),
    /rf\.model holds a classifier \(rf\), which draws no rows; predict with it: "classify --model"/,
  );
  await refuses(
    folder,
    uses['rf.model']('rows.model'),
    /rows\.model holds a model of smote, which draws rows and predicts nothing; draw from it with "sample"/,
  );
});

test.run();
