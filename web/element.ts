/** Elements of the page, made and found. */

type Child = Node | string | null | false;
type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>;

function put(made: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== false));
}

/** An HTML element; functions among the attributes are listeners of that event. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  put(made, attributes, children);
  return made;
}

/** A table's head; the columns at `numbers` stand right-aligned, as their cells do. */
export const tableHead = (texts: readonly string[], numbers: readonly number[]): HTMLTableSectionElement =>
  element(
    'thead',
    {},
    element('tr', {}, ...texts.map((text, at) => element('th', { scope: 'col', class: numbers.includes(at) && 'number' }, text))),
  );

/** An SVG element. */
export function drawing<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  put(made, attributes, children);
  return made;
}

/** The element of the page with this id. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found as Kind;
}

/** Shows parts of the page and hides others, by their ids. */
export function show(visible: Readonly<Record<string, boolean>>): void {
  for (const [id, shown] of Object.entries(visible)) byId(id).hidden = !shown;
}

/** Offers a file for saving. */
export function download(name: string, content: string | Uint8Array | Blob, type: string): void {
  const address = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
