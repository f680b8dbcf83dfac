import { Html } from './html.ts'

/** The page's only style sheet: two sets of colours, one for each scheme of the reader's system. */
export const STYLE = new Html(`
:root{color-scheme:light dark;--bg:#f5f6f8;--surface:#fff;--raised:#eef0f4;--line:#dce0e7;--text:#141820;--muted:#545e6e;
--accent:#1f4fd1;--band:#c9d7f8;--ok:#11693a;--ok-soft:#e2f3e9;--warn:#7d4500;--warn-soft:#fcefd9;--bad:#ab1f1a;--bad-soft:#fce7e5}
@media(prefers-color-scheme:dark){:root{--bg:#0e1116;--surface:#161a21;--raised:#1e232c;--line:#2a313c;--text:#e9ecf1;
--muted:#a5afbd;--accent:#93b4ff;--band:#263a6b;--ok:#74d79a;--ok-soft:#12301f;--warn:#f3bb6b;--warn-soft:#35260e;
--bad:#ff9a90;--bad-soft:#3b1816}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.55 "Inter",ui-sans-serif,system-ui,"Segoe UI",Roboto,
"Helvetica Neue","Liberation Sans",Arial,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 0 .75rem}
h3{font-size:1rem;margin:1.5rem 0 .4rem}
p{margin:.4rem 0 .8rem;max-width:46rem}
code,.mono{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em;
overflow-wrap:anywhere}
section{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:1.25rem 1.4rem;margin:1.1rem 0}
.eyebrow,.muted,figcaption{color:var(--muted)}
.eyebrow{margin:0;font-size:.86rem}
.banner{border-left:6px solid var(--tone);background:var(--soft);border-radius:12px;padding:1rem 1.3rem;margin:1rem 0}
.banner strong{color:var(--tone);font-size:1.25rem}
.banner p{margin:.2rem 0 0}
.valid,.pass,.quiet{--tone:var(--ok);--soft:var(--ok-soft)}
.invalid,.fail{--tone:var(--bad);--soft:var(--bad-soft)}
.undecided,.blocked,.not-compared,.raised{--tone:var(--warn);--soft:var(--warn-soft)}
dl{margin:1.1rem 0 0}
dt{color:var(--muted);font-size:.8rem}
dd{margin:0;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.8rem}
.tiles div{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.6rem .8rem;min-width:0}
.tiles dd{font-weight:600;font-size:1.1rem}
.rows{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.5rem .8rem}
.rows div{display:grid;grid-template-columns:7rem 1fr;gap:.8rem;padding:.2rem 0}
.rows dt{padding-top:.1rem}
.scroll{overflow-x:auto}
.scroll svg{min-width:34rem}
td{overflow-wrap:anywhere;min-width:2.5rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;color:var(--muted);padding:0 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.42rem .7rem .42rem 0;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{color:var(--muted);font-weight:500;font-size:.82rem}
tbody th{font-weight:500;white-space:nowrap}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.badge{display:inline-block;border-radius:999px;padding:.05rem .6rem;background:var(--soft);color:var(--tone);font-weight:600;
font-size:.82rem;white-space:nowrap}
figure{margin:.4rem 0 1.2rem}
figcaption{font-size:.86rem;margin-top:.2rem}
svg{display:block;width:100%;height:auto;font:11px ui-sans-serif,system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif}
.grid{stroke:var(--line);stroke-width:1}
.axis{stroke:var(--muted);stroke-width:1}
.mark{stroke:var(--muted);stroke-width:1;stroke-dasharray:2 4;opacity:.7}
.tick,.label{fill:var(--muted)}
.label{font-weight:600}
.line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.band{fill:var(--band);stroke:none;opacity:.75}
.bar.plain{fill:var(--band)}
.bar.drawn{fill:var(--accent)}
.bar.bad{fill:var(--bad)}
.bar.unknown{fill:var(--raised)}
.dot{fill:var(--accent)}
.key{display:inline-block;width:.8em;height:.8em;border-radius:2px;vertical-align:-.05em;margin-right:.3em}
.key.plain{background:var(--band)}.key.drawn{background:var(--accent)}.key.bad{background:var(--bad)}.key.unknown{background:var(--raised);border:1px solid var(--line)}
details{margin:.4rem 0}
summary{cursor:pointer;color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
footer{color:var(--muted);font-size:.86rem;margin-top:1.5rem}
tbody th code{overflow-wrap:normal}
@media(max-width:40rem){.badge{white-space:normal;overflow-wrap:normal;padding:.05rem .5rem}table{font-size:.86rem}section{padding:1rem}tbody th{white-space:normal}th,td{padding-right:.45rem}.rows div{grid-template-columns:1fr;gap:0}}
@media print{body{background:#fff}section{break-inside:avoid}}
`)
