import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { duration, studyProgress, TimeLeft } from '../../ts/node/progress.js';

const test = suite('progress');
const cell = (method: string, split: number, ratio = 1) => ({ dataset: 'liver', split, method, ratio });

function log(): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const write = (part: string) => {
    text += part;
    return true;
  };
  return { stream: { isTTY: false, write } as unknown as NodeJS.WriteStream, text: () => text };
}

test('durations are short', () => {
  assert.equal([0, 45, 89, 180, 3600, 5400, 7260].map(duration), ['0 s', '45 s', '89 s', '3 min', '60 min', '1 h 30 min', '2 h 1 min']);
});

const cost = ({ method }: { method: string }) => (method === 'slow' ? 8 : 1);

test('time left counts each kind of cell at its own pace, shared by the workers', () => {
  const left = new TimeLeft([cell('fast', 0), cell('fast', 1), cell('slow', 0), cell('slow', 1)], 2, cost);
  assert.is(left.seconds, 0, 'nothing is known yet');
  left.done(cell('fast', 0), 1);
  assert.is(left.seconds, (1 + 2 * 8) / 2, 'the slow ones by their cost');
  left.done(cell('slow', 0), 9);
  assert.is(left.seconds, (1 + 9) / 2);
  left.done(cell('slow', 1), 11);
  assert.is(left.seconds, 1 / 2);
  left.done(cell('fast', 1), 1);
  assert.is(left.seconds, 0);
});

test('a log gets one plain line a cell: data set, method, split, done of total, time left', () => {
  const { stream, text } = log();
  const cells = [cell('smote', 0), cell('smote', 1, 0.25)];
  const progress = studyProgress({ cells, finished: 3, workers: 1, cost }, stream);
  progress.start(cells[0]!);
  progress.done(cells[0]!, 2, null);
  progress.done(cells[1]!, 4, 'no rows');
  progress.stop();
  assert.is(
    text(),
    '[4/5] liver · smote · split 0 · 2.0 s · 2 s left\n[5/5] liver · smote · split 1 · ratio 0.25 · failed: no rows · done\n',
  );
});

test.run();
