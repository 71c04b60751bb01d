/** Colours: light, dark and print; series colours of Okabe & Ito, exchanged where they would vanish on the ground. */
export const palette = `
:root { color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f6f7; --ink: #1b1f23; --soft: #535b63; --line: #d3d8dd; --link: #00558c;
  --helps: #00704f; --harms: #b34700; --open: #535b63;
  --series-0: #000000; --series-1: #0072b2; --series-2: #b5508c; --series-3: #d55e00; --series-4: #009e73; --series-5: #e69f00; --series-6: #56b4e9; --series-7: #8a8a00; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #15181b; --raised: #1f2428; --ink: #e8eaec; --soft: #a9b1b9; --line: #3a4148; --link: #7cc4ff;
  --helps: #4fd0a5; --harms: #ff9d57; --open: #a9b1b9;
  --series-0: #ffffff; --series-1: #56b4e9; --series-2: #cc79a7; --series-3: #e69f00; --series-4: #2cc296; --series-5: #f0e442; --series-6: #8fb8ff; --series-7: #d55e00; } }
@media print { :root { color-scheme: light;
  --ground: #ffffff; --raised: #ffffff; --ink: #000000; --soft: #333333; --line: #999999; --link: #000000; --helps: #00704f; --harms: #b34700; --open: #333333;
  --series-0: #000000; --series-1: #0072b2; --series-2: #b5508c; --series-3: #d55e00; --series-4: #009e73; --series-5: #e69f00; --series-6: #56b4e9; --series-7: #8a8a00; } }
`;

/** What is wider than its place scrolls, and a shadow says that there is more. */
export const scrolling = `.scroll { overflow: auto; border: 1px solid var(--line); border-radius: .3rem;
  background: linear-gradient(to left, var(--ground) 40%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to left, color-mix(in srgb, var(--ink) 22%, transparent), transparent) right / 1rem 100% no-repeat scroll; }
`;

/** The page's style. */
export const style = `${palette}* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, header, nav, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 2rem 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.1rem; line-height: 1.3; margin: 1.75rem 0 .5rem; }
p, dd, li { max-width: 46rem; overflow-wrap: anywhere; }
h1, h2, h3, caption, dt, td, th { overflow-wrap: break-word; }
code { overflow-wrap: anywhere; }
a { color: var(--link); }
.lead { font-size: 1.1rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .5rem; }
nav ol { columns: 18rem; padding-left: 1.3rem; margin: .5rem 0; }
nav h2 { border: 0; margin-top: 2rem; padding: 0; font-size: 1.1rem; }
.verdict { border: 1px solid var(--line); border-left: .4rem solid var(--open); border-radius: .3rem; background: var(--raised); padding: .25rem 1rem; margin: 1rem 0; }
.verdict h3 { margin: .6rem 0 .3rem; }
.verdict.helps { border-left-color: var(--helps); }
.verdict.harms { border-left-color: var(--harms); }
.verdict .answer { display: inline-block; font-weight: 700; color: var(--open); margin: 0; }
.verdict.helps .answer { color: var(--helps); }
.verdict.harms .answer { color: var(--harms); }
.verdict .headline { margin: .1rem 0 .4rem; font-weight: 600; }
.answers { padding-left: 1.2rem; } .answers li { margin: .4rem 0; }
.verdict { max-width: 54rem; } .verdict p, .verdict li { max-width: none; }
.verdict ul { margin: .4rem 0 .7rem; padding-left: 1.2rem; font-size: .95rem; }
.verdict li { margin: .25rem 0; }
.table { margin: 1.25rem 0; }
${scrolling}.tall .scroll { max-height: 85vh; }
.tall .number { white-space: normal; }
.tall thead th { position: sticky; top: 0; background: var(--ground); z-index: 2; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .6rem; font-size: .95rem; }
caption span { position: sticky; left: .6rem; display: inline-block; max-width: min(100%, calc(100vw - 4.5rem)); }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: baseline; border-top: 1px solid var(--line); }
td.text { max-width: 34rem; } td.text:last-child { min-width: 16rem; }
.number { text-align: right; white-space: nowrap; }
.broken { white-space: normal; } .broken span { display: block; white-space: nowrap; }
thead th { vertical-align: bottom; border-top: 0; border-bottom: 1px solid var(--soft); white-space: normal !important; min-width: 4.5rem; }
tbody th { font-weight: 500; position: sticky; left: 0; background: var(--ground); min-width: 9rem; z-index: 1; }
tr.group th { background: var(--raised); font-weight: 700; text-align: left; }
tr.group span { position: sticky; left: .6rem; display: inline-block; max-width: calc(100vw - 4.5rem); }
.notes { color: var(--soft); font-size: .875rem; line-height: 1.45; padding-left: 1.2rem; margin: .6rem 0; }
.notes li { margin: .2rem 0; max-width: 54rem; }
figure { margin: 1.75rem 0; padding: 0; }
figcaption { max-width: 54rem; margin-bottom: .6rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 23rem), 1fr)); gap: .75rem 1.5rem; align-items: end; }
.panel { max-width: 30rem; }
.panel-title { font-weight: 600; margin: 0 0 .2rem; }
svg.plot { display: block; width: 100%; height: auto; overflow: visible; }
svg.plot text { white-space: pre; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; padding: 0; margin: .5rem 0; font-size: .925rem; }
.legend svg { vertical-align: middle; margin-right: .45rem; }
svg.plot .soft { fill: var(--soft); } svg.plot .frame { fill: none; stroke: var(--line); } svg.plot .dots { fill: none; stroke-linecap: round; }
svg.plot .synthetic text { stroke: none; } svg.plot .synthetic path { fill: none; stroke-width: 1.7; } svg.plot .synthetic path.real { fill: var(--soft); fill-opacity: .35; stroke: none; }
.findings { padding-left: 1.2rem; } .findings li { margin: .3rem 0; max-width: 54rem; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--link); }
dl { margin: .5rem 0; }
dt { font-weight: 600; margin-top: .6rem; }
dd { margin: 0 0 0 1.2rem; }
dl.facts { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .25rem 1rem; }
dl.facts dt { margin: 0; } dl.facts dd { margin: 0; }
code { font: .85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
footer { color: var(--soft); font-size: .875rem; padding: 1.5rem 1rem 3rem; }
@media (max-width: 36rem) {
  h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; }
  tbody th { min-width: 0; max-width: 8.5rem; } tr.group th { max-width: none; }
  th, td { padding: .35rem .4rem; } td.text:last-child { min-width: 9.5rem; overflow-wrap: anywhere; } th:first-child, td:first-child { padding-left: .6rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dt { margin-top: .5rem; }
}
@media print {
  body { font-size: 10pt; } main, header, footer { max-width: none; padding: 0; }
  nav, .skip { display: none; } .scroll, .tall .scroll { overflow: visible; max-height: none; border: 0; background: none; } summary { display: none; }
  table { font-size: 7.5pt; } th, td { padding: .2rem .35rem; } thead { display: table-header-group; }
  .tall table { font-size: 6.5pt; } .tall th, .tall td { padding: .15rem .2rem; } tbody th { white-space: normal; }
  thead th, .tall thead th, tbody th { position: static; min-width: 0; } .number { white-space: normal; }
  tr, figure, .verdict { break-inside: avoid; } h2, h3, caption { break-after: avoid; }
  .panels { grid-template-columns: 1fr 1fr; }
}
`;
