/** A CSV of a hospital's laboratory, of any length: what reading is measured on. Never read as data about patients. */
import { Stream } from '../random.js';

const LABS = 22;
const ROWS_A_PIECE = 2000;
const WARDS = ['ICU', 'Medical', 'Surgical', 'Emergency', 'Oncology'];

/** The text of 30 columns in pieces: values of 2 to 4 decimals of which one in 20 is missing, few levels, many days, an id in every row. */
export function* labText(rows: number, seed = 1): Generator<string> {
  const stream = Stream.fromSeed(seed).child('labs');
  const labs = Array.from({ length: LABS }, (_, i) => `lab_${i + 1}`);
  yield `patient,${labs.join(',')},sex,ward,diagnosis,day,age,ventilated,died\n`;
  for (let row = 0; row < rows; ) {
    const lines: string[] = [];
    for (const end = Math.min(rows, row + ROWS_A_PIECE); row < end; row++) lines.push(lineOf(row, stream));
    yield lines.join('');
  }
}

function lineOf(row: number, stream: Stream): string {
  const u = () => stream.uniform();
  const cells = [`P${String(row).padStart(8, '0')}`];
  for (let i = 0; i < LABS; i++) {
    const value = 20 * (i + 1) * (1 + (u() - u()) / 2);
    cells.push(u() < 0.05 ? '' : value.toFixed(2 + (i % 3)));
  }
  const day = `${2010 + stream.below(12)}-${String(1 + stream.below(12)).padStart(2, '0')}-${String(1 + stream.below(28)).padStart(2, '0')}`;
  const yes = (share: number) => (u() < share ? '1' : '0');
  cells.push(
    u() < 0.5 ? 'f' : 'm',
    WARDS[stream.below(WARDS.length)] as string,
    `D${stream.below(40)}`,
    day,
    String(18 + stream.below(80)),
  );
  cells.push(yes(0.3), yes(0.08));
  return `${cells.join(',')}\n`;
}
