import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countCopies } from '../../ts/audit/copies.js';
import { type Check, verdictOf } from '../../ts/audit/gate.js';
import { auditPrivacy, type PrivacyAudit } from '../../ts/audit/privacy.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { smote } from '../../ts/generate/smote.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';
import { Stream } from '../../ts/random.js';
import { concatTables, takeRows } from '../../ts/table/table.js';
import { jittered, lawful, minority, partsOf, pbcVisits } from './cohorts.js';

const backend = await wasmBackend();
const stream = Stream.fromSeed(11);
const { training, holdout } = pbcVisits(stream.child('split'));
const rows = minority(training);

const test = suite('privacy audit');
const resultOf = ({ checks }: PrivacyAudit, name: string) => checks.find((check) => check.name === name)?.result;

test('real rows passed off as synthetic fail, with and without patients held out', async () => {
  const seen = await auditPrivacy(partsOf(training, rows, holdout), stream.child('a'), backend);
  assert.is(seen.verdict, 'fail');
  for (const name of ['copies', 'near_copies', 'membership', 'linkability', 'inference', 'closest_record'])
    assert.is(resultOf(seen, name), 'fail', name);
  const blind = await auditPrivacy(partsOf(training, rows, null), stream.child('a'), backend);
  assert.is(blind.verdict, 'fail');
  assert.is(resultOf(blind, 'copies'), 'fail');
});

test('real rows with jitter fail, though none is a copy', async () => {
  const moved = jittered(rows, 0.2, stream.child('jitter'));
  const found = await auditPrivacy(partsOf(training, moved, holdout), stream.child('b'), backend);
  assert.is(found.verdict, 'fail');
  assert.is(resultOf(found, 'copies'), 'pass');
  for (const name of ['near_copies', 'membership', 'linkability']) assert.is(resultOf(found, name), 'fail', name);
  const blind = await auditPrivacy(partsOf(training, moved, null), stream.child('b'), backend);
  assert.is(blind.verdict, 'fail', 'near copies are seen without held-out patients as well');
});

test('SMOTE gives away its patients; TabDDPM is told apart from it', async () => {
  const made = async (generator: typeof smote | typeof tabddpm) => {
    const own = stream.child(generator.name);
    const sampler = await generator.fit(training, own.child('fit'), { backend });
    const table = await sampler.sample(1000, own.child('sample'), { backend });
    return auditPrivacy(partsOf(training, table, holdout), stream.child('c'), backend);
  };
  const [linear, learned] = [await made(smote), await made(tabddpm)];
  assert.is(linear.verdict, 'fail');
  for (const name of ['membership', 'linkability']) assert.is(resultOf(linear, name), 'fail', name);
  assert.is(resultOf(learned, 'linkability'), 'pass');
  assert.is(resultOf(learned, 'copies'), 'pass');
  assert.ok(linear.membership!.density_ratio.low > learned.membership!.density_ratio.auc, 'membership');
  assert.ok(linear.attacks!.linkability!.risk.low > learned.attacks!.linkability!.risk.high);
  assert.ok(linear.closeness.copied.risk!.value > learned.closeness.copied.risk!.value + 0.2);
  assert.is.not(learned.verdict, 'pass', 'some thirty held-out patients cannot clear a table');
});

test('rows of other patients of the same law pass where enough are held out, and not without', async () => {
  const law = lawful(6000, stream.child('law'));
  const of = (name: string, size: number) => lawful(size, stream.child(name));
  const synthetic = minority(of('others', 6000));
  const cleared = await auditPrivacy(partsOf(law, synthetic, of('held', 6000)), stream.child('d'), backend);
  assert.is(cleared.verdict, 'pass', JSON.stringify(cleared.checks, null, 1));
  assert.is(cleared.compared.classes, 'positive');
  const few = await auditPrivacy(partsOf(law, synthetic, of('few', 60)), stream.child('d'), backend);
  assert.is(few.verdict, 'insufficient');
  const none = await auditPrivacy(partsOf(law, synthetic, null), stream.child('d'), backend);
  assert.is(none.verdict, 'insufficient', 'nothing passes without held-out patients');
  assert.is(none.membership, null);
  assert.is(none.attacks, null);
  for (const name of ['membership', 'linkability', 'inference', 'singling_out']) assert.is(resultOf(none, name), 'insufficient');
  assert.is(resultOf(none, 'closest_record'), 'no alarm');
});

test('one real record among a thousand synthetic ones is found', () => {
  const law = lawful(400, stream.child('law'));
  const others = lawful(4000, stream.child('others')).features;
  const one = concatTables(others, takeRows(law.features, [17]));
  assert.is(countCopies(partsOf(law, others, null)).synthetic.successes, 0);
  const { synthetic, natural } = countCopies(partsOf(law, one, null));
  assert.is(synthetic.successes, 1);
  assert.ok(synthetic.low > natural.successes / natural.trials);
});

test('the same seed gives the same audit', async () => {
  const parts = partsOf(training, jittered(rows, 1, stream.child('jitter')), holdout);
  const [a, b] = [await auditPrivacy(parts, stream.child('e'), backend), await auditPrivacy(parts, stream.child('e'), backend)];
  assert.equal(a, b);
});

test('the gate: one failure fails, everything must pass, and a smoke test never does', () => {
  const checks = (...results: Check['result'][]): Check[] => results.map((result) => ({ name: '', title: '', result, reason: '' }));
  assert.is(verdictOf(checks('pass', 'fail', 'insufficient')), 'fail');
  assert.is(verdictOf(checks('pass', 'insufficient', 'no alarm')), 'insufficient');
  assert.is(verdictOf(checks('pass', 'pass', 'no alarm')), 'pass');
  assert.is(verdictOf(checks('no alarm')), 'insufficient');
  assert.is(verdictOf([]), 'insufficient');
});

test.run();
