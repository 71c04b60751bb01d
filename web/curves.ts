/** Small line pictures: training loss, precision over recall. They scale with the page and carry their meaning in words. */
import { drawing } from './element.js';

export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Place among the colours of the style sheet. */
  readonly colour: number;
}

export interface Axes {
  readonly x: string;
  readonly y: string;
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** A level drawn across, with its name. */
  readonly level?: { readonly at: number; readonly name: string };
  /** What the picture shows, for those who do not see it. */
  readonly description: string;
}

const [WIDTH, HEIGHT] = [420, 260];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 12, 12, 44];

export function rangeOf(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low < high)) return Number.isFinite(low) ? [low - 0.5, high + 0.5] : [0, 1];
  return [low, high];
}

/** Round values in a range, about `count` of them. */
export function ticksOf([low, high]: readonly [number, number], count = 5): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const ticks = [];
  for (let i = first; i * step <= high + 1e-9 * step; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

export function curvesPicture(curves: readonly Curve[], axes: Axes): SVGElement {
  const xRange = axes.xRange ?? rangeOf(curves.flatMap(({ x }) => x));
  const yRange = axes.yRange ?? rangeOf(curves.flatMap(({ y }) => y));
  const place = (value: number, [low, high]: readonly [number, number]) => (value - low) / (high - low);
  const px = (value: number) => LEFT + place(value, xRange) * (WIDTH - LEFT - RIGHT);
  const py = (value: number) => HEIGHT - BOTTOM - place(value, yRange) * (HEIGHT - TOP - BOTTOM);
  const points = ({ x, y }: Curve) => x.map((value, i) => `${px(value).toFixed(1)},${py(y[i] as number).toFixed(1)}`).join(' ');
  const xTicks = ticksOf(xRange).map((tick) =>
    drawing('text', { x: px(tick), y: HEIGHT - BOTTOM + 18, class: 'tick', 'text-anchor': 'middle' }, String(tick)),
  );
  const yTicks = ticksOf(yRange).flatMap((tick) => [
    drawing('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: py(tick), y2: py(tick), class: 'grid' }),
    drawing('text', { x: LEFT - 6, y: py(tick) + 4, class: 'tick', 'text-anchor': 'end' }, String(tick)),
  ]);
  const { level } = axes;
  return drawing(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': axes.description, class: 'picture' },
    ...yTicks,
    ...xTicks,
    level ? drawing('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: py(level.at), y2: py(level.at), class: 'level' }) : null,
    level ? drawing('text', { x: LEFT + 4, y: py(level.at) - 5, class: 'tick' }, level.name) : null,
    ...curves.map((curve) => drawing('polyline', { points: points(curve), class: `curve colour-${curve.colour}` })),
    drawing('text', { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, class: 'axis', 'text-anchor': 'middle' }, axes.x),
    drawing(
      'text',
      { x: 0, y: 0, class: 'axis', transform: `translate(14 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      axes.y,
    ),
  );
}
