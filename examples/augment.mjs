// From a CSV to the balanced one, in memory: node examples/augment.mjs
import { readFileSync } from 'node:fs';
import { augment, Table } from 'synthward';

const table = Table.fromCsv(readFileSync(new URL('../data/pbc_visits.csv', import.meta.url)));
const roles = { target: 'event_within_260d', group: 'patient_id' };
const { table: balanced, added, warnings } = await augment(table, { ...roles, method: 'smote', ratio: 0.25 });
for (const warning of warnings) console.error(warning);
console.log(`${table.rows} visits, ${added} synthetic ones added: ${balanced.rows} rows of ${balanced.columns.length} columns`);
