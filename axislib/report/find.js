"use strict";
/* Search over all rows, in the panel; filters that act on the charts and tables of the page itself. */
const axislibFind = (() => {
  const known = window.AXISLIB || { rows: {}, found: {}, how: {}, sentences: {} };
  const { make } = axislibPanel;
  const MOST = 40; // results shown under a heading
  const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/g, "'");
  const blank = () => ({ words: "", who: "", how: "", actor: "" });
  const [searched, filtered] = [blank(), blank()]; // what is asked in the panel, and of the page
  const KEY = "axislib-search"; // what was asked stays while the tab is open, so that Back leads to the same results
  try { Object.assign(searched, JSON.parse(window.sessionStorage.getItem(KEY))); } catch { /* nothing may be kept here */ }

  /* Words that readers use for one another, by their stems. */
  const SAME = [["troop", "soldier"], ["arm", "weapon"], ["drone", "uav"], ["north korea", "dprk", "pyongyang"], ["usa", "united states", "america"],
    ["alliance", "ally", "allies"], ["aid", "help"]];
  const stem = (word) => (word.length > 4 ? word.replace(/(ies|ese|es|s|ing|ed|ian|n)$/, "") : word);
  const synonyms = (word) => [stem(word), ...SAME.filter((group) => group.includes(stem(word)) || group.includes(word)).flat()];
  const starts = (text, word) => (word.length > 3 ? text.includes(word) : new RegExp(`(^|[^a-z0-9])${word.replace(/\W/g, "")}`).test(text));

  /* A row is found by its words, its sentences and its sources; a finding also by those of its evidence. */
  const texts = new Map();
  const sources = (id) => known.rows[id].sources.map(({ words }) => words).join(" ");
  function textOf(id) {
    if (!texts.has(id)) {
      const view = known.rows[id];
      const more = view.more.map(([, value]) => value).join(" ");
      const evidence = view.links.filter(({ title }) => title === "Evidence").flatMap(({ to }) => to);
      texts.set(id, plain(`${view.statement} ${view.anchors.join(" ")} ${more} ${[id, ...evidence].map(sources).join(" ")}`));
    }
    return texts.get(id);
  }

  const IDLE = /^(how|many|much|what|which|who|when|where|did|does|do|is|are|was|were|has|have|had|the|an?|of|in|to|by|for|and|it|that|true|about|says?|said|number)$/; // of a question
  const asks = (words) => {
    const all = plain(words).replace(/[?!]/g, "").split(/\s+/).filter(Boolean);
    return all.every((word) => IDLE.test(word)) ? all : all.filter((word) => !IDLE.test(word));
  };
  const has = (text, words) => asks(words).every((word) => synonyms(word).some((one) => starts(text, one)));

  function fits(id, asked) {
    const [who, how, actors, also] = known.found[id] || ["", "", [], ""];
    if ((asked.who && who !== asked.who) || (asked.how && ![how, ...also.split(";")].includes(asked.how))) return false;
    if (asked.actor && !actors.includes(asked.actor) && asked.actor !== id) return false;
    return has(textOf(id) + plain(known.sentences[id] || ""), asked.words);
  }

  const any = (asked) => Object.values(asked).some(Boolean);

  function select(asked, name, label, options, changed) {
    const node = make("select", {}, make("option", { value: "" }, "any"),
      ...options.map(([value, words]) => make("option", { value }, words)));
    node.value = asked[name];
    node.addEventListener("change", () => { asked[name] = node.value; changed(); });
    return make("label", {}, `${label} `, node);
  }

  const PUT = { hedged: "hedged", in_part: "hedged in part", left_open: "left open" };
  const byWords = (a, b) => a[1].localeCompare(b[1]);
  function options(ids) {
    const rows = ids.map((id) => known.found[id]).filter(Boolean);
    const whos = [...new Set(rows.map(([who]) => who))].filter(Boolean).map((who) => [who, who]).sort(byWords);
    const hows = [...new Set(rows.flatMap(([, how,, also]) => [how, ...also.split(";")]))].filter(Boolean).map((how) => [how, PUT[how] || known.how[how] || how]).sort(byWords);
    const actors = [...new Set(rows.flatMap(([,, ids]) => ids))].filter((id) => known.rows[id]);
    return { whos, hows, actors: actors.map((id) => [id, known.rows[id].statement.replace(/^(The|Today)\b/, (word) => word.toLowerCase())]).sort(byWords) };
  }

  /* The box and the three filters, which offer what the rows of these ids have; changed() is called after each change. */
  function form(asked, ids, changed, named = "Search statements") {
    const input = make("input", { type: "search", autocomplete: "off", placeholder: "such as: drones, Iran" });
    input.value = asked.words;
    input.addEventListener("input", () => { asked.words = input.value.trim(); changed(); });
    const { whos, hows, actors } = options(ids);
    const whole = make("div", { className: "find", role: "search" }, make("label", {}, `${named} `, input),
      select(asked, "who", "Speaker", whos, changed), select(asked, "how", "How it is put", hows, changed),
      select(asked, "actor", "Actor", actors, changed), make("button", { type: "button", className: "clear", onclick: () => {
        Object.assign(asked, blank());
        whole.querySelectorAll("input, select").forEach((one) => { one.value = ""; });
        changed();
      } }, "Clear filters"));
    return whole;
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
  /* The ids behind a drawn mark; plotly gives a bar no data of its own, so the trace is asked. */
  function idsOf(node) {
    const { data, i } = node.__data__ || {};
    const [first] = (node.closest(".trace") || {}).__data__ || [];
    const told = data === undefined && first && first.trace ? (first.trace.customdata || [])[i] : data;
    return [told].flat(9).slice(0, 1).flatMap((ids) => (typeof ids === "string" ? ids.split(";") : []));
  }

  function dim(box) {
    box.querySelectorAll(".point, .points > *, .textpoint").forEach((node) => { node.style.opacity = fit(idsOf(node)) ? "" : "0.12"; });
    box.querySelectorAll(".lines").forEach((node) => {
      const points = [node.parentNode.__data__].flat().filter(Boolean);
      node.style.opacity = !points.length || points.some((datum) => fit(idsOf({ __data__: datum, closest: () => null }))) ? "" : "0.12";
    });
  }

  /* The ids that a row of a table on a page of charts is about: those it names; of a speaker, all of the article. */
  const external = (id) => known.rows[id].facts.some(([name, value]) => name === "Data set" && value === "external record");
  const ofSpeakers = (table) => (table.querySelector("th") || table).textContent.trim() === "speaker";
  function idsIn(row) {
    const ids = [...row.querySelectorAll("a[href*='#']")].map((link) => link.hash.slice(1));
    const said = ofSpeakers(row.closest("table")) ? Object.keys(known.found).filter((id) => known.found[id][0] === row.cells[0].textContent && !external(id)) : [];
    return [...ids, ...said].filter((id) => known.found[id] && known.found[id][1]);
  }
  const tables = () => [...document.querySelectorAll("main .axl-table")].filter((table) => !table.closest(".codebook, .key-of-quiz, .quiz"));

  /* Below a table, what the filter does there, while there is one. */
  function remark(table, words) {
    const old = table.nextElementSibling;
    if (old && old.matches(".remark")) old.remove();
    if (words && any(filtered)) table.after(make("p", { className: "about remark" }, words));
  }

  function filterPage(line) {
    document.querySelectorAll(".plot[data-drawn]").forEach(dim);
    let exempt = 0;
    tables().forEach((table) => {
      const rows = [...table.querySelectorAll("tbody tr")];
      const ids = rows.map(idsIn);
      rows.forEach((row, i) => { row.hidden = !fit(ids[i]); });
      const whole = !ids.some((some) => some.length);
      exempt += whole ? 1 : 0;
      if (whole) remark(table, "Not filtered: the rows of this table are not single statements.");
      else remark(table, ofSpeakers(table) ? "Filtered: only speakers with a statement that fits. The numbers count all statements, as without a filter." : "");
    });
    document.querySelectorAll("main [data-ids]").forEach((mark) => {
      const item = mark.closest(".marks li, .cards li");
      if (item) item.hidden = !fit(mark.dataset.ids.split(";"));
    });
    document.querySelectorAll("main .marks").forEach(count);
    const ids = shown();
    const apart = exempt ? " A table that is not filtered says so below it." : "";
    line.textContent = any(filtered) ? `${ids.filter((id) => fit([id])).length} of ${ids.length} fit; lists and tables show only these, charts fade the others.${apart}` : "";
  }

  /* How many things a list of data points has, of those that are not filtered out. */
  function count(list) {
    const items = [...list.querySelectorAll("li")].filter((item) => item.querySelector(":scope > [data-ids]"));
    list.querySelector("summary small").textContent = items.length ? `(${items.filter((item) => !item.hidden).length})` : "";
  }

  /* The rows that the charts and tables of this page are about. */
  const shown = () => [...new Set([...document.querySelectorAll("main .marks [data-ids]")].flatMap((mark) => mark.dataset.ids.split(";")))];
  const onPage = () => [...new Set([...shown(), ...tables().flatMap((table) => [...table.querySelectorAll("tbody tr")].flatMap(idsIn))])];

  const filters = document.querySelector(".filters");
  if (filters) {
    const line = make("p", { role: "status" });
    const whole = document.querySelector(".a-table");
    const act = whole ? filterTables : filterPage;
    const note = make("small", {}, "Hedged: words such as \u201cmay\u201d weaken the whole statement. Hedged in part: words such as \u201cat least\u201d weaken one part of it.");
    const begin = () => filters.append(form(filtered, whole ? Object.keys(known.rows) : onPage(), () => act(line), "Words"), note, line);
    filters.parentNode.hidden = false;
    if (whole) begin();
    else filters.parentNode.addEventListener("toggle", begin, { once: true }); // a page of charts is drawn first
    document.querySelectorAll(".all-columns").forEach((button) => button.addEventListener("click", () => {
      const all = button.closest("details").classList.toggle("every");
      button.textContent = all ? "Show the main columns" : "Show all columns";
    }));
  }

  // on a phone a row is a card: each cell says which column it is
  const named = (table) => table.querySelectorAll("tbody td").forEach((cell) => {
    const head = table.querySelectorAll("thead tr:last-child th, thead tr:last-child td")[cell.cellIndex];
    if (head && head.textContent.trim()) cell.dataset.column = head.textContent.trim();
  });
  const heads = (table) => {
    if (!table.querySelector("tbody th")) table.querySelectorAll("tbody tr > td:first-child:not([colspan])").forEach((cell) => cell.setAttribute("role", "rowheader"));
  };
  document.querySelectorAll("main .axl-table").forEach((table) => {
    heads(table);
    const around = table.closest(".a-table");
    if (around) around.addEventListener("toggle", () => named(table), { once: true });
    else named(table);
  });

  /* ---- the panel's search: go(ids) opens rows ---- */

  /* Rows that say the same, by the same speaker, are one hit. */
  function merged(ids) {
    const hits = new Map();
    ids.forEach((id) => {
      const { statement } = known.rows[id];
      const key = [statement, external(id), known.found[id][0]].join("|");
      hits.set(key, [...(hits.get(key) || []), id]);
    });
    return [...hits.values()];
  }

  const KINDS = { Sentences: "Sentence of the article", "Evidence for and against claims": "Record: finding",
    "Forms of cooperation": "Form of cooperation", "Ratings of rival explanations": "Rating of a rival explanation" };

  /* Under which heading a row stands: what the article says comes first, then the verdicts, other sources, our judgements. */
  const HEADS = ["In the article", "Verdicts on the article\u2019s claims", "In other sources", "Actors, forms of cooperation and our own judgements"];
  const headOf = ([id]) => {
    if (external(id)) return HEADS[2];
    return known.found[id][1] || id in known.sentences ? HEADS[0] : HEADS[3];
  };

  /* What kind a hit is: the table that it is from, and for a statement whether the article makes it. */
  function kindOf(ids) {
    const kinds = [...new Set(ids.map((id) => known.rows[id].kind))].map((kind) => KINDS[kind] || kind.replace(/s$/, ""));
    const named = kinds.join(", ").replace(/, ([^,]+)$/, " and $1");
    if (!known.found[ids[0]][1]) return named;
    return `Statement of the ${external(ids[0]) ? "external record" : "article"} \u00b7 ${named.toLowerCase()}`;
  }

  function hit(ids, go) {
    const said = [kindOf(ids), known.found[ids[0]][0]].filter(Boolean).join(" \u00b7 ");
    return make("li", {}, make("button", { type: "button", className: "axl-link", "data-ids": ids.join(";"), onclick: (event) => {
      event.stopPropagation();
      go(ids.join(";"));
    } }, make("span", {}, known.rows[ids[0]].statement), make("small", {}, said)));
  }

  /* The verdicts on claims, each at its place; a page that is alone has its own. */
  function verdicts({ words, ...others }) {
    const { page } = document.body.dataset;
    const near = (known.claims || []).filter(([name]) => name === page || document.querySelector(".bar nav"));
    const named = ([,, claim]) => has(plain(claim), words); // before those that only mention it
    return any(others) ? [] : near.filter(([,, ...said]) => has(plain(said.join(" ")), words)).sort((a, b) => named(b) - named(a)).map(([name, address, claim, said]) => make("li", {},
      make("a", { className: "axl-link", href: `${name === page ? "" : `${name}.html`}#${address}` }, make("span", {}, claim), make("small", {}, `Record: verdict \u00b7 ${said}`))));
  }

  function panel(go) {
    const list = make("div");
    const line = make("p", { role: "status" });
    function changed() {
      try { window.sessionStorage.setItem(KEY, JSON.stringify(searched)); } catch { /* nothing may be kept here */ }
      const ids = any(searched) ? Object.keys(known.rows).filter((id) => fits(id, searched)) : [];
      const inWords = (id) => has(plain(known.rows[id].statement), searched.words);
      const hits = merged([...ids.filter(inWords), ...ids.filter((id) => !inWords(id))]);
      const judged = any(searched) ? verdicts(searched) : [];
      const groups = HEADS.map((head) => [head, head === HEADS[1] ? judged : hits.filter((one) => headOf(one) === head)]).filter(([, of]) => of.length);
      list.replaceChildren(...groups.flatMap(([head, of]) => [make("h3", {}, `${head} (${of.length})`),
        make("ul", { className: "results" }, ...of.slice(0, MOST).map((one) => (Array.isArray(one) ? hit(one, go) : one)))]));
      const most = groups.some(([, of]) => of.length > MOST) ? `; under each heading the first ${MOST} are shown` : "";
      const none = judged.length + hits.length ? "" : " Fewer words find more.";
      line.textContent = any(searched) ? `${judged.length + hits.length} found${most}.${none}` : "";
    }
    const whole = make("div", { className: "search-in" }, form(searched, Object.keys(known.rows), changed), line, list);
    changed();
    return whole;
  }

  return { panel, dim, count, idsOf };
})();
