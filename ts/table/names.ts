/** Column names in messages: "did you mean …", and lists that stay short. */

/** Edits (insert, delete, replace) between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The name nearest to `wanted`, when it is near enough to be a slip. */
function nearest(wanted: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(Math.max(2, Math.floor(wanted.length / 3) + 1), wanted.length); // fewer edits than letters
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= least || name.length > 200) continue;
    const edits = distance(wanted.toLowerCase(), name.toLowerCase());
    if (edits < least) {
      least = edits;
      best = name;
    }
  }
  return best;
}

/** A cell or a name as it may appear in a message: quoted, one line, at most 40 characters. */
export function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return `"${plain.length > 40 ? `${plain.slice(0, 37)}...` : plain}"`;
}

/** A text as it is typed on a command line. */
export const asArgument = (text: string): string => (/^[\w.,=-]+$/.test(text) ? text : quoted(text));

/** "a, b, c and 4 more". */
export function listed(words: readonly (string | number)[], most = 5): string {
  if (words.length <= most) return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
  return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
}

/** Says that there is no such name, and which one was perhaps meant. */
export function unknownName(wanted: string, names: readonly string[]): string {
  const near = nearest(wanted, names);
  return `there is no column ${quoted(wanted)}${near === null ? `; the columns are ${listed(names.map(quoted), 12)}` : `: did you mean ${quoted(near)}?`}`;
}
