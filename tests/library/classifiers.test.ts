import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { auroc, Boosting, CancelledError, fileMethod, InputError, RandomForest, Table } from '../../ts/index.js';
import { rejection } from '../contract/rejection.js';
import { cohortCsv } from './cohort.js';

const test = suite('library classifiers');
const table = Table.fromCsv(cohortCsv(300, 60), { name: 'cohort' });
const roles = { target: 'died', exclude: ['id', 'note'] };
const died = Uint8Array.from(table.column('died') as string[], (text) => (text === 'yes' ? 1 : 0));

for (const classifier of [RandomForest, Boosting]) {
  const { method } = classifier;

  test(`${method}: learns, and predicts tables with the columns in another order`, async () => {
    const model = await classifier.fit(table, { ...roles, seed: 2 });
    const p = await model.predictProbability(table);
    assert.is(p.length, 300);
    assert.ok(auroc(died, p) > 0.9, `${auroc(died, p)}`);
    const turned = Table.fromRows(table.toRows().map((row) => Object.fromEntries(Object.entries(row).reverse())));
    assert.equal(await model.predictProbability(turned), p);
    const again = await classifier.fit(table, { ...roles, seed: 2 });
    assert.equal(await again.predictProbability(table), p);
  });

  test(`${method}: a table that says less of its kinds is read as the one that was learnt from`, async () => {
    const model = await classifier.fit(table, { ...roles, seed: 2 });
    const file = model.save();
    assert.is(fileMethod(file), method);
    const opened = await classifier.open(file);
    const two = cohortCsv(300, 60).split('\n').slice(0, 3).join('\n'); // two rows: numbers are whole by chance, levels two at most
    const [learnt, read] = [model, opened].map((one) => one.schema({ missing: ['?'] }));
    assert.equal(learnt, read);
    const p = await opened.predictProbability(Table.fromCsv(two, { schema: read }));
    assert.equal(p, (await model.predictProbability(table)).slice(0, 2));
  });

  test(`${method}: mistakes are named, an abort stops`, async () => {
    const model = await classifier.fit(table, roles);
    const less = Table.fromRows(
      table.toRows().map(({ lactate: _, ...row }) => row),
      { name: 'other' },
    );
    assert.match((await rejection(model.predictProbability(less))).message, /other: there is no column "lactate", which was learnt from/);
    const wrong = await rejection(classifier.fit(table, { ...roles, leaves: 3 } as never));
    assert.instance(wrong, InputError);
    assert.match(wrong.message, /"leaves" is no option of/);
    const stop = AbortSignal.abort();
    assert.instance(await rejection(classifier.fit(table, { ...roles, signal: stop })), CancelledError);
  });
}

test.run();
