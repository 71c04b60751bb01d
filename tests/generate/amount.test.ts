import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { rowsForRatio } from '../../ts/generate/amount.js';
import { golden } from '../golden.js';

const amount = suite('amount');

amount('agrees with imbalanced-learn', () => {
  for (const { n_maj, n_min, sampling_strategy, expect } of golden('smote', 'n_generate')) {
    assert.is(rowsForRatio(n_maj, n_min, sampling_strategy), expect, `${n_maj}:${n_min} at ${sampling_strategy}`);
  }
});

amount('never passes the ratio and never falls a row short of it', () => {
  for (const ratio of [0.1, 0.25, 0.3, 0.5, 1, 1.5]) {
    for (let majority = 1; majority < 60; majority++) {
      const total = 1 + rowsForRatio(majority, 1, ratio);
      assert.ok(total <= Math.max(1, ratio * majority), `${total} of ${majority} at ${ratio}`);
      assert.ok(total + 1 > ratio * majority, `${total} of ${majority} at ${ratio}`);
    }
  }
});

amount('adds nothing where the ratio is reached already', () => {
  assert.is(rowsForRatio(100, 60, 0.5), 0);
  assert.is(rowsForRatio(10, 10, 1), 0);
  assert.is(rowsForRatio(0, 3, 1), 0);
});

amount('refuses what is no ratio', () => {
  for (const ratio of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(
      () => rowsForRatio(10, 1, ratio),
      (e: Error) => e instanceof InputError,
    );
});

amount.run();
