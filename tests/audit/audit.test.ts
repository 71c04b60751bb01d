import { parseHTML } from 'linkedom';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAudit } from '../../ts/audit/audit.js';
import { groupingsOf, sensitiveByName } from '../../ts/audit/groups.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { renderAudit } from '../../ts/report/audit.js';
import { type NumberColumn, rowsWhere, takeDataset, takeRows } from '../../ts/table/table.js';
import { close } from '../close.js';
import { jittered, lawful, minority, partsOf } from './cohorts.js';

const backend = await wasmBackend();
const stream = Stream.fromSeed(21);
const cohort = (rows: number, label: string) => lawful(rows, stream.child(label));
const [training, holdout, others] = [cohort(360, 'training'), cohort(360, 'holdout'), cohort(720, 'others')];
const options = { seed: 1, sensitive: null };
const document = parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document;
const file = { name: 'x.csv', sha256: '0'.repeat(64) };

const test = suite('audit');

test('patients of the same law: likeness at the floor, nothing gained from labels that say nothing, a page without gaps', async () => {
  const audit = await runAudit(partsOf(training, minority(others), holdout), options, backend);
  const { whole, groups, reference, detection } = audit.fidelity!;
  assert.is(reference, 'holdout');
  assert.ok(whole.excess!.low < 0.02 && Math.abs(whole.excess!.value) < 0.06, JSON.stringify(whole.excess));
  const { auc, floor, excess } = detection!;
  assert.ok(auc.low < 0.5 && auc.high > 0.5, `a classifier tells them from patients: ${JSON.stringify(auc)}`);
  assert.ok(floor.low < 0.5 && floor.high > 0.5, JSON.stringify(floor));
  close(excess.value, auc.value - floor.value, { abs: 1e-12 });
  assert.ok(excess.low < 0 && excess.high > 0, JSON.stringify(excess));
  assert.equal(audit.sensitive, ['sex']);
  assert.equal(
    groups.map(({ group }) => group),
    ['f', 'm'],
  );
  for (const { scores, change, reliability } of audit.utility!) {
    assert.ok(scores.before.auroc > 0.6);
    for (const side of ['after', 'corrected'] as const) {
      assert.ok(change[side].ap.low <= change[side].ap.value && change[side].ap.value <= change[side].ap.high);
    }
    assert.ok(scores.after.intercept < scores.corrected.intercept, 'more positives overstate every risk; the correction takes it back');
    assert.is(
      reliability.before.reduce((sum, { rows }) => sum + rows, 0),
      360,
    );
  }
  assert.is(audit.fairness!.length, 2);
  for (const { groups: own, disparity } of audit.fairness!) {
    assert.ok(own.every(({ enough }) => enough));
    assert.ok(disparity!.before.odds.low <= disparity!.before.odds.value);
  }
  const page = renderAudit(audit, { real: file, synthetic: file, holdout: file }, [], document);
  assert.not.match(page, /NaN|undefined|<script|Infinity/);
  assert.match(page, /Told apart by a classifier<\/dt><dd>AUROC 0\.\d+ \(0\.\d+ to 0\.\d+\); real patients reach 0\./);
  for (const id of ['privacy', 'fidelity', 'worth', 'fairness', 'reliability', 'decision']) assert.match(page, new RegExp(`id="${id}"`));
});

test('rows of the wrong class as the rare one: unlike patients, and the advice is not to augment', async () => {
  const wrong = takeRows(others.features, rowsWhere(others.y, 0));
  const audit = await runAudit(partsOf(training, wrong, holdout), options, backend);
  assert.ok(audit.fidelity!.whole.excess!.low > 0);
  const { auc, excess } = audit.fidelity!.detection!;
  assert.ok(auc.low > 0.5 && excess.low > 0, JSON.stringify({ auc, excess }));
  for (const { advice, classifier } of audit.utility!) assert.is(advice, 'do not augment', classifier);
});

test('columns that are right one by one and do not hang together: a classifier tells', async () => {
  const { rows, columns } = minority(others);
  const shuffled = columns.map((column) => {
    const order = stream.child('shuffled').child(column.name).permutation(rows);
    return takeRows({ rows, columns: [column] }, order).columns[0] as typeof column;
  });
  const audit = await runAudit(partsOf(training, { rows, columns: shuffled }, holdout), options, backend);
  const { whole, detection } = audit.fidelity!;
  assert.ok(whole.excess!.low < 0, JSON.stringify(whole.excess));
  assert.ok(detection!.excess.low > 0, JSON.stringify(detection));
  const page = renderAudit(audit, { real: file, synthetic: file, holdout: file }, [], document);
  assert.match(page, /Likeness:<\/strong> column by column no difference is shown, but a classifier tells .* \(AUROC 0\.\d\d\) better/);
});

test('without held-out patients worth and fairness are not judged, and likeness says against whom', async () => {
  const audit = await runAudit(partsOf(training, minority(others), null), options, backend);
  assert.is(audit.utility, null);
  assert.is(audit.fairness, null);
  assert.is(audit.fidelity!.reference, 'half of the training patients');
  const page = renderAudit(audit, { real: file, synthetic: file, holdout: null }, [], document);
  assert.match(page, /Not judged: no patients of both classes were held out/);
});

test('few held-out patients: insufficient evidence, not a guess', async () => {
  const few = takeDataset(holdout, [...rowsWhere(holdout.y, 1).slice(0, 4), ...rowsWhere(holdout.y, 0).slice(0, 30)]);
  const audit = await runAudit(partsOf(training, minority(others), few), options, backend);
  assert.ok(audit.utility!.every(({ advice }) => advice === 'insufficient'));
  assert.ok(audit.fairness!.every(({ disparity, groups }) => disparity === null && groups.every(({ enough }) => !enough)));
  assert.is(audit.fidelity!.whole.excess, null);
  assert.is(audit.fidelity!.detection, null);
});

test('groups: levels, bands, pairs, and a column that is not there', () => {
  const ages = Float64Array.from({ length: 360 }, (_, i) => 30 + (i % 60));
  const age: NumberColumn = { name: 'age', kind: 'integer', values: ages, decimals: 0 };
  const table = { rows: 360, columns: [...training.features.columns, age] };
  assert.equal(sensitiveByName(table), ['sex', 'age']);
  const found = groupingsOf(table, ['sex', 'age', 'lab0']);
  assert.equal(
    found.map(({ columns }) => columns.join('×')),
    ['sex', 'age', 'lab0', 'sex×age', 'sex×lab0', 'age×lab0'],
  );
  assert.equal(found[1]!.groups, ['under 65', '65 to under 80', '80 and over']);
  const both = found[3]!.of(table);
  const [sex, band] = [found[0]!.of(table), found[1]!.of(table)];
  both.forEach((group, row) => {
    assert.is(group, sex[row]! * 3 + band[row]!);
  });
  assert.throws(() => groupingsOf(table, ['race']), /"sensitive" expected columns that are compared/);
});

test('jitter of the training minority is as like as the training minority', async () => {
  const audit = await runAudit(partsOf(training, jittered(minority(training), 0.05, stream), holdout), options, backend);
  assert.ok(Math.abs(audit.fidelity!.whole.excess!.value) < 0.03);
  assert.is(audit.privacy.verdict, 'fail', 'likeness is no privacy');
});

test.run();
