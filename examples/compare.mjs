// Does it help? A boosting with and without synthetic rows, on patients that neither has seen: node examples/compare.mjs
import { readFileSync } from 'node:fs';
import { augment, auroc, averagePrecision, Boosting, Table } from 'synthward';

const all = Table.fromCsv(readFileSync(new URL('../data/breast_cancer.csv', import.meta.url))).toRows();
const train = Table.fromRows(all.filter((_, row) => row % 5 !== 0));
const test = Table.fromRows(all.filter((_, row) => row % 5 === 0));
const roles = { target: 'diagnosis', positive: 'M' };
const y = Uint8Array.from(test.column('diagnosis'), (label) => (label === 'M' ? 1 : 0));

const { table } = await augment(train, { ...roles, method: 'rose' });
const learnt = { 'as it is': train, 'with synthetic rows': table };
for (const [name, rows] of Object.entries(learnt)) {
  const model = await Boosting.fit(rows, { ...roles, exclude: rows.columns.includes('synthetic') ? ['synthetic'] : [] });
  const p = await model.predictProbability(test);
  console.log(`${name}: AUROC ${auroc(y, p).toFixed(3)}, average precision ${averagePrecision(y, p).toFixed(3)}`);
}
