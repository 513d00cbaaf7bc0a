"use strict";
/* Search over all rows, in the panel; filters that act on the charts and tables of the page itself. */
const axislibFind = (() => {
  const known = window.AXISLIB || { rows: {}, found: {}, how: {}, sentences: {} };
  const { make } = axislibPanel;
  const MOST = 60; // results shown at once
  const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/g, "'");
  const blank = () => ({ words: "", who: "", how: "", actor: "" });
  const [searched, filtered] = [blank(), blank()]; // what is asked in the panel, and of the page

  const texts = new Map();
  function textOf(id) {
    if (!texts.has(id)) {
      const view = known.rows[id];
      const more = view.more.map(([, value]) => value).join(" ");
      texts.set(id, plain(`${view.statement} ${view.anchors.join(" ")} ${more}`));
    }
    return texts.get(id);
  }

  function fits(id, asked) {
    const [who, how, actors] = known.found[id] || ["", "", []];
    if ((asked.who && who !== asked.who) || (asked.how && how !== asked.how)) return false;
    if (asked.actor && !actors.includes(asked.actor) && asked.actor !== id) return false;
    const text = textOf(id) + plain(known.sentences[id] || "");
    return plain(asked.words).split(/\s+/).every((word) => text.includes(word));
  }

  const any = (asked) => Object.values(asked).some(Boolean);

  function select(asked, name, label, options, changed) {
    const node = make("select", {}, make("option", { value: "" }, "any"),
      ...options.map(([value, words]) => make("option", { value }, words)));
    node.value = asked[name];
    node.addEventListener("change", () => { asked[name] = node.value; changed(); });
    return make("label", {}, `${label} `, node);
  }

  const byWords = (a, b) => a[1].localeCompare(b[1]);
  function options() {
    const rows = Object.values(known.found);
    const whos = [...new Set(rows.map(([who]) => who))].filter(Boolean).map((who) => [who, who]).sort(byWords);
    const hows = [...new Set(rows.map(([, how]) => how))].filter(Boolean).map((how) => [how, known.how[how] || how]).sort(byWords);
    const actors = [...new Set(rows.flatMap(([,, ids]) => ids))].filter((id) => known.rows[id]);
    return { whos, hows, actors: actors.map((id) => [id, known.rows[id].statement]).sort(byWords) };
  }

  /* The box and the three filters; changed() is called after each change. */
  function form(asked, changed) {
    const input = make("input", { type: "search", autocomplete: "off", placeholder: "such as: drones, P09, Iran" });
    input.value = asked.words;
    input.addEventListener("input", () => { asked.words = input.value.trim(); changed(); });
    const { whos, hows, actors } = options();
    return make("div", { className: "find", role: "search" }, make("label", {}, "Search statements ", input),
      select(asked, "who", "Speaker", whos, changed), select(asked, "how", "How it is put", hows, changed),
      select(asked, "actor", "Actor", actors, changed));
  }

  /* ---- the tables: filtered, sorted, with all their columns ---- */

  function filterTables(line) {
    let all = 0;
    document.querySelectorAll(".a-table").forEach((table) => {
      let hits = 0;
      table.querySelectorAll("tbody tr").forEach((row) => {
        row.hidden = any(filtered) && !fits(row.id, filtered);
        hits += row.hidden ? 0 : 1;
      });
      table.hidden = any(filtered) && !hits;
      table.querySelector("summary small").textContent = String(hits);
      all += hits;
    });
    line.textContent = any(filtered) ? `${all} rows fit; open a table to see them.` : "";
  }

  function sort(head) {
    const [table, place] = [head.closest("table"), head.cellIndex];
    const up = head.getAttribute("aria-sort") !== "ascending";
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const { compare } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    const said = new Map([...table.tBodies[0].rows].map((row) => [row, row.cells[place].textContent.trim()]));
    const order = (a, b) => (!said.get(a)) - (!said.get(b)) || compare(said.get(a), said.get(b)) * (up ? 1 : -1);
    table.tBodies[0].append(...[...said.keys()].sort(order));
  }

  const FEW = 3; // rows that are in order at a glance
  document.querySelectorAll(".a-table thead th, body:not(.page-teacher) .axl-table:not(.axl-reading) thead th").forEach((head) => {
    if (head.closest("table").tBodies[0].rows.length <= FEW || !head.textContent.trim()) return;
    head.replaceChildren(make("button", { type: "button", onclick: () => sort(head) }, head.textContent));
  });

  /* ---- a page of charts: marks that do not fit turn pale, rows of its tables go ---- */

  const fit = (ids) => !any(filtered) || !ids.length || ids.some((id) => fits(id, filtered));
  const idsOf = (datum) => [datum && datum.data].flat(9).slice(0, 1).flatMap((ids) => (typeof ids === "string" ? ids.split(";") : []));

  function dim(box) {
    box.querySelectorAll(".point, .points > *, .textpoint").forEach((node) => { node.style.opacity = fit(idsOf(node.__data__)) ? "" : "0.12"; });
    box.querySelectorAll(".lines").forEach((node) => {
      const points = [node.parentNode.__data__].flat();
      node.style.opacity = points.some((datum) => fit(idsOf(datum))) ? "" : "0.12";
    });
  }

  function filterPage(line) {
    document.querySelectorAll(".plot[data-drawn]").forEach(dim);
    document.querySelectorAll("main .axl-table tbody tr").forEach((row) => {
      const ids = [...row.querySelectorAll("a[href*='#']")].map((link) => link.hash.slice(1));
      row.hidden = !fit(ids.filter((id) => known.found[id] && known.found[id][1]));
    });
    const marks = [...document.querySelectorAll("main .marks [data-ids]")];
    marks.forEach((mark) => { mark.parentNode.hidden = !fit([mark.dataset.ids]); });
    const ids = [...new Set(marks.map((mark) => mark.dataset.ids))];
    const lists = [...document.querySelectorAll(".cards")].some((one) => one.offsetParent) ? " Lists in place of charts are not filtered." : "";
    line.textContent = any(filtered) ? `${ids.filter((id) => fit([id])).length} of the ${ids.length} rows behind the charts fit; all other marks are pale.${lists}` : "";
  }

  const filters = document.querySelector(".filters");
  if (filters) {
    const line = make("p", { role: "status" });
    const act = document.querySelector(".a-table") ? filterTables : filterPage;
    filters.append(form(filtered, () => act(line)), line);
    filters.parentNode.hidden = false;
    document.querySelectorAll(".all-columns").forEach((button) => button.addEventListener("click", () => {
      const all = button.closest("details").classList.toggle("every");
      button.setAttribute("aria-pressed", String(all));
      button.textContent = all ? "Show the main columns" : "Show all columns";
    }));
  }

  // on a phone a row is a card: each cell says which column it is
  const named = (table) => table.querySelectorAll("tbody td").forEach((cell) => {
    const head = table.querySelectorAll("thead tr:last-child th, thead tr:last-child td")[cell.cellIndex];
    if (head && head.textContent.trim()) cell.dataset.column = head.textContent.trim();
  });
  document.querySelectorAll("main .axl-table").forEach((table) => {
    const around = table.closest(".a-table");
    if (around) around.addEventListener("toggle", () => named(table), { once: true });
    else named(table);
  });

  /* ---- the panel's search: go(id) opens a row ---- */

  function panel(go) {
    const list = make("ul", { className: "results" });
    const line = make("p", { role: "status" });
    function changed() {
      const ids = any(searched) ? Object.keys(known.rows).filter((id) => fits(id, searched)) : [];
      const one = (id) => make("li", {}, make("button", { type: "button", className: "axl-link", onclick: () => go(id) }, known.rows[id].statement),
        " ", make("small", {}, [known.rows[id].kind, known.found[id][0]].filter(Boolean).join(", ")));
      list.replaceChildren(...ids.slice(0, MOST).map(one));
      const most = ids.length > MOST ? `; the first ${MOST} are shown` : "";
      line.textContent = any(searched) ? `${ids.length} found${most}.` : "";
    }
    const whole = make("div", {}, form(searched, changed), line, list);
    changed();
    return whole;
  }

  return { panel, dim };
})();
