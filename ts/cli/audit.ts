/** `synthward audit`: may a synthetic table be released, and is it worth using? */
import { Command } from 'commander';
import { auditFiles } from '../node/audit.js';
import { reasonOf } from '../report/audit-worth.js';
import { classifierName } from '../study/words.js';
import { printWarnings, progressLine } from './notes.js';
import { type ComputeOptions, computeOf, fileRequest, list, type TableOptions, withCompute, withTable } from './options.js';

interface AuditOptions extends TableOptions, ComputeOptions {
  readonly real: string;
  readonly synthetic: string;
  readonly holdout?: string;
  readonly sensitive?: readonly string[];
  readonly out: string;
}

const VERDICTS = { pass: 'pass', fail: 'FAIL', insufficient: 'insufficient evidence' } as const;

export function auditCommand(signal: AbortSignal): Command {
  const command = new Command('audit')
    .description(
      'Measure what a synthetic table gives away, whether it is faithful and fair, and what it is worth. Writes audit.html and audit.json.',
    )
    .requiredOption('--real <file>', 'CSV table that the synthetic rows were made from')
    .requiredOption('--synthetic <file>', 'CSV table of synthetic rows, or of all rows with a column "synthetic" (0 or 1)')
    .option('--holdout <file>', 'CSV table of real patients whom the generator never saw; without it no table passes')
    .option(
      '--sensitive <columns...>',
      'columns whose groups, alone and in pairs, are looked at (default: those named after sex, age, race or ethnicity)',
      list,
    );
  return withCompute(withTable(command))
    .requiredOption('--out <folder>', 'folder to write to')
    .action((options: AuditOptions) => audit(options, signal));
}

async function audit(options: AuditOptions, signal: AbortSignal): Promise<void> {
  const progress = progressLine();
  const {
    audit: found,
    page,
    warnings,
  } = await auditFiles({
    real: fileRequest(options.real, options),
    synthetic: options.synthetic,
    holdout: options.holdout,
    sensitive: options.sensitive,
    seed: options.seed,
    ...computeOf(options),
    out: options.out,
    signal,
    onProgress: progress.show,
  }).finally(progress.clear);
  printWarnings(warnings);
  const checks = found.privacy.checks.map(({ title, result, reason }) => `  ${title}: ${result}. ${reason}`);
  const worth = found.utility?.map((one) => `Worth, ${classifierName(one.classifier)}: ${one.advice}. ${reasonOf(one)}`) ?? [
    'Worth and fairness: not judged without --holdout',
  ];
  process.stdout.write(`${[`Privacy: ${VERDICTS[found.privacy.verdict]}`, ...checks, ...worth, `Report: ${page}`].join('\n')}\n`);
}
