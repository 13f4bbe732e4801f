/** @file The report's own style: A4, black on white, one page where it fits. Constant: nothing from data goes in. */
export const reportStyle = `
@page { size: A4; margin: 10mm 13mm; }
* { box-sizing: border-box; }
html { color-scheme: light; }
body { max-width: 184mm; margin: 0 auto; padding: 0; color: #172024; background: #fff; font: 8.3pt/1.33 system-ui, -apple-system, 'Segoe UI', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif; }
@media screen { body { padding: 8mm 0; } }
h1 { margin: 0; font-size: 15pt; line-height: 1.2; }
h2 { margin: 2.6mm 0 0.8mm; padding-bottom: 0.4mm; border-bottom: 0.3mm solid #12606e; font-size: 10pt; break-after: avoid; }
p { margin: 0.6mm 0; }
.quiet { color: #56646a; }
.remarks { white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 7.4pt ui-monospace, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
ul { margin: 0.6mm 0; padding-left: 4.5mm; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: start; color: #56646a; }
th, td { padding: 0.5mm 1.5mm 0.5mm 0; border-bottom: 0.2mm solid #cbd3d3; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; }
thead th { color: #56646a; font-weight: 500; }
tr { break-inside: avoid; }
.option { margin-inline-end: 3mm; }
.charts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1mm 3mm; }
.rates { display: grid; grid-template-columns: 62mm minmax(0, 1fr); gap: 4mm; align-items: start; }
figure { margin: 0; break-inside: avoid; }
figcaption { display: flex; gap: 2mm; font-size: 7.6pt; }
.key::before { content: '— '; }
svg { display: block; width: 100%; height: auto; font-size: 10.5px; }
.rate-chart { font-size: 12px; }
.rate-key { display: inline-block; width: 3mm; height: 3mm; vertical-align: -0.4mm; }
svg text { fill: #56646a; }
.grid line, .rate-grid line { stroke: #e2e7e6; }
.even, .rate-even line { stroke: #7f8c90; stroke-dasharray: 4 3; }
.line { fill: none; stroke: currentcolor; stroke-width: 1.6; }
.thin { stroke-width: 0.6; opacity: 0.45; }
circle { fill: currentcolor; }
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
.answers { table-layout: fixed; margin-bottom: 1mm; }
tbody { break-inside: avoid; }
.asked { border-bottom: 0; color: #56646a; font-weight: 400; }
.answer { white-space: pre-wrap; }
footer { margin-top: 3mm; padding-top: 1mm; border-top: 0.2mm solid #cbd3d3; color: #56646a; font-size: 7.4pt; }
`;
