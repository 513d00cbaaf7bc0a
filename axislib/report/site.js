"use strict";
/* Draws the figures and opens, for anything on them, the panel with the evidence. Needs facts.js; asks nothing of any network. */
(() => {
  const known = window.AXISLIB || { rows: {}, sentences: {}, themes: { light: {}, dark: {}, print: {} } };
  const { make, copy, body, spelt } = axislibPanel;
  const panel = document.getElementById("panel");
  const CONFIG = { displayModeBar: false, doubleClick: false, responsive: true };
  let opener = null;

  const idsOf = (data) => {
    while (Array.isArray(data)) data = data[0];
    return typeof data === "string" ? data.split(";").filter(Boolean) : [];
  };

  const each = (value) => [...new Set(value)];

  /* ---- what the panel says: panel.js writes it, for the explorer as well ---- */

  const paragraphOf = (locator) => locator.slice(0, locator.lastIndexOf("."));

  const site = {
    words: (id) => known.rows[id].statement,
    open: (id) => go(id),
    place: (locator) => make("a", { href: `reading.html#${locator}`, title: spelt(locator) }, locator),
    row: (id) => make("a", { href: id in known.sentences ? `reading.html#${id}` : `tables.html#${id}` }, id),
    paragraph(anchors) {
      if (!anchors.some((locator) => known.sentences[locator])) return [];
      const wanted = anchors.map(paragraphOf);
      return Object.keys(known.sentences).filter((locator) => wanted.includes(paragraphOf(locator))).map((locator) => (
        { locator, words: known.sentences[locator] || `[${locator}]`, anchor: anchors.includes(locator) }));
    },
  };

  /* The verdict on the first of these that was checked, with the reasons; a page that is alone leads to no other. */
  function entryOf(ids) {
    const [page, place] = ids.map((id) => (known.judged || {})[id]).find(Boolean) || [];
    const here = page === document.body.dataset.page;
    if (!page || !(here || document.querySelector(".bar nav"))) return [];
    const [,,, said] = (known.claims || []).find(([name, address]) => name === page && address === place) || [];
    return [make("p", { className: "verdict" }, said ? `Other sources: ${said.charAt(0).toLowerCase()}${said.slice(1)} ` : "",
      make("a", { href: `${here ? "" : `${page}.html`}#${place}` }, "Go to the verdict and the reasons for it"))];
  }

  function article(id) {
    const view = known.rows[id];
    const kind = make("p", { className: "axl-kind" }, view ? view.kind : id);
    if (!view) return make("article", {}, kind, make("p", { className: "silent" }, "This ID is not in this report."));
    const parts = body(view, site);
    const said = parts[0].querySelector(".axl-statement");
    said.setAttribute("role", "heading");
    said.setAttribute("aria-level", "3");
    return make("article", { "data-id": id, "aria-label": view.statement }, kind, ...parts, linker(id));
  }

  /* ---- addresses to send: copied, or selected where a page may not copy ---- */

  const linker = (name) => make("p", { className: "link" }, make("button", { type: "button", className: "copy-link", "data-link": name }, "Copy link"),
    make("span", { role: "status" }));

  async function copyLink(button) {
    const address = `${window.location.href.split("#")[0]}#${button.dataset.link || button.closest("figure").id}`;
    const line = button.nextElementSibling;
    const field = make("input", { className: "address", readOnly: true, value: address, "aria-label": "Address to copy" });
    let done = true;
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      line.after(field);
      field.select();
      done = document.execCommand("copy");
    }
    if (done) {
      if (field.isConnected) button.focus({ preventScroll: true });
      field.remove();
      setTimeout(() => { line.textContent = ""; }, 2500);
    } else field.addEventListener("blur", () => { field.remove(); line.textContent = ""; });
    line.textContent = done ? " Link copied" : " Press Ctrl+C to copy this address:";
  }

  /* ---- opening and closing: what is open is in the address, so that it can be sent, and Back goes back ---- */

  const SEARCH = "find";
  let open = ""; // what the panel shows
  const depth = () => (window.history.state || {}).depth || 0; // how many steps were made in the panel since it was opened

  function fill(title, spoken, ...inside) {
    panel.querySelector(".facts").replaceChildren(...inside);
    panel.querySelector("h2").textContent = title;
    panel.setAttribute("aria-label", spoken);
    const back = panel.querySelector(".back");
    back.hidden = depth() < 2;
    back.textContent = (window.history.state || {}).from === SEARCH ? "Back to the search results" : "Back";
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add("has-panel");
  }

  /* A row that says the same as one above it, by the same speaker, is named and not told again. */
  function articles(ids) {
    const told = new Set();
    return ids.map((id) => {
      const view = known.rows[id];
      const key = view && JSON.stringify([view.statement, view.anchors, view.facts[0]]);
      if (!view || !told.has(key)) {
        told.add(key);
        return article(id);
      }
      return make("article", { "data-id": id, "aria-label": `the same as ${view.kind}` }, make("p", { className: "axl-kind" }, "Also coded as ",
        make("button", { type: "button", className: "axl-link", onclick: () => go(id) }, view.kind.toLowerCase())));
    });
  }

  /* Back leads to the button that had opened the row one comes from. */
  function show(name, back = false) {
    const [was, from, heading] = [open, known.rows[open], panel.querySelector("h2")];
    open = name;
    ring();
    const ids = name.split(";");
    if (name === SEARCH) fill("Search", "Search", axislibFind.panel((id) => go(id)));
    else {
      const statements = each(ids.map((id) => (known.rows[id] || {}).statement));
      const several = statements.length > 1 ? `Evidence (${statements.length})` : "Evidence";
      fill(several, (statements.length === 1 && statements[0]) || several, ...entryOf(ids), ...articles(ids));
    }
    const left = back && was && [...panel.querySelectorAll(".axl-link")].find((one) => one.dataset.ids === was || (from && one.textContent === from.statement));
    const input = panel.querySelector("input");
    (left || input || heading).focus({ preventScroll: !left });
    if (input && !left) input.select();
  }

  function hide() {
    if (panel.hidden) return;
    open = "";
    panel.hidden = true;
    ring();
    document.body.classList.remove("has-panel");
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  function go(name, from) {
    if (!name || !panel) return;
    const inside = panel.contains(document.activeElement);
    if (panel.hidden || !inside) opener = from || document.activeElement;
    const step = { depth: panel.hidden ? 1 : depth() + 1, from: open };
    if (addressed() !== name) window.history.pushState(step, "", `#${name}`);
    if (!inside) open = "";
    show(name);
  }

  /* The address of the page itself, with the coding that is chosen; closing adds no step to the history. */
  const home = () => {
    const coded = document.querySelector(".codings option:checked:not(:first-child)");
    return window.location.pathname + window.location.search + (coded ? `#${coded.value}` : "");
  };

  function close() {
    if (!panel || panel.hidden) return;
    window.history.replaceState(null, "", home());
    hide();
  }

  const addressed = () => decodeURIComponent(window.location.hash.slice(1));
  const opens = (name) => name === SEARCH || name.split(";").some((id) => known.rows[id] && !(id in known.sentences && document.getElementById(id)));

  /* What the address names is shown: a row in the panel, a place on the page even if it is folded. */
  function route() {
    const name = addressed();
    const coding = name && document.querySelector(`.codings option[value="${CSS.escape(name)}"]`);
    if (coding && !coding.selected) choose(coding);
    const place = name && document.getElementById(name);
    for (let node = place; node; node = node.parentElement) if (node.matches("details")) node.open = true;
    const switched = document.querySelector("button.teach");
    if (switched && place && place.closest(".for-teacher, .teacher")) teach(true);
    if (place) place.scrollIntoView();
    if (name && opens(name)) show(name, true);
    else hide();
  }

  /* ---- figures ---- */

  /* Where a point is drawn, in pixels of the window: its own shape where plotly keeps one, else the spot it reports. */
  function outline(box, point) {
    const data = (box.calcdata || [])[point.curveNumber] || [];
    const datum = data.find((item) => item && item.i === point.pointNumber) || data[point.pointNumber];
    const shapes = [...box.querySelectorAll(".point, .points > *, .textpoint")].filter((node) => node.__data__);
    const { left, top } = box.getBoundingClientRect();
    const { x0, x1, y0, y1 } = point.bbox || {};
    const [x, y] = [left + (x0 + x1) / 2, top + (y0 + y1) / 2];
    // what was clicked may be the words on a cell: the cell is the mark
    const same = shapes.filter((node) => String(axislibFind.idsOf(node)) === String(idsOf(point.customdata))).map((node) => node.getBoundingClientRect());
    const away = (one) => Math.hypot(Math.max(one.left - x, 0, x - one.right), Math.max(one.top - y, 0, y - one.bottom));
    const near = same.filter((one) => away(one) === Math.min(...same.map(away)));
    if (near.length) return near.reduce((a, b) => (a.width * a.height < b.width * b.height ? b : a));
    const shape = datum && shapes.find((node) => node.__data__ === datum);
    if (shape) return shape.getBoundingClientRect();
    return point.bbox ? new DOMRect(left + x0, top + y0, x1 - x0, y1 - y0) : null;
  }

  /* A ring around the mark that is being explained; without a point, none. The panel keeps off it. */
  function ring(box, point) {
    const old = document.getElementById("ring");
    if (old) old.remove();
    const mark = box && point && outline(box, point);
    panel.classList.toggle("left", Boolean(mark) && mark.right > window.innerWidth - panel.offsetWidth && mark.left > panel.offsetWidth);
    if (!mark) return;
    const { left, top } = box.getBoundingClientRect();
    const node = make("div", { id: "ring", "aria-hidden": "true" });
    Object.assign(node.style, { left: `${mark.left - left - 5}px`, top: `${mark.top - top - 5}px`, width: `${mark.width + 10}px`,
      height: `${mark.height + 10}px` });
    box.append(node);
  }

  /* ---- drawing: in the colours of the page or of paper, when it comes into view ---- */

  const PAPER = 1060; // CSS pixels of a landscape A4 page between its margins
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = new WeakMap(); // what a figure draws under another coding
  const own = (figure) => figure.querySelector(":scope > script").textContent;
  const figureOf = (box) => {
    const figure = box.closest("figure");
    return JSON.parse(chosen.get(figure) || own(figure));
  };

  function themed(drawing, colours) {
    if (typeof drawing === "string") {
      return colours[drawing] || drawing.replace(/color:(#[0-9A-F]{6})/g, (all, colour) => `color:${colours[colour] || colour}`);
    }
    if (Array.isArray(drawing)) return drawing.map((each) => themed(each, colours));
    if (!drawing || typeof drawing !== "object") return drawing;
    return Object.fromEntries(Object.entries(drawing).map(([name, value]) => [name, themed(value, colours)]));
  }

  function draw(box, theme = dark.matches ? "dark" : "light") {
    if (!box.offsetParent) return;
    const figure = themed(figureOf(box), known.themes[theme]);
    // the figure is as wide as the page, whatever it was drawn for
    delete figure.layout.width;
    Object.assign(figure.layout, { autosize: true, dragmode: false }, theme === "print" && { autosize: false, width: PAPER });
    const first = !box.dataset.drawn;
    box.dataset.drawn = theme;
    if (Plotly.rest && figure.data.some(({ type }) => !["bar", "scatter", undefined].includes(type))) {
      Plotly.rest();
      Plotly.rest = null;
    }
    Plotly.react(box, figure.data, figure.layout, CONFIG).then(() => label(box));
    if (first) listen(box);
  }

  /* The drawing is one picture with its words; the list below it has what can be opened. */
  function label(box) {
    box.setAttribute("role", "img");
    box.tabIndex = -1;
    document.querySelectorAll(".plot-container, #js-plotly-tester").forEach((part) => part.setAttribute("aria-hidden", "true"));
    axislibFind.dim(box);
  }

  function listen(box) {
    box.on("plotly_click", (event) => {
      go(each(event.points.flatMap((point) => idsOf(point.customdata))).join(";"), box);
      ring(box, event.points[0]);
      Plotly.Fx.unhover(box);
    });
    box.on("plotly_relayout", () => ring());
  }

  const plots = [...document.querySelectorAll(".plot")];
  const seen = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
    if (!isIntersecting || target.dataset.drawn) return;
    draw(target);
    seen.unobserve(target);
  }), { rootMargin: "400px" });

  function picture(button) {
    const box = button.closest("figure").querySelector(".plot");
    const { data, layout } = figureOf(box);
    const format = button.dataset.picture;
    const own = layout.template && layout.template.layout && layout.template.layout.width;
    const size = { width: layout.width || own || 1100, height: layout.height || 450 };
    const filename = `axislib-${document.body.dataset.page}-${button.closest("figure").id}`;
    return Plotly.downloadImage({ data, layout, config: CONFIG }, { format, filename, scale: format === "png" ? 2 : 1, ...size });
  }

  /* Another coding: the figure draws and says what it does under it, and a sentence says what changed. The page has only
     what differs: from where to where a part of the figure as coded stays, or the words that come instead. */
  function choose(option) {
    const codings = option.closest(".codings");
    const figure = codings.parentNode;
    const box = figure.querySelector(".plot");
    const signs = Array.from(own(figure)); // code points, as Python counts
    const steps = JSON.parse(codings.querySelector("script").textContent)[option.value] || [own(figure)];
    chosen.set(figure, steps.map((step) => (typeof step === "string" ? step : signs.slice(...step).join(""))).join(""));
    const { words, layout } = figureOf(box);
    [...new DOMParser().parseFromString(words, "text/html").body.children].forEach((part) => {
      figure.querySelector(`.${part.classList[0]}`).replaceWith(part);
    });
    let missing = false; // a page alone has only the files of our own coding
    figure.querySelectorAll("figcaption [download]").forEach((csv) => {
      csv.hidden = csv.href.startsWith("data:") && !option.matches(":first-child");
      csv.href = csv.href.replace(figure.id, option.value);
      missing ||= csv.hidden;
    });
    Object.assign(figure, { id: option.value });
    figure.querySelector("figcaption .number").hash = option.value;
    option.selected = true;
    codings.querySelector("[role=status]").textContent = (option.dataset.changes || "") + (missing ? " The data of this coding are in the whole report." : "");
    box.setAttribute("aria-label", figure.querySelector("figcaption span").textContent);
    box.style.height = `${layout.height}px`;
    ring();
    draw(box);
    axislibFind.count(figure.querySelector(".marks"));
  }

  /* ---- buttons, keys, paper ---- */

  function turn(button, shown, words) {
    button.textContent = `${shown ? "Hide" : "Show"} ${words}`; // the words say the state
  }

  const pressed = (button) => button.textContent.startsWith("Show");
  const buttons = {
    ".close": close,
    ".back": () => window.history.back(),
    ".search": (button) => go(SEARCH, button),
    ".open-menu": (button) => menu(button.getAttribute("aria-expanded") !== "true"),
    "[data-picture]": picture,
    ".copy-link": copyLink,
    ".show-chart": (button) => {
      const figure = button.closest("figure");
      figure.classList.add("as-chart");
      draw(figure.querySelector(".plot"));
    },
    ".show-code": (button) => {
      const shown = pressed(button);
      turn(button, shown, "the code");
      document.body.classList.toggle("with-code", shown);
      document.querySelectorAll("details.code").forEach((code) => { code.open = shown; });
    },
    ".unfold": (button) => {
      const shown = pressed(button);
      turn(button, shown, "all folded parts");
      document.querySelectorAll("main details:not(.key-of-quiz)").forEach((part) => { part.open = shown; });
    },
    ".teach": (button) => {
      const shown = pressed(button);
      teach(shown);
      button.parentNode.querySelector("[role=status]").textContent = shown ? "Shown: the questions for discussion on each page and, on page 7, the answers to the quiz." : "";
    },
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".bar")) menu(false);
    const rows = event.target.closest("[data-ids]");
    if (rows) {
      // a link stays a link: with Ctrl or Shift it opens the row's place in the tables
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(rows.dataset.ids, rows);
      return;
    }
    const button = event.target.closest("button");
    const pressedOne = button && Object.keys(buttons).find((name) => button.matches(name));
    if (pressedOne) buttons[pressedOne](button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!panel.hidden) close();
      else if (menu(false)) document.querySelector(".open-menu").focus();
    }
    if (event.key === "Tab" && !panel.hidden) stay(event);
    if (event.key === "/" && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      go(SEARCH);
    }
  });
  window.addEventListener("popstate", () => route());

  /* While the panel is open, Tab stays in it. */
  function stay(event) {
    const all = [...panel.querySelectorAll("a[href], button, input, select")].filter((one) => one.offsetParent);
    const [first, last] = [all[0], all[all.length - 1]];
    const at = document.activeElement;
    if (!panel.contains(at) || (!event.shiftKey && at === last)) first.focus();
    else if (event.shiftKey && (at === first || at === panel.querySelector("h2"))) last.focus();
    else return;
    event.preventDefault();
  }

  /* The pages with their titles, behind a button where there is no room for them; returns whether that was open. */
  function menu(shown) {
    const button = document.querySelector(".open-menu");
    const was = button && button.getAttribute("aria-expanded") === "true";
    if (button && was !== shown) button.setAttribute("aria-expanded", String(shown));
    return was;
  }
  dark.addEventListener("change", () => plots.filter((box) => box.dataset.drawn).forEach((box) => draw(box)));

  /* paper is narrower than the screen: drawings are made for it, and are what they were afterwards */
  window.addEventListener("beforeprint", () => {
    plots.forEach((box) => draw(box, "print"));
    document.querySelectorAll(".plot .main-svg").forEach((layer) => {
      const [width, height] = [layer.getAttribute("width"), layer.getAttribute("height")];
      layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
      layer.closest(".plot").style.setProperty("--wide", `${width} / ${height}`);
    });
  });
  window.addEventListener("afterprint", () => {
    document.querySelectorAll(".plot .main-svg").forEach((layer) => layer.removeAttribute("viewBox"));
    plots.filter((box) => box.dataset.drawn === "print").forEach((box) => draw(box));
  });

  /* ---- for teachers alone; remembered while the tab is open ---- */

  const KEY = "axislib-teacher";
  function remembered(value) {
    try { return value === undefined ? window.sessionStorage.getItem(KEY) : window.sessionStorage.setItem(KEY, value); } catch { return null; }
  }

  function teach(shown) {
    document.querySelectorAll("button.teach").forEach((button) => turn(button, shown, "the teacher\u2019s parts"));
    document.body.classList.toggle("teaching", shown);
    remembered(shown ? "yes" : "");
  }

  /* A quiz: a choice is a button, and the answer appears once one is pressed. */
  const several = (cell) => cell.textContent.split(/ \/ |;/).map((words) => words.trim()).filter(Boolean);
  function quiz(table, key) {
    const answers = new Map([...key.querySelectorAll("tbody tr")].map((row) => [row.cells[0].textContent, row.cells]));
    table.querySelectorAll("tbody tr").forEach((row) => {
      const cell = row.cells[row.cells.length - 1];
      const answer = answers.get(row.cells[0].textContent);
      const choices = several(cell);
      if (!answer || choices.length < 2) return;
      const line = make("p", { role: "status" });
      const say = (choice, button) => {
        cell.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
        const [, , right, also] = answer;
        const why = answer[answer.length - 1];
        const ours = right.textContent.trim();
        const known = choice === ours ? "Yes, that is our answer" : `Our answer is: ${ours}`;
        line.textContent = `${known}.${several(also).includes(choice) ? " Yours can be defended." : ""} ${why.textContent.trim()}`;
      };
      cell.replaceChildren(...choices.map((choice) => make("button", { type: "button", "aria-pressed": "false", onclick: (event) => say(choice, event.currentTarget) }, choice)), line);
    });
  }

  const asked = document.querySelector(".quiz");
  const key = document.querySelector(".key-of-quiz");
  if (asked && key) {
    quiz(asked, key);
    // folded until asked for, even among the teacher's parts
    const fold = make("details", { className: "key-of-quiz" }, make("summary", {}, "Answers to the quiz"));
    key.replaceWith(fold);
    key.classList.remove("key-of-quiz");
    fold.append(key);
  }
  document.querySelectorAll("button.search, button.open-menu, button.teach, button.unfold, .codings").forEach((control) => { control.hidden = false; });
  /* an alternative coding is called by what it changes, then by the statement that is read in another way */
  document.querySelectorAll(".codings option[data-changes]").forEach((option) => {
    const moved = [...option.dataset.changes.matchAll(/For ([^.]+?), ([^.,]+) changes from [^.]+? to ([^.]+)\./g)].map(([, side, form, level]) => `${form}, ${side} \u2192 ${level}`);
    const both = option.dataset.changes.match(/compared on (\S+) (forms?) of/);
    const said = option.textContent.slice(0, option.textContent.lastIndexOf(": "));
    if (moved.length && both && said) option.textContent = `${moved.join("; ")}: ${both[1]} ${both[2]} comparable (${said})`;
  });
  document.querySelectorAll(".codings select").forEach((select) => select.addEventListener("change", () => {
    choose(select.selectedOptions[0]);
    window.history.replaceState(null, "", home());
  }));
  document.querySelectorAll("main a[href^=http]").forEach((link) => Object.assign(link, { target: "_blank", rel: "noreferrer" }));
  // a phone shows the paragraphs' first lines until one is opened
  if (window.matchMedia("(max-width: 800px)").matches) document.querySelectorAll("details.paragraph").forEach((part) => { part.open = false; });
  // and lists instead of charts, so how to read a chart is folded
  if (window.matchMedia("(max-width: 699px)").matches) document.querySelectorAll("h3[id^=how-to-read-it]").forEach((head) => {
    const rest = [head];
    while (rest.at(-1).nextElementSibling && !/^H/.test(rest.at(-1).nextElementSibling.tagName)) rest.push(rest.at(-1).nextElementSibling);
    const notes = make("details", { className: "notes" });
    head.replaceWith(notes);
    notes.append(make("summary"), ...rest.slice(1));
    notes.firstChild.append(head);
    head.textContent = "How to read the chart";
  });
  const teacher = document.querySelector("button.teach");
  // where a page's words name the switch they are one
  document.querySelectorAll("main em").forEach((words) => {
    if (!teacher || words.textContent !== teacher.textContent) return;
    words.parentNode.append(" ", make("span", { role: "status" }));
    words.replaceWith(make("button", { type: "button", className: "teach axl-link" }, words.textContent));
  });
  if (teacher && remembered()) teach(true);
  document.querySelectorAll("main .cite").forEach((cite) => {
    cite.append(copy(() => cite.firstElementChild.textContent, "the citation"));
  });
  document.querySelectorAll("summary h4[id]").forEach((claim) => claim.parentNode.nextElementSibling.after(linker(claim.id)));
  /* a sentence is called by its place: in words where a part of the page names one for the first time */
  const begun = new Set();
  document.querySelectorAll("main a.locator:not(.sentence *)").forEach((link) => {
    const part = link.closest(".a-table, main > section, main > details");
    link.title = spelt(link.textContent);
    const before = (link.previousSibling || {}).textContent || "";
    const [open, close] = before.lastIndexOf("(") > before.lastIndexOf(")") ? "[]" : "()";
    if (!begun.has(part)) link.textContent = `${link.title} ${open}${link.textContent}${close}`;
    begun.add(part);
  });
  plots.forEach((box) => seen.observe(box));
  document.querySelectorAll(".marks").forEach(axislibFind.count);
  document.querySelectorAll(".bar nav a").forEach((link) => {
    const title = (known.pages || {})[link.getAttribute("href").replace(".html", "")];
    if (!title) return;
    link.append(make("small", {}, ` ${title}`));
    link.title = title;
  });
  route();
})();
