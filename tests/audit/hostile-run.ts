/** Evidence of a run with hostile names in it, and its page. */
import { type EvidenceRun, evidenceOf, sha256, withPage } from '../../ts/audit/evidence.js';
import { renderEvidence } from '../../ts/report/evidence.js';

export const content = new TextEncoder().encode('a,b\n1,2\n');
const file = async (name: string) => ({ file: name, sha256: await sha256(content), bytes: content.length });
const HOSTILE = '<img src=x onerror=alert(1)>';

const run: EvidenceRun = {
  command: 'augment',
  version: '0.1.0',
  created: '2026-01-02T03:04:05.000Z',
  engine: 'node 20',
  input: { ...(await file('in.csv')), rows: 100, positives: 20, simulated: true },
  schema: null,
  reading: {},
  columns: [{ name: HOSTILE, role: 'feature', kind: 'numeric', missing: 3 }],
  target: HOSTILE,
  positive: '</script><script>alert(1)</script>',
  group: null,
  method: 'smote',
  options: { k: 5 },
  seed: 1,
  backend: 'wasm',
  variant: 'simd',
  device: null,
  asked: { ratio: 0.5 },
  balance: { columns: [HOSTILE], groups: [{ levels: [HOSTILE], negatives: 80, positives: 20, asked: 20, drawn: 20 }] },
  added: 20,
  only_synthetic: true,
  constraints: 0,
  holds: null,
  model: null,
  output: await file('out.csv'),
  warnings: [HOSTILE],
};
const unpaged = await evidenceOf(run, null);
export const page = renderEvidence(unpaged);
export const evidence = await withPage(unpaged, {
  file: 'evidence.html',
  sha256: await sha256(page),
  bytes: new TextEncoder().encode(page).length,
});
