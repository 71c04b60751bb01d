/**
 * Which parts of the evidence answer which items of TRIPOD+AI (Collins et al. 2024, BMJ 385:e078378) and which principles of Good Machine
 * Learning Practice (FDA, Health Canada and MHRA 2021). Sections, numbers and topics are those of the checklist; what an item asks for is
 * shortened behind its topic's colon, and the checklist has the wording that counts. The principles have their own titles.
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
    { title: 'Title', entries: [user('1', 'Title')] },
    { title: 'Abstract', entries: [user('2', 'Abstract')] },
    {
      title: 'Introduction',
      entries: [
        user('3a', 'Background: healthcare context and rationale'),
        user('3b', 'Background: target population, purpose and users'),
        user('3c', 'Background: known health inequalities'),
        user('4', 'Objectives'),
      ],
    },
    { title: 'Methods', entries: methods(r) },
    {
      title: 'Open science',
      entries: [
        user('18a', 'Funding'),
        user('18b', 'Conflicts of interest'),
        user('18c', 'Protocol'),
        user('18d', 'Registration'),
        user('18e', 'Data sharing'),
        run('18f', 'Code sharing', `The rows were made by synthward ${r.version}, seed ${r.seed}.`, true),
      ],
    },
    { title: 'Patient and public involvement', entries: [user('19', 'Patient and public involvement')] },
    { title: 'Results', entries: results(r) },
    {
      title: 'Discussion',
      entries: [
        user('25', 'Interpretation'),
        software('26', 'Limitations', limits(r, audit).join(' '), true),
        user('27a', 'Usability of the model: poor or missing input data'),
        user('27b', 'Usability of the model: interaction and expertise of users'),
        user('27c', 'Usability of the model: next steps'),
      ],
    },
  ];
}

function methods(r: EvidenceRun): CardSection['entries'] {
  const f = factsOf(r);
  return [
    run('5a', 'Data: sources, rationale, how representative', f.input, true),
    user('5b', 'Data: dates'),
    user('6a', 'Participants: setting and centres'),
    user('6b', 'Participants: eligibility'),
    user('6c', 'Participants: treatments'),
    run('7', 'Data preparation', f.constraints, true),
    run('8a', 'Outcome: definition and time horizon', `Column ${r.target}, positive value ${r.positive}.`, true),
    user('8b', 'Outcome: assessors'),
    user('8c', 'Outcome: blinding'),
    run('9a', 'Predictors: choice', f.predictors, true),
    user('9b', 'Predictors: definition and measurement'),
    user('9c', 'Predictors: assessors'),
    run('10', 'Sample size', `${r.input.rows} rows with ${r.input.positives} events were at hand.`, true),
    run('11', 'Missing data', f.missing, true),
    run(
      '12a',
      'Analytical methods: use of the data',
      `All ${r.input.rows} rows of the input were learnt from; this run held none out.`,
      true,
    ),
    user('12b', 'Analytical methods: handling of predictors'),
    user('12c', 'Analytical methods: type of model, building, internal validation'),
    run('12d', 'Analytical methods: heterogeneity across clusters', f.group, true),
    user('12e', 'Analytical methods: measures of performance'),
    user('12f', 'Analytical methods: model updating'),
    user('12g', 'Analytical methods: calculation of predictions'),
    run('13', 'Class imbalance', `${f.balance} ${f.maker} ${f.options}`, true),
    user('14', 'Fairness'),
    user('15', 'Model output: kind and thresholds'),
    user('16', 'Training versus evaluation'),
    user('17', 'Ethical approval'),
  ];
}

function results({ input, added }: EvidenceRun): CardSection['entries'] {
  const without = input.rows - input.positives;
  return [
    run('20a', 'Participants: flow and outcomes', `${input.rows} rows, ${input.positives} with the outcome and ${without} without.`, true),
    user('20b', 'Participants: characteristics'),
    user('20c', 'Participants: comparison with the development data'),
    run(
      '21',
      'Model development: participants and events in each analysis',
      `${input.positives} real and ${added} synthetic rows with the outcome.`,
      true,
    ),
    user('22', 'Model specification'),
    user('23a', 'Model performance: estimates with intervals, also of subgroups'),
    user('23b', 'Model performance: heterogeneity across clusters'),
    user('24', 'Model updating'),
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
        user('1', 'Multi-disciplinary expertise is leveraged throughout the total product life cycle'),
        run('2', 'Good software engineering and security practices are implemented', `${kept} ${f.maker}`, true),
        run(
          '3',
          'Clinical study participants and data sets are representative of the intended patient population',
          `${f.input} Synthetic rows stand for no further patients.`,
          true,
        ),
        run('4', 'Training data sets are independent of test sets', `${apart} ${f.group}`, true),
        user('5', 'Selected reference datasets are based upon best available methods'),
        run(
          '6',
          'Model design is tailored to the available data and reflects the intended use of the device',
          `${f.predictors} ${f.constraints}`,
          true,
        ),
        user('7', 'Focus is placed on the performance of the human-AI team'),
        user('8', 'Testing demonstrates device performance during clinically relevant conditions'),
        software('9', 'Users are provided clear, essential information', `${intendedUse(r).join(' ')} ${auditSentence(audit)}`, true),
        user('10', 'Deployed models are monitored for performance and re-training risks are managed'),
      ],
    },
  ];
}
