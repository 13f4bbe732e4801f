/**
 * @file The report's own style: A4, black on white also where the page is dark. Constant: nothing from data goes in.
 * The colours of series are those of styles/tokens.css in light.
 */
export const reportStyle = `
@page { size: A4; margin: 14mm 15mm 16mm; @bottom-right { content: counter(page) ' / ' counter(pages); color: #56646a; font: 8pt system-ui, sans-serif; } }
* { box-sizing: border-box; }
html { color-scheme: light; background: #fff; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { max-width: 180mm; margin: 0 auto; padding: 0; color: #172024; background: #fff; font: 9pt/1.4 system-ui, -apple-system, 'Segoe UI', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', 'NanumGothic', sans-serif; }
:lang(ko) { word-break: keep-all; }
@media screen { body { padding: 10mm 4mm; } .details { margin-top: 14mm; } }
@media print { .details { break-before: page; } }
h1, h2, h3 { break-after: avoid; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 13pt; line-height: 1.25; }
h2 { margin: 5mm 0 1.5mm; padding-bottom: 0.6mm; border-bottom: 0.3mm solid #12606e; font-size: 12pt; line-height: 1.25; }
h3 { margin: 3mm 0 1mm; font-size: 9.5pt; }
p { margin: 1mm 0; overflow-wrap: anywhere; }
.quiet { color: #56646a; font-weight: 400; }
.remarks { padding-left: 3mm; border-left: 1mm solid #cbd3d3; white-space: pre-wrap; }
.footnote { color: #56646a; font-size: 8pt; }
.summary { font-size: 11pt; }
.headline { margin: 4mm 0 2mm; font-size: 21pt; font-weight: 700; line-height: 1.25; }
.summary h2 { margin: 0 0 1.5mm; font-size: 11pt; }
.examples { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 6mm; margin-top: 5mm; font-size: 9.5pt; }
.example { margin-top: 5mm; break-inside: avoid; font-size: 9.5pt; }
.examples .example { margin-top: 0; }
.example .asked { padding: 1.5mm 2mm; background: #f3f5f4; color: #172024; white-space: pre-wrap; }
.said { white-space: pre-wrap; }
.who { font-weight: 700; }
p .who { margin-right: 1mm; }
code { font: 8pt ui-monospace, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', 'Malgun Gothic', 'Noto Sans CJK KR', monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; break-inside: auto; }
caption { padding-bottom: 1mm; text-align: start; color: #56646a; }
th, td { padding: 0.9mm 2.5mm 0.9mm 0; border-bottom: 0.2mm solid #cbd3d3; text-align: start; vertical-align: top; overflow-wrap: break-word; }
.long, .answers th, .answers td { overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; }
thead { display: table-header-group; }
thead th { color: #56646a; font-weight: 500; vertical-align: bottom; }
.whole, td.num { white-space: nowrap; }
.num { text-align: end; font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; }
.runs, .options { margin-top: 2mm; font-size: 8.5pt; }
.options { width: auto; min-width: 60%; }
.option { display: inline-block; margin-inline-end: 3mm; }
.bars { margin-top: 4mm; font-size: 10pt; }
.bars caption { font-size: 9pt; }
.bars th, .bars td { padding-block: 1mm; vertical-align: middle; }
.bars thead th, .bars thead td { padding-block: 0; font-size: 9pt; vertical-align: bottom; }
.bars tbody tr:not(:last-child) td { border-bottom: 0; }
.bars .bar { width: 42%; }
.bars .rate { white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 2mm 5mm; }
.rates { display: grid; gap: 3mm; }
.rates .rate-chart { max-width: 105mm; }
.rates td.num { white-space: normal; }
.rates tbody { break-inside: auto; }
figure { margin: 0; break-inside: avoid; }
.wide { margin-top: 4mm; max-width: 140mm; }
figcaption { font-size: 8pt; line-height: 1.35; }
.keys { display: flex; flex-wrap: wrap; gap: 0 3mm; min-height: 1.35em; }
.key { white-space: nowrap; }
.key::before { content: '— '; }
svg { display: block; width: 100%; height: auto; font-size: 11px; }
.rate-chart { font-size: 13px; }
.rate-key { display: inline-block; width: 3mm; height: 3mm; vertical-align: -0.4mm; }
svg text { fill: #56646a; }
.grid line, .rate-grid line { stroke: #e2e7e6; }
.even line, .even, .rate-even line { stroke: #7f8c90; stroke-dasharray: 4 3; }
.line { fill: none; stroke: currentcolor; stroke-width: 1.6; }
.thin { stroke-width: 0.6; opacity: 0.45; }
.rate-interval { stroke: currentcolor; stroke-width: 2; }
.series-chosen { color: #1f6fb5; fill: currentcolor; }
.series-rejected { color: #ad4f0c; fill: currentcolor; }
.series-base { color: #59676c; fill: currentcolor; }
.series-sft { color: #3d7a1d; fill: currentcolor; }
.series-dpo { color: #6a3fb5; fill: currentcolor; }
.series-spare-1 { color: #a62f74; fill: currentcolor; }
.series-spare-2 { color: #12606e; fill: currentcolor; }
.series-spare-3 { color: #7d6400; fill: currentcolor; }
.series-neutral { color: #5d6b70; fill: currentcolor; }
.answers { table-layout: fixed; margin-bottom: 2mm; }
.answers thead th.who { font-weight: 700; }
tbody { break-inside: avoid; }
.runs tbody, .options tbody { break-inside: auto; }
.asked { border-bottom: 0; color: #56646a; font-weight: 400; white-space: pre-wrap; }
.answer { white-space: pre-wrap; }
footer { margin-top: 5mm; padding-top: 1.5mm; border-top: 0.2mm solid #cbd3d3; color: #56646a; font-size: 8pt; break-inside: avoid; }
`;
