/** Markup with escaping by default: what is put into a template is text, unless it is markup already. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Without the characters that HTML forbids (controls): each becomes U+FFFD. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
}

/** Safe as text and inside a quoted attribute. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (c) => ENTITIES[c] as string);

/** Text that is markup already and trusted. */
export const trusted = (markup: string): Markup => ({ markup });

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, string, i) => text + rendered(parts[i - 1]) + string) };
}

function rendered(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(rendered).join('');
}

/** Keeps "p = 0.02", "1 : 4" and "0.5 ± 0.1" on one line. */
export const unbroken = (text: string): string => text.replace(/ (?=[=<±:] )|(?<= [=<±:]) /g, '\u00a0');
