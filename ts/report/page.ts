/** The frame of every page that is written: self-contained, loads nothing, contents first. */
import { html, type Markup, trusted } from './html.js';
import { style } from './style.js';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

export interface Page {
  readonly title: string;
  /** Rules of its own, after those that all pages have. */
  readonly styles?: string;
  /** Where the keyboard jumps to, in words; the first section. */
  readonly skip: string;
  /** What stands under the title. */
  readonly lead: Markup;
  readonly sections: readonly Section[];
  readonly foot: Markup;
}

export const renderPage = ({ title, styles = '', skip, lead, sections, foot }: Page): string =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(style + styles)}</style>
</head>
<body>
<a class="skip" href="#${sections[0]?.id}">${skip}</a>
<header>
<h1>${title}</h1>
${lead}</header>
<nav aria-labelledby="contents-heading">
<h2 id="contents-heading">Contents</h2>
<ol>
${sections.map(
  ({ id, title: heading }) => html`<li><a href="#${id}">${heading}</a></li>
`,
)}</ol>
</nav>
<main>
${sections.map(
  ({ id, title: heading, body }) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}</section>
`,
)}</main>
<footer>${foot}</footer>
</body>
</html>
`.markup;
