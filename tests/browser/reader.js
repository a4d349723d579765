// What the test asks of the page: what is shown of each kind, and what the person at the keyboard is at.
globalThis.reader = (() => {
  const all = (selector, under = document) => [...under.querySelectorAll(selector)];
  const kinds = {
    incidents: ".incident, .short tbody tr",
    findings: ".listed tbody tr",
    hosts: ".hosts tbody tr",
    remotes: ".remotes tbody tr",
  };
  const seen = (kind) => all(kinds[kind]).filter((element) => element.getClientRects().length);
  const after = (element, prefix) => [...element.classList].find((name) => name.startsWith(prefix)).slice(prefix.length);
  return {
    shown: () => Object.fromEntries(Object.keys(kinds).map((kind) => [kind, seen(kind).length])),
    ids: (kind) => seen(kind).map((element) => element.id),
    severities: (kind) => [...new Set(seen(kind).map((element) => after(element.querySelector("b"), "sev-")))],
    scenarios: (kind) => [...new Set(seen(kind).map((element) => after(element.querySelector("i"), "sc-")))],
    column: (kind, at) => seen(kind).map((row) => row.cells[at].textContent.trim()),
    // What is shown of the other tables that filters bear on.
    others: () => all("[data-facts]").filter((one) => one.getClientRects().length)
      .map((one) => [one.closest("section").id, ...one.dataset.facts.split("|").slice(0, 2)]),
    // What the figures of the summary, its tables and those of the timeline say; and how high the chart's bars are.
    counted: () => {
      const rows = (text) => Number(text.replace(/\D/g, ""));
      const sum = (texts) => texts.reduce((all, text) => all + rows(text), 0);
      const lines = (by) => Object.fromEntries(all(`[data-by^=${by}]`)
        .map((row) => [row.dataset.by.split(".")[1], rows(row.cells[row.cells.length - 2].textContent)]));
      const bars = all(".chart g:not(.off) > rect").map((bar) => Number(bar.getAttribute("height")));
      return {
        rows: rows(document.querySelector("[data-count=rows]").textContent),
        scenario: lines("scenario"),
        result: lines("result"),
        incidents: sum(all(".tile .figure").map((figure) => figure.textContent)),
        buckets: sum(all(".buckets tbody tr").filter((row) => !row.hidden)
          .flatMap((row) => row.cells[1].textContent.trim().match(/[\d,]+(?=, |$)/g) || [])),
        drawn: bars.reduce((all, height) => all + height, 0) > 0,
        notes: all(".counted").filter((note) => note.getClientRects().length).map((note) => note.textContent),
      };
    },
    set: (label, value) => {
      const input = all(".tools input").find((one) => one.closest("label").textContent.startsWith(label));
      input.value = value;
      input.dispatchEvent(new Event("input"));
    },
    buckets: () => all(".buckets tbody tr").filter((row) => !row.hidden).length,
    starts: () => all(".buckets tbody tr").filter((row) => !row.hidden).map((row) => row.cells[0].textContent),
    // The rows that hosts and remote ends are shown to have against each other.
    overview: () => all(".matrix tbody b").filter((cell) => cell.getClientRects().length)
      .reduce((sum, cell) => sum + Number(cell.textContent.replace(/\D/g, "")), 0),
    choose: (label, value) => {
      const select = all(".tools select").find((one) => one.closest("label").textContent.startsWith(label));
      select.value = value;
      select.dispatchEvent(new Event("change"));
    },
    // What is said when something is done in its own time.
    said: async () => {
      const output = document.querySelector(".tools output");
      for (let tries = 0; tries < 100 && !output.textContent; tries += 1) {
        await new Promise((done) => { setTimeout(done, 50); });
      }
      return output.textContent;
    },
    status: () => document.querySelector(".tools output").textContent,
    focus: () => {
      const at = document.activeElement;
      const ring = getComputedStyle(at).outlineStyle !== "none";
      return { tag: at.localName, class: at.className, id: at.id, value: at.value || "", ring };
    },
    // Texts that are there and can not be seen, besides what only a screen reader is told.
    unseen: () => all("main *, nav *, header *, footer *").filter((element) => !element.getClientRects().length
      && !element.closest("svg, script, datalist, .skip") && element.textContent.trim()).map((one) => one.outerHTML.slice(0, 200)),
    // Wider than the window: what does not fit has to scroll in a region of its own.
    wide: () => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      const beyond = all("body *").filter((element) => element.getBoundingClientRect().right > width + 1);
      return beyond.map((one) => `${one.localName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`).slice(0, 20);
    },
    more: (section) => all(`#${section} > .more`).map((one) => Number(one.textContent.replace(/\D/g, ""))),
    // Nothing is cut off and the cover is of one colour, its lightest, so that the checker can tell every contrast.
    axe: async () => {
      const style = document.createElement("style");
      style.textContent = ".scroll { overflow: visible !important; } .tools, nav { position: static !important; }"
        + ".wrap { max-width: none !important; } .page { display: block !important; } body { width: 6000px; }"
        + ".cover { background: var(--accent) !important; } .tlp { float: none !important; width: max-content; }";
      document.head.append(style);
      const told = ({ html, target, any, all, none }) =>
        `${target} ${html.slice(0, 160)} | ${(any[0] || all[0] || none[0] || {}).message || ""}`;
      const of = (kind, rules) => rules.map(({ id, nodes }) =>
        `${id}: ${kind} ${nodes.length}: ${nodes.slice(0, 3).map(told).join("\n")}`);
      // Nobody points at what is printed.
      const pointed = !matchMedia("print").matches;
      const found = await axe.run(document, { preload: false, rules: { "target-size": { enabled: pointed } } });
      style.remove();
      // Figures in the chart stand on its lines, where the checker can not tell the colour behind; sparklines are no letters.
      const open = found.incomplete
        .map(({ id, nodes }) => ({ id, nodes: nodes.filter(({ html }) => !/^<text |^<td class="hours"/.test(html)) }))
        .filter(({ nodes }) => nodes.length);
      return [...of("wrong", found.violations), ...of("open", open)];
    },
  };
})();
