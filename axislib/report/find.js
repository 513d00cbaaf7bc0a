"use strict";
/* Search and filters over all rows; on the page of tables they act on the tables themselves. */
const axislibFind = (() => {
  const known = window.AXISLIB || { rows: {}, found: {}, how: {}, sentences: {} };
  const { make } = axislibPanel;
  const MOST = 60; // results shown at once
  const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/g, "'");
  const asked = { words: "", who: "", how: "", actor: "" };

  const texts = new Map();
  function textOf(id) {
    if (!texts.has(id)) {
      const view = known.rows[id];
      const more = view.more.map(([, value]) => value).join(" ");
      texts.set(id, plain(`${view.statement} ${view.anchors.join(" ")} ${more}`));
    }
    return texts.get(id);
  }

  function fits(id) {
    const [who, how, actors] = known.found[id] || ["", "", []];
    if ((asked.who && who !== asked.who) || (asked.how && how !== asked.how)) return false;
    if (asked.actor && !actors.includes(asked.actor) && asked.actor !== id) return false;
    const text = textOf(id) + plain(known.sentences[id] || "");
    return plain(asked.words).split(/\s+/).every((word) => text.includes(word));
  }

  const any = () => Object.values(asked).some(Boolean);
  const results = () => Object.keys(known.rows).filter(fits);

  function select(name, label, options, changed) {
    const node = make("select", { id: `find-${name}` }, make("option", { value: "" }, "any"),
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
  function form(changed) {
    const input = make("input", { type: "search", id: "find-words", autocomplete: "off", placeholder: "such as: drones, P09, Iran" });
    input.value = asked.words;
    input.addEventListener("input", () => { asked.words = input.value.trim(); changed(); });
    const { whos, hows, actors } = options();
    return make("div", { className: "find", role: "search" }, make("label", {}, "Search statements ", input),
      select("who", "Speaker", whos, changed), select("how", "How it is put", hows, changed), select("actor", "Actor", actors, changed));
  }

  /* ---- the tables: filtered, sorted, with all their columns ---- */

  function filterTables(line) {
    let all = 0;
    document.querySelectorAll(".a-table").forEach((table) => {
      let hits = 0;
      table.querySelectorAll("tbody tr").forEach((row) => {
        row.hidden = any() && !fits(row.id);
        hits += row.hidden ? 0 : 1;
      });
      table.hidden = any() && !hits;
      table.querySelector("summary small").textContent = String(hits);
      all += hits;
    });
    line.textContent = any() ? `${all} rows fit; open a table to see them.` : "";
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

  document.querySelectorAll(".a-table thead th, .axl-table:not(.axl-reading) thead th").forEach((head) => {
    head.replaceChildren(make("button", { type: "button", onclick: () => sort(head) }, head.textContent));
  });

  const filters = document.querySelector(".filters");
  if (filters) {
    const line = make("p", { role: "status" });
    filters.append(form(() => filterTables(line)), line);
    // on a phone a row is a card: each cell says which column it is
    document.querySelectorAll(".a-table").forEach((table) => table.addEventListener("toggle", () => {
      const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
      table.querySelectorAll("tbody td").forEach((cell) => { cell.dataset.column = heads[cell.cellIndex]; });
    }, { once: true }));
    document.querySelectorAll(".all-columns").forEach((button) => button.addEventListener("click", () => {
      const all = button.closest("details").classList.toggle("every");
      button.setAttribute("aria-pressed", String(all));
      button.textContent = all ? "Show the main columns" : "Show all columns";
    }));
  }

  /* ---- the panel's search: go(id) opens a row ---- */

  function panel(go) {
    const list = make("ul", { className: "results" });
    const line = make("p", { role: "status" });
    function changed() {
      const ids = any() ? results() : [];
      const one = (id) => make("li", {}, make("button", { type: "button", className: "axl-link", onclick: () => go(id) }, known.rows[id].statement),
        " ", make("small", {}, [known.rows[id].kind, known.found[id][0]].filter(Boolean).join(", ")));
      list.replaceChildren(...ids.slice(0, MOST).map(one));
      const most = ids.length > MOST ? `; the first ${MOST} are shown` : "";
      line.textContent = any() ? `${ids.length} found${most}.` : "";
    }
    const whole = make("div", {}, form(changed), line, list);
    changed();
    return whole;
  }

  return { panel };
})();
