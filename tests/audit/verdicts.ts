/** What the privacy audit finds on pbc_visits, over splits, as the table of docs/audit.md: `node --import tsx tests/audit/verdicts.ts [SPLITS]`. */
import type { Verdict } from '../../ts/audit/gate.js';
import { auditPrivacy, type PrivacyAudit } from '../../ts/audit/privacy.js';
import { wasmBackend } from '../../ts/backend/select.js';
import type { Generator } from '../../ts/generate/generator.js';
import { smote } from '../../ts/generate/smote.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';
import type { Rate } from '../../ts/metrics/privacy.js';
import { Stream } from '../../ts/random.js';
import type { Dataset, Table } from '../../ts/table/table.js';
import { jittered, minority, partsOf, pbcVisits } from './cohorts.js';

const ROWS = 1000;
const splits = Number(process.argv[2] ?? 4);
const backend = await wasmBackend();

const drawn =
  ({ fit }: Pick<Generator, 'fit'>) =>
  async (training: Dataset, stream: Stream): Promise<Table> =>
    (await fit(training, stream.child('fit'), { backend })).sample(ROWS, stream.child('sample'), { backend });

const SOURCES: Readonly<Record<string, (training: Dataset, stream: Stream) => Promise<Table>>> = {
  'the real rows': async (training) => minority(training),
  'the real rows with jitter': async (training, stream) => jittered(minority(training), 0.2, stream),
  SMOTE: drawn(smote),
  TabDDPM: drawn(tabddpm),
};

const range = (values: readonly number[], digits: number, suffix = ''): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => `${value.toFixed(digits)}${suffix}`);
  return low === high ? `${low}` : `${low} … ${high}`;
};

const counted = (verdicts: readonly Verdict[]): string =>
  [...new Set(verdicts)]
    .sort()
    .map((verdict) => `${verdict} (${verdicts.filter((one) => one === verdict).length})`)
    .join(', ');

const share = (rate: Rate | null): number => (rate ? (100 * rate.successes) / rate.trials : Number.NaN);

console.log(
  '| passed off as synthetic | verdicts | AUROC, density ratio | linkability risk | training / held-out patients with a near copy |',
);
console.log('|---|---|---|---|---|');
for (const [name, make] of Object.entries(SOURCES)) {
  const audits: PrivacyAudit[] = [];
  for (let split = 0; split < splits; split++) {
    const stream = Stream.fromSeed(split + 1).child('verdicts');
    const { training, holdout } = pbcVisits(stream.child('split'));
    const synthetic = await make(training, stream.child(name));
    audits.push(await auditPrivacy(partsOf(training, synthetic, holdout), stream.child('audit'), backend));
  }
  const copied = (part: 'training' | 'holdout') =>
    range(
      audits.map(({ closeness }) => share(closeness.copied[part])),
      0,
      '%',
    );
  const auc = range(
    audits.map(({ membership }) => membership?.density_ratio.auc ?? Number.NaN),
    2,
  );
  const risk = range(
    audits.map(({ attacks }) => attacks?.linkability?.risk.value ?? Number.NaN),
    2,
  );
  console.log(
    `| ${name} | ${counted(audits.map(({ verdict }) => verdict))} | ${auc} | ${risk} | ${copied('training')} / ${copied('holdout')} |`,
  );
}
