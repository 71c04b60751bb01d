/**
 * Which parts of the evidence answer which items of TRIPOD+AI (Collins et al. 2024, BMJ 385:e078378) and which principles of Good Machine
 * Learning Practice (FDA, Health Canada and MHRA 2021). Titles are shortened; the publications have the wording that counts.
 */

import type { EvidenceRun } from './evidence.js';
import {
  type Audit,
  auditSentence,
  type CardSection,
  factsOf,
  intendedUse,
  limits,
  nameOf,
  ofRun as run,
  ofSoftware as software,
  ofUser as user,
} from './evidence-cards.js';

export function tripod(r: EvidenceRun, audit: Audit): CardSection[] {
  return [
    { title: 'Title and abstract', entries: [user('1', 'Title'), user('2', 'Abstract')] },
    {
      title: 'Introduction',
      entries: [
        user('3a', 'Healthcare context'),
        user('3b', 'Target population and purpose'),
        user('3c', 'Known health inequalities'),
        user('4', 'Objectives'),
      ],
    },
    { title: 'Methods', entries: methods(r) },
    {
      title: 'Open science and involvement',
      entries: [
        user('18a', 'Funding'),
        user('18b', 'Conflicts of interest'),
        user('18c', 'Protocol'),
        user('18d', 'Registration'),
        user('18e', 'Data sharing'),
        run('18f', 'Code sharing', `The rows were made by synthward ${r.version}, seed ${r.seed}.`, true),
        user('19', 'Patient and public involvement'),
      ],
    },
    { title: 'Results', entries: results(r) },
    {
      title: 'Discussion',
      entries: [
        user('25', 'Interpretation'),
        software('26', 'Limitations', limits(r, audit).join(' '), true),
        user('27a', 'Poor or missing input data in use'),
        user('27b', 'Interaction and expertise of users'),
        user('27c', 'Next steps'),
      ],
    },
  ];
}

function methods(r: EvidenceRun): CardSection['entries'] {
  const f = factsOf(r);
  return [
    run('5a', 'Sources of data', f.input, true),
    user('5b', 'Dates'),
    user('6a', 'Setting and centres'),
    user('6b', 'Eligibility'),
    user('6c', 'Treatments'),
    run('7', 'Data preparation', f.constraints, true),
    run('8a', 'Outcome', `Column ${r.target}, positive value ${r.positive}.`, true),
    user('8b', 'Assessors of the outcome'),
    user('8c', 'Blinding of the outcome'),
    run('9a', 'Choice of predictors', f.predictors, true),
    user('9b', 'Definition of predictors'),
    user('9c', 'Assessors of predictors'),
    run('10', 'Sample size', `${r.input.rows} rows with ${r.input.positives} events were at hand.`, true),
    run('11', 'Missing data', f.missing, true),
    run('12a', 'Use of the data', `All ${r.input.rows} rows of the input were learnt from; this run held none out.`, true),
    user('12b', 'Handling of predictors'),
    user('12c', 'Type of model, building, internal validation'),
    run('12d', 'Heterogeneity across clusters', f.group, true),
    user('12e', 'Measures of performance'),
    user('12f', 'Model updating'),
    user('12g', 'Calculation of predictions'),
    run('13', 'Class imbalance', `${f.balance} ${f.maker} ${f.options}`, true),
    user('14', 'Fairness'),
    user('15', 'Output of the model and thresholds'),
    user('16', 'Training against evaluation'),
    user('17', 'Ethical approval'),
  ];
}

function results({ input, added }: EvidenceRun): CardSection['entries'] {
  const without = input.rows - input.positives;
  return [
    run('20a', 'Participants', `${input.rows} rows, ${input.positives} with the outcome and ${without} without.`, true),
    user('20b', 'Characteristics'),
    user('20c', 'Development against evaluation data'),
    run('21', 'Numbers in each analysis', `${input.positives} real and ${added} synthetic rows with the outcome.`, true),
    user('22', 'Specification of the model'),
    user('23a', 'Performance, also by subgroup'),
    user('23b', 'Heterogeneity of performance'),
    user('24', 'Results of updating'),
  ];
}

export function gmlp(r: EvidenceRun, audit: Audit): CardSection[] {
  const f = factsOf(r);
  const kept = 'Every file of the run stands with its SHA-256 in the chain of this evidence, which "synthward verify" recomputes.';
  const apart = `All ${r.input.rows} rows of ${nameOf(r.input)} were learnt from and must not be used to test.`;
  return [
    {
      title: 'Guiding principles',
      entries: [
        user('1', 'Multi-disciplinary expertise throughout the life cycle'),
        run('2', 'Good software engineering and security', `${kept} ${f.maker}`, true),
        run('3', 'Data represent the intended population', `${f.input} Synthetic rows stand for no further patients.`, true),
        run('4', 'Training data independent of test data', `${apart} ${f.group}`, true),
        user('5', 'Reference data by the best available methods'),
        run('6', 'Model design fits the data and the intended use', `${f.predictors} ${f.constraints}`, true),
        user('7', 'Performance of the human-AI team'),
        user('8', 'Testing under clinically relevant conditions'),
        software('9', 'Clear, essential information for users', `${intendedUse(r).join(' ')} ${auditSentence(audit)}`, true),
        user('10', 'Monitoring in use, risks of re-training'),
      ],
    },
  ];
}
