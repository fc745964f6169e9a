// The page's own style and script: small, inline, allowed by their hashes alone.

extension HTMLReport {
  static let style = """
    :root{color-scheme:light dark;--bg:#f6f8fa;--card:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--faint:#eaeef2;
    --link:#0969da;--s1:#8c959f;--s2:#3fa45b;--s3:#5b9ddb;--s4:#e0a03a;--s5:#d1424b;--critical:#a40e26;--high:#d1424b;
    --medium:#bf8700;--low:#0969da;--good:#1a7f37;--mark:#fff8c5}
    @media (prefers-color-scheme:dark){:root{--bg:#0d1117;--card:#151b23;--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;
    --faint:#232a33;--link:#4493f8;--s1:#6e7681;--s2:#3d9a55;--s3:#4a84c4;--s4:#c98d2b;--s5:#e5534b;--critical:#f85149;
    --high:#e5534b;--medium:#d29922;--low:#4493f8;--good:#3fb950;--mark:#3b2e00}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
    main{max-width:1320px;margin:0 auto;padding:20px 24px 48px}
    h1{font-size:24px;line-height:1.25;margin:0 0 2px;font-weight:600}
    h2{font-size:16px;margin:28px 0 10px;font-weight:600}
    a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
    code,.mono{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;overflow-wrap:anywhere}
    .brand{color:var(--soft);font-size:12px;letter-spacing:.08em;text-transform:uppercase;font-weight:600}
    .soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--high);font-weight:600}
    .badge{display:inline-block;padding:0 8px;border-radius:10px;font-size:12px;line-height:20px;font-weight:600;color:#fff;white-space:nowrap}
    .critical{background:var(--critical)}.high{background:var(--high)}.medium{background:var(--medium)}.low{background:var(--low)}
    @media (prefers-color-scheme:dark){.badge{color:#0d1117}}
    .chips{display:flex;flex-wrap:wrap;gap:6px;margin:10px 0 0}
    .notice{background:var(--mark);border:1px solid var(--medium);border-radius:6px;padding:8px 12px;margin:14px 0 0}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));margin:18px 0 0;overflow:hidden}
    .tile{padding:12px 16px;box-shadow:1px 0 var(--line),0 1px var(--line)}
    .tile b{display:block;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
    .tile span{color:var(--soft);font-size:12px}
    .scroll{overflow-x:auto}
    .timeline{padding:10px 12px 8px}
    .timeline svg{display:block;width:100%;min-width:760px;height:auto}
    svg text{fill:var(--soft);font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
    svg .lane{fill:var(--ink)}svg .over{paint-order:stroke;stroke:var(--card);stroke-width:3px}svg .grid{stroke:var(--faint);stroke-width:1}svg .axis{stroke:var(--line);stroke-width:1}
    .s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}
    svg .critical{fill:var(--critical)}svg .high{fill:var(--high)}svg .medium{fill:var(--medium)}svg .low{fill:var(--low)}
    .hit{fill:transparent}.hit:hover{fill:var(--ink);fill-opacity:.12}.span{fill-opacity:.09}
    .legend{display:flex;flex-wrap:wrap;gap:4px 16px;padding:2px 4px 0;font-size:12px;color:var(--soft)}
    .legend svg{width:10px;height:10px;min-width:0;display:inline-block;margin-right:5px;vertical-align:-1px}
    table{border-collapse:collapse;width:100%;font-size:13px}
    th,td{padding:5px 12px;text-align:left;border-top:1px solid var(--faint);vertical-align:top}
    thead th{border-top:0;border-bottom:1px solid var(--line);color:var(--soft);font-weight:600;font-size:12px;white-space:nowrap;padding:0}
    th button{font:inherit;color:inherit;background:none;border:0;padding:7px 12px;width:100%;text-align:inherit;cursor:pointer}
    th button:hover{color:var(--ink)}
    th[aria-sort=ascending] button::after{content:" \\25B2"}th[aria-sort=descending] button::after{content:" \\25BC"}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.w{white-space:nowrap}
    tbody tr:hover{background:var(--faint)}
    .value{display:block;max-width:100%;overflow-wrap:anywhere}
    .tops{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(560px,100%),1fr));gap:16px}
    .tops .card{min-width:0;overflow:hidden}
    .bar{display:block;width:100%;height:3px;margin-top:2px}.bar rect{fill:var(--s3)}
    details.card{margin:0 0 10px}
    .measure summary{padding:2px 0;font-size:13px}.measure pre{margin:4px 0 4px 18px;white-space:pre-wrap;overflow-wrap:anywhere}.measure p{margin:0 0 6px 18px}
    summary{cursor:pointer;padding:9px 14px;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline;list-style:none}
    summary::-webkit-details-marker{display:none}
    summary::before{content:"\\25B8";color:var(--soft);width:10px}details[open]>summary::before{content:"\\25BE"}
    summary b{font-weight:600}summary .right{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
    .body{padding:2px 14px 12px 34px;display:grid;gap:10px}
    .body p{margin:0;max-width:90ch}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:10px 24px}
    .facts h3{font-size:12px;color:var(--soft);margin:0 0 3px;font-weight:600}
    .facts ol{list-style:none;margin:0;padding:0}
    .facts li{font-size:12.5px;display:flex;gap:12px;justify-content:space-between}
    .facts li span:last-child{font-variant-numeric:tabular-nums;color:var(--soft);white-space:nowrap}
    .evidence{background:var(--bg);border:1px solid var(--faint);border-radius:6px;padding:6px 10px;display:grid;gap:3px}
    .evidence div{display:grid;grid-template-columns:minmax(0,38%) minmax(0,1fr);gap:2px 16px}
    @media (max-width:640px){main{padding:14px 12px 32px}h1{font-size:20px}.body{padding-left:14px}
    .evidence div{grid-template-columns:1fr}th,td{padding:5px 8px}th button{padding:7px 8px}summary .right{margin-left:0}}
    @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#ddd}body{font-size:11px}
    main{max-width:none;padding:0}.card,details,tr{break-inside:avoid}.tops,.attacks{break-inside:auto}
    .timeline svg{min-width:0}a{color:inherit}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

    """

  /// Sorting by a column, and all details open on paper. It reads `data-v` and moves rows: nothing is made of text.
  static let script = """
    "use strict";
    for (const button of document.querySelectorAll("th button")) {
      button.addEventListener("click", () => {
        const head = button.parentElement, table = head.closest("table"), body = table.tBodies[0];
        const column = head.cellIndex, down = head.getAttribute("aria-sort") !== "descending";
        for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = row => { const v = row.cells[column].dataset.v, n = Number(v); return v === "" || isNaN(n) ? v : n; };
        const rows = [...body.rows].sort((a, b) => {
          const x = key(a), y = key(b);
          return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
        });
        body.append(...rows);
      });
    }
    addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details")) d.open = true; });
    const open = () => { const d = document.getElementById(location.hash.slice(1)); if (d && d.tagName === "DETAILS") d.open = true; };
    addEventListener("hashchange", open); open();

    """
}
