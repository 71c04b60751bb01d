/** `augment --evidence` and `verify`: the chain from the input to the output holds until a byte is another one. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Evidence } from '../../ts/audit/evidence.js';
import { temporaryFolder } from '../node/folder.js';
import { inProcess, refuses, succeeds, synthward, writeCohort } from './command.js';

const test = suite('evidence');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
writeFileSync(join(folder, 'schema.json'), '{ "columns": { "ward": { "kind": "categorical" } } }\n');
const AUGMENT = ['augment', 'cohort.csv', '--target', 'died', '--group', 'id', '--schema', 'schema.json', '--method', 'smote'];
const sha = (file: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
const run = (...args: string[]) => succeeds(synthward(folder, ...args));
run(...AUGMENT, '--out', 'balanced.csv', '--model-out', 'smote.model', '--evidence', 'evidence');
const evidence = (): Evidence => JSON.parse(readFileSync(join(folder, 'evidence/evidence.json'), 'utf8'));
const page = () => readFileSync(join(folder, 'evidence/evidence.html'), 'utf8');
const VERIFY = ['verify', 'evidence/evidence.json'];

test('the chain goes from the input to the output, each link after the other', () => {
  const { chain, run: said } = evidence();
  assert.equal(
    chain.map(({ step, file }) => [step, file]),
    [
      ['input', '../cohort.csv'],
      ['schema', '../schema.json'],
      ['parameters', null],
      ['model', '../smote.model'],
      ['output', '../balanced.csv'],
      ['document', null],
      ['page', 'evidence.html'],
    ],
  );
  let before = '';
  for (const { step, file, sha256, link } of chain) {
    if (file) assert.is(sha256, sha(file.replace(/^(?!\.\.)/, 'evidence/').replace(/^\.\.\//, '')));
    before = createHash('sha256').update(`${before}\n${step}\n${sha256}`).digest('hex');
    assert.is(link, before);
  }
  const facts = [said.method, said.seed, said.target, said.positive, said.group, said.added, said.input.rows, said.input.positives];
  assert.equal(facts, ['smote', 1, 'died', 'yes', 'id', 80, 160, 40]);
  const lactate = said.columns.find(({ name }) => name === 'lactate')!;
  const cells = readFileSync(join(folder, 'cohort.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[4]);
  assert.equal(lactate, { name: 'lactate', role: 'feature', kind: 'numeric', missing: cells.filter((cell) => cell === '').length });
  assert.ok(lactate.missing > 0);
});

test('tables: all items of TRIPOD+AI and the ten principles, filled from the run or left to the user', () => {
  const { tripod_ai, gmlp, model_card, datasheet } = evidence();
  const items = tripod_ai.flatMap(({ entries }) => entries.map(({ item }) => item));
  assert.is(items.length, 52);
  const parted = ['3abc', '5ab', '6abc', '8abc', '9abc', '12abcdefg', '18abcdef', '20abc', '23ab', '27abc'];
  const of = new Map(parted.map((item) => [Number.parseInt(item, 10), item.replace(/\d/g, '')]));
  const checklist = Array.from({ length: 27 }, (_, i) => i + 1).flatMap((n) => [...(of.get(n) ?? ' ')].map((part) => `${n}${part}`.trim()));
  assert.equal(items, checklist);
  assert.equal(
    tripod_ai.map(({ title }) => title),
    ['Title', 'Abstract', 'Introduction', 'Methods', 'Open science', 'Patient and public involvement', 'Results', 'Discussion'],
  );
  assert.equal(
    gmlp[0]!.entries.map(({ item }) => item),
    '1 2 3 4 5 6 7 8 9 10'.split(' '),
  );
  const all = [tripod_ai, gmlp, model_card, datasheet].flat().flatMap(({ entries }) => entries);
  for (const { from, text, open } of all) {
    assert.ok(text.length > 10);
    assert.is(from === 'user', text === 'To be completed by the user.');
    if (from === 'user') assert.ok(open);
  }
  const imbalance = all.find(({ title }) => title === 'Class imbalance')!;
  assert.match(imbalance.text, /^Minority to majority was 0\.333 and is 1\.000 with 80 synthetic rows\. synthward .*method smote, seed 1/);
});

test('the page says the same, runs nothing and loads nothing', () => {
  const text = page();
  for (const { sha256, link } of evidence().chain.slice(0, -1)) for (const digits of [sha256, link]) assert.ok(text.includes(digits));
  for (const { entries } of evidence().gmlp) for (const { title } of entries) assert.ok(text.includes(title.replace(/&/g, '&amp;')));
  assert.not.match(text, /<script|src=|href="(?!#)|url\(|@import/);
});

test('verify holds, and fails on one changed byte of any file, in one sentence', async () => {
  assert.match(
    run(...VERIFY).stdout,
    /^evidence\/evidence\.json holds: 5 files are what they were; no audit is part of it; last link [0-9a-f]{64}\n$/,
  );
  const said = [
    ['cohort.csv', /the input \.\.\/cohort\.csv is not what it was/],
    ['schema.json', /the schema \.\.\/schema\.json is not/],
    ['smote.model', /the model \.\.\/smote\.model is not/],
    ['evidence/evidence.html', /the page evidence\.html is not/],
    ['balanced.csv', /the output \.\.\/balanced\.csv is not/],
  ] as const;
  for (const [file, sentence] of said) {
    const path = join(folder, file);
    const bytes = readFileSync(path);
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const other = Buffer.from(bytes);
      other[at]! ^= 1;
      writeFileSync(path, other);
      await refuses(folder, VERIFY, sentence);
    }
    writeFileSync(path, bytes);
  }
  assert.is((await inProcess(folder, VERIFY)).status, 0);
});

test('what rows were balanced by is a parameter, with each group and what was drawn of it', () => {
  assert.is(evidence().run.balance, null);
  const rows = ['--balance', 'ward', '--ratio', '0.5', '--out', 'grouped.csv', '--evidence', 'grouped'];
  run(...AUGMENT, ...rows, '--only-synthetic');
  const made = JSON.parse(readFileSync(join(folder, 'grouped/evidence.json'), 'utf8')) as Evidence;
  const cells = (file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  const drawn = cells('grouped.csv');
  const { columns, groups } = made.run.balance!;
  assert.equal([columns, groups.map(({ levels }) => levels[0])], [['ward'], ['icu', 'medicine', 'surgery']]);
  for (const { levels, negatives, positives, asked, drawn: own } of groups) {
    const real = cells('cohort.csv').filter((row) => row[3] === levels[0]);
    const died = real.filter((row) => row.at(-1) === 'yes').length;
    assert.equal([positives, negatives], [died, real.length - died]);
    assert.is(asked, Math.max(0, Math.floor(0.5 * negatives) - positives));
    assert.equal([own, own], [asked, drawn.filter((row) => row[3] === levels[0]).length]);
  }
  assert.is(made.run.added, drawn.length);
  const html = readFileSync(join(folder, 'grouped/evidence.html'), 'utf8');
  const { asked, drawn: own } = groups[0]!;
  assert.ok(html.includes(`${own} of ${asked} rows drawn`));
  run('verify', 'grouped/evidence.json');
});

test('verify fails on any changed byte of the evidence itself', async () => {
  const path = join(folder, 'evidence/evidence.json');
  const bytes = readFileSync(path);
  const step = Math.ceil(bytes.length / 60);
  for (let at = 0; at < bytes.length; at += step) {
    const other = Buffer.from(bytes);
    other[at]! ^= 1;
    writeFileSync(path, other);
    await refuses(folder, VERIFY, /evidence\/evidence\.json/);
  }
  writeFileSync(path, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]));
  await refuses(folder, VERIFY, /evidence\/evidence\.json/);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, -2), Buffer.from([0xff]), bytes.subarray(-2)]));
  await refuses(folder, VERIFY, /evidence\/evidence\.json does not hold: its text is no UTF-8/);
  const forged = JSON.parse(bytes.toString());
  forged.run.seed = 2;
  writeFileSync(path, `${JSON.stringify(forged, null, 1)}\n`);
  await refuses(folder, VERIFY, /does not hold: its own text does not fit its checksums; take the originals/);
  forged.chain = [];
  writeFileSync(path, `${JSON.stringify(forged, null, 1)}\n`);
  await refuses(folder, VERIFY, /does not fit its checksums/);
  writeFileSync(path, bytes);
});

test('a folder that was moved with its files holds', () => {
  mkdirSync(join(folder, 'moved'));
  for (const name of ['cohort.csv', 'schema.json', 'smote.model', 'balanced.csv', 'evidence'])
    cpSync(join(folder, name), join(folder, 'moved', name), { recursive: true });
  assert.is(synthward(join(folder, 'moved'), ...VERIFY).status, 0);
});

test('an audit is added with its verdict, and is then part of the chain', async () => {
  const audit = (synthetic: string) => ({
    version: '0.1.0',
    files: { real: { name: 'cohort.csv', sha256: sha('cohort.csv') }, synthetic: { name: 'balanced.csv', sha256: sha(synthetic) } },
    privacy: { verdict: 'insufficient' },
  });
  writeFileSync(join(folder, 'audit.json'), JSON.stringify(audit('cohort.csv')));
  await refuses(
    folder,
    [...VERIFY, '--audit', 'audit.json'],
    /audit\.json is the audit of another synthetic table than \.\.\/balanced\.csv/,
  );
  writeFileSync(join(folder, 'audit.json'), JSON.stringify(audit('balanced.csv')));
  assert.match(
    run(...VERIFY, '--audit', 'audit.json').stdout,
    /holds: 6 files are what they were; privacy of the output by its audit: insufficient;/,
  );
  assert.match(run(...VERIFY).stdout, /6 files/);
  assert.match(page(), /says: insufficient/);
  assert.equal(evidence().audit, {
    file: '../audit.json',
    sha256: sha('audit.json'),
    bytes: readFileSync(join(folder, 'audit.json')).length,
    verdict: 'insufficient',
    version: '0.1.0',
  });
  writeFileSync(join(folder, 'audit.json'), JSON.stringify(audit('balanced.csv')).replace('insufficient', 'pass'));
  await refuses(folder, VERIFY, /the audit \.\.\/audit\.json is not what it was/);
});

test('mistakes end in one sentence and leave nothing', async () => {
  await refuses(folder, ['verify', 'none.json'], /cannot read none\.json/);
  await refuses(folder, ['verify', 'cohort.csv'], /"cohort\.csv" expected JSON/);
  await refuses(folder, ['verify', 'schema.json'], /"schema\.json" expected an evidence file/);
  writeFileSync(join(folder, 'less.json'), '{"format":"synthward-evidence-1","chain":[]}');
  await refuses(folder, ['verify', 'less.json'], /less\.json/);
  await refuses(folder, [...AUGMENT, '--out', 'x.csv', '--evidence', 'cohort.csv'], /cohort\.csv/);
});

test.run();
