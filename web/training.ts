/** What a long job is at: how far it is, how long it will take, and the loss of what is being learnt. */
import { curvesPicture } from './curves.js';
import { byId } from './element.js';
import type { Step } from './messages.js';

const timeText = (seconds: number): string => (seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`);

/** Clears the view; what it gives is told of each step. */
export function watchTraining(): (step: Step) => void {
  const started = performance.now();
  let doing = '';
  let [times, losses]: [number[], number[]] = [[], []]; // of what is being learnt now
  byId('loss').replaceChildren();
  byId<HTMLProgressElement>('progress').value = 0;
  byId('doing').textContent = 'Starting';
  return (step) => {
    if (doing !== step.doing) [doing, times, losses] = [step.doing, [], []];
    byId<HTMLProgressElement>('progress').value = step.share;
    const seconds = (performance.now() - started) / 1000;
    const left = step.share > 0.03 ? `, about ${timeText((seconds * (1 - step.share)) / step.share)} left` : '';
    byId('doing').textContent = `${step.doing}${left}`;
    if (step.loss === undefined) return;
    times.push(seconds);
    losses.push(step.loss);
    if (losses.length > 1) byId('loss').replaceChildren(lossPicture(times, losses));
  };
}

/** `times`: seconds. */
function lossPicture(times: readonly number[], losses: readonly number[]): SVGElement {
  const [first, last] = [losses[0] as number, losses.at(-1) as number];
  const description = `Training loss, from ${first.toFixed(2)} to ${last.toFixed(2)} so far`;
  const x = times.map((time) => time - (times[0] as number));
  return curvesPicture([{ name: 'loss', x, y: losses, colour: 1 }], { x: 'seconds', y: 'training loss', description });
}
