/** Each method in a sentence, for someone who chooses among them. */

export const methodNotes = {
  tabddpm:
    'A diffusion model learns the rare patients and draws new ones. Close to the real distribution without copying; takes seconds to minutes.',
  'tabddpm-joint': 'One diffusion model of all patients draws both classes at their real shares.',
  'tabddpm-partial':
    'Real rare patients are partly blurred with noise and drawn again. Very close to them: check the distance before you call the rows private.',
  forestflow: 'Boosted trees learn the way from noise to patients. Slow on many columns.',
  copula: 'Each column as it is, tied together by one Gaussian. Quick and simple.',
  rose: 'Real rare patients with a little noise in each number. Quick; simple; near to them.',
  smote: 'New patients between two similar rare ones. Quick; they lie near to real ones.',
  borderline: 'As SMOTE, starting from rare patients among frequent ones.',
  adasyn: 'As SMOTE, more of them where frequent patients are near.',
  ctgan: 'Two networks compete. Takes long; needs many rare patients.',
  tvae: 'A network squeezes patients through few numbers. Tends to draw the average patient.',
  random: 'Copies of the rare patients. Nothing new, nothing private.',
} as const;

export type GeneratorMethodName = keyof typeof methodNotes;
