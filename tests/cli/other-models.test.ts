/** Model files of other versions and of the other kind, as the commands meet them: one sentence with the remedy. */
import { join } from 'node:path';
import { suite } from 'uvu';
import { temporaryFolder } from '../node/folder.js';
import { changedModel, OTHER_VERSIONS } from './changed-model.js';
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

const uses = {
  'rows.model': (file: string) => ['sample', file, '--count', 3, '--out', 'new.csv'],
  'rf.model': (file: string) => ['classify', '--model', file, '--test', 'cohort.csv', '--out', 'new.csv'],
} as const;

for (const [whole, command] of Object.entries(uses)) {
  test(`${command('FILE').join(' ')}: files of other versions`, async () => {
    const changed = (how: keyof typeof OTHER_VERSIONS) => changedModel(folder, whole, `${how}.model`, OTHER_VERSIONS[how]);
    const newer = changed('newer');
    await refuses(folder, command(newer), /newer\.model has the format synthward-model-2 of synthward 3\.1\.4, .*; update synthward/);
    const older = changed('older');
    await refuses(
      folder,
      command(older),
      /synthward-model-0 of synthward 0\.0\.1, .*; train the model again, or open it with that version/,
    );
    const method = changed('method');
    await refuses(
      folder,
      command(method),
      /the method "of-tomorrow" of synthward 3\.1\.4, which this version cannot open .*; update synthward/,
    );
    const foreign = changed('foreign');
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
