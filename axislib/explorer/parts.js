// The parts a person sees: form, caption, rows, panel, lines to copy. Whatever comes from a table is set as text, never as HTML.

// panel.js is before it.

const { make, fill, copy } = axislibPanel;

let count = 0;
const unique = (word) => `axl-${word}-${++count}`;

// ---- fields of a form: each returns {node, set(value)}; change(value) is called when a person chose

function tabs(spec, change) {
  const name = unique("tabs");
  const inputs = spec.choices.map((choice) => make("input", { type: "radio", name, value: choice.value, id: unique("tab"),
    onchange: () => change(choice.value) }));
  const labels = spec.choices.map((choice, i) => make("span", { className: "axl-tab" }, inputs[i],
    make("label", { for: inputs[i].id, title: choice.note }, choice.label)));
  return { node: make("fieldset", { className: "axl-tabs" }, make("legend", {}, spec.label), ...labels),
    set: (value) => inputs.forEach((input) => { input.checked = input.value === value; }) };
}

function checks(spec, change) {
  let chosen = [];
  const boxes = spec.choices.map((choice) => make("input", { type: "checkbox", value: choice.value, id: unique("check"),
    "aria-describedby": choice.note ? unique("note") : undefined,
    onchange: () => change(spec.choices.map((c) => c.value).filter((v, i) => boxes[i].checked)) }));
  const items = [];
  let group = "";
  spec.choices.forEach((choice, i) => {
    if (choice.group && choice.group !== group) items.push(make("div", { className: "axl-group" }, (group = choice.group)));
    const words = `${choice.label} ${choice.value} ${choice.also || ""}`.toLowerCase();
    const note = choice.note && make("small", { id: boxes[i].getAttribute("aria-describedby") }, choice.note,
      choice.tip && make("span", { className: "axl-tip" }, ` ${choice.tip}`));
    if (note) note.addEventListener("click", () => boxes[i].click()); // the explanation is part of the choice
    items.push(make("div", { className: "axl-check", title: choice.tip || choice.note, "data-words": words },
      boxes[i], make("label", { for: boxes[i].id }, choice.label), note));
  });
  return { node: make("fieldset", { className: "axl-checks" }, make("legend", {}, spec.label), ...items), items,
    set: (value) => { chosen = value || []; boxes.forEach((box) => { box.checked = chosen.includes(box.value); }); } };
}

function many(spec, change) {
  const usual = spec.usual || [];
  const list = checks(spec, change);
  const says = make("b");
  const sift = (item) => {
    item.hidden = item.dataset.words !== undefined && !item.dataset.words.includes(find.value.toLowerCase());
  };
  const find = spec.choices.length > 8 && make("input", {
    type: "search", placeholder: "find", "aria-label": `find in ${spec.label}`,
    oninput: () => list.items.forEach(sift) });
  const clear = make("button", { type: "button", onclick: () => change(usual) }, usual.length ? "the usual" : spec.empty);
  const tools = make("div", { className: "axl-tools" }, find, clear);
  const sheet = make("div", { className: "axl-sheet", tabindex: "-1" }, tools, list.node);
  const box = make("details", { className: "axl-many" }, make("summary", { title: spec.help }, `${spec.label}: `, says), sheet);
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) box.open = false; });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.open) { box.open = false; box.firstChild.focus(); }
  });
  sheet.addEventListener("click", (event) => { // chosen with the mouse: the list makes way for the result
    if (event.detail && event.target.closest(".axl-check, button")) setTimeout(() => { box.open = false; }, 0);
  });
  box.addEventListener("toggle", () => { // a sheet that would run out of the picture on the right opens to the left
    const frame = box.closest(".axl-explorer");
    const room = () => frame.getBoundingClientRect().right - box.getBoundingClientRect().left;
    if (!box.open || !frame) return;
    sheet.classList.toggle("axl-left", room() < 380);
    sheet.style.maxHeight = `${Math.max(180, window.innerHeight - box.getBoundingClientRect().bottom - 40)}px`;
  });
  const label = Object.fromEntries(spec.choices.map((choice) => [choice.value, choice.label]));
  return { node: box, set: (value) => {
    list.set(value);
    const names = (value || []).map((v) => label[v] || v);
    const few = names.length < 3 ? names.join(", ") : `${names[0]} and ${names.length - 1} more`;
    says.textContent = names.length ? few : spec.empty;
    box.classList.toggle("axl-set", names.length !== usual.length || usual.some((v) => !value.includes(v)));
  } };
}

function one(spec, change) {
  const select = make("select", { id: unique("one"), onchange: () => change(select.value) },
    ...spec.choices.map((choice) => make("option", { value: choice.value, title: choice.note }, choice.label)));
  const label = make("label", { for: select.id }, spec.label);
  return { node: make("span", { className: "axl-field", title: spec.help }, label, select),
    set: (value) => { select.value = value; } };
}

function flag(spec, change) {
  const box = make("input", { type: "checkbox", id: unique("flag"), onchange: () => change(box.checked) });
  return { node: make("span", { className: "axl-field", title: spec.help }, box, make("label", { for: box.id }, spec.label)),
    set: (value) => { box.checked = value; } };
}

function text(spec, change) {
  const input = make("input", {
    type: spec.kind, id: unique("text"),
    placeholder: spec.placeholder || "", size: spec.size || 7, autocomplete: "off" });
  const enter = () => change(input.value);
  input.addEventListener("change", enter);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") enter(); });
  const says = spec.kind === "search" && make("span", { className: "axl-found", role: "status" });
  let soon = 0;
  if (says) input.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(enter, 300); });
  return { node: make("span", { className: "axl-field", title: spec.help }, make("label", { for: input.id }, spec.label), input, says),
    say: (words) => { if (says) says.textContent = words; },
    set: (value) => { if (document.activeElement !== input || input.value !== String(value)) input.value = value; },
    wrong: (yes) => input.setAttribute("aria-invalid", yes) };
}

const KINDS = { tabs, many, checks, one, flag, text, search: text };

// Draws model.fields, keeps what did not change, and writes model.values when a person chose.
function fields(model, box) {
  const known = new Map();
  const change = (name) => (value) => {
    model.set("values", { ...model.get("values"), [name]: value });
    model.save_changes();
  };
  const enter = () => {
    const values = model.get("values"), wrong = model.get("wrong") || [];
    for (const [name, field] of known) {
      if (!field.gone) field.set(values[name]);
      if (field.wrong) field.wrong(wrong.includes(name));
      if (field.say) field.say(model.get("says"));
    }
  };
  const draw = () => {
    const focus = document.activeElement;
    const shown = model.get("fields").map((spec) => {
      const print = JSON.stringify(spec);
      if (known.get(spec.name)?.print !== print) known.set(spec.name, { ...KINDS[spec.kind](spec, change(spec.name)), print });
      known.get(spec.name).gone = false;
      return known.get(spec.name).node;
    });
    for (const field of known.values()) field.gone = !shown.includes(field.node);
    if (shown.some((node, i) => box.children[i] !== node) || box.children.length !== shown.length) {
      box.replaceChildren(...shown);
      if (box.contains(focus)) focus.focus();
    }
    enter();
  };
  model.on("change:fields", draw);
  model.on("change:values", enter);
  model.on("change:wrong", enter);
  model.on("change:says", enter);
  draw();
}

function form(model, el) {
  const box = make("div", { className: "axl-fields", role: "group", "aria-label": model.get("label") });
  const problem = make("div", { className: "axl-problem", role: "alert" });
  const gone = make("div", { className: "axl-problem axl-gone", role: "alert" });
  el.append(box, problem, gone);
  const live = () => { // a kernel that was stopped or restarted no longer answers
    const lost = Boolean(el.closest(".jupyter-widgets-disconnected")) || model.comm_live === false;
    if (gone.hidden === !lost) return;
    gone.hidden = !lost;
    gone.textContent = lost ? "The kernel of this notebook was stopped or restarted, so nothing here responds any more. Run this cell again: Shift+Enter." : "";
  };
  const watch = setInterval(live, 1000), theme = new MutationObserver(dark);
  function dark() { // plots are drawn in Python: it has to know
    const name = document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
    if (model.get("theme") !== name) { model.set("theme", name); model.save_changes(); }
  }
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  live();
  dark();
  fields(model, box);
  const say = () => { problem.textContent = model.get("problem"); problem.hidden = !model.get("problem"); };
  model.on("change:problem", say);
  say();
  return () => { clearInterval(watch); theme.disconnect(); };
}

const plotIn = (el) => [...(el.closest(".axl-explorer")?.querySelectorAll(".axl-picture .js-plotly-plot") || [])]
  .find((one) => one.offsetParent);

function save(name, words, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob([words], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The picture of a plot with the title that is above it on the page. plotly's own button copies
// data and layout at once, so that all can be put back.
function picture(plot, format) {
  const { layout } = plot, told = layout.meta?.picture, options = plot._context.toImageButtonOptions;
  const button = plot.querySelector(".modebar-btn[data-attr='toImage'], .modebar-btn[data-title*='PNG' i], .modebar-btn");
  if (!told || !button) return;
  const before = { title: layout.title, margin: layout.margin, width: layout.width, height: layout.height };
  const high = plot._fullLayout.height + told.room;
  Object.assign(layout, { title: told.title, margin: { ...layout.margin, t: told.top } });
  Object.assign(options, { format, width: told.width, height: high, scale: format === "png" ? 2 : 1 });
  button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  for (const [key, value] of Object.entries(before)) {
    if (value === undefined) delete layout[key]; else layout[key] = value;
  }
}

function tools(model, el) {
  let count = 0;
  const ask = (name) => () => { model.set("asked", `${name} ${Date.now()}-${++count}`); model.save_changes(); };
  const button = (words, press) => make("button", { type: "button", onclick: press }, words);
  const undo = button("Undo", ask("undo")), done = make("span", { role: "status" });
  const say = (name) => { done.textContent = `Downloaded as ${name}`; setTimeout(() => { done.textContent = ""; }, 8000); };
  const draw = (format) => () => {
    const plot = plotIn(el);
    if (!plot) return;
    picture(plot, format);
    say(`${plot._context.toImageButtonOptions.filename}.${format}`);
  };
  el.append(make("div", { className: "axl-buttons", role: "group", "aria-label": "Undo and download" }, undo, button("Reset", ask("reset")),
    button("Download data (CSV)", ask("csv")), button("Download picture (PNG)", draw("png")), button("Download picture (SVG)", draw("svg")), done));
  const past = () => { undo.disabled = !model.get("past"); };
  model.on("change:past", past);
  model.on("change:file", () => { const file = model.get("file"); if (file.text) { save(file.name, file.text, "text/csv;charset=utf-8"); say(file.name); } });
  past();
}

const LEAST = 910; // pixels that a chart's words need; a narrower frame shows it smaller, and whole

// Makes a plot as wide as its frame. plotly draws at a new width when the window changes, and asks the
// element for it: so the element gets the width, and plotly's handler is called.
function fit(plot) {
  const frame = plot?.closest(".axl-picture");
  if (!plot?._fullLayout || !frame?.clientWidth) return;
  const wide = Math.max(frame.clientWidth, LEAST), small = frame.clientWidth / wide;
  const holder = plot.parentElement;
  if (plot.style.width !== `${wide}px`) plot.style.width = `${wide}px`;
  plot.style.transform = small < 1 ? `scale(${small})` : "";
  plot.style.transformOrigin = "0 0";
  holder.style.height = `${Math.ceil(plot._fullLayout.height * small) + 2}px`;
  if (Math.abs(plot._fullLayout.width - wide) <= 1) return;
  delete plot.layout.width; // a chart whose layout names its width would not follow
  plot._responsiveChartHandler?.();
}

function caption(model, el) {
  const title = make("h3", { className: "axl-title" }), rule = make("p", { className: "axl-rule" });
  const lines = make("ul"), twin = make("details", { className: "axl-twin" }, make("summary", {}, "Text description"), lines);
  el.append(title, rule, twin);
  const name = () => { // the drawing itself is a picture with a name; what is in it is in words below
    const plot = plotIn(el);
    plot?.setAttribute("role", "figure");
    plot?.setAttribute("aria-label", (model.get("title") || model.get("rule")) + " (in words above the drawing)");
    return plot;
  };
  const draw = () => {
    title.textContent = model.get("title");
    title.hidden = !model.get("title");
    rule.textContent = model.get("rule");
    twin.hidden = !model.get("twin").length;
    lines.replaceChildren(...model.get("twin").map((line) => make("li", {}, line)));
    name();
  };
  model.on("change", draw);
  draw();
  const wait = setInterval(() => fit(name()), 200); // a new drawing has no name and is 700 px wide
  return () => clearInterval(wait);
}

function said(model, el) {
  const words = make("p", { className: "axl-said", role: "status" });
  const title = make("summary"), list = make("ul"), more = make("details", { className: "axl-twin" }, title, list);
  el.append(words, more);
  const draw = () => {
    fill(words, ...model.get("words").split("**").map((bit, i) => (i % 2 ? make("b", {}, bit) : bit)));
    words.hidden = !model.get("words");
    title.textContent = model.get("title");
    more.hidden = !model.get("items").length;
    fill(list, ...model.get("items").map((item) => make("li", {}, item)));
  };
  model.on("change", draw);
  draw();
}

function rows(model, el) {
  const body = make("tbody"), says = make("p", { className: "axl-count", role: "status" });
  const heads = ["statement", "who says so", "how it is put", "where", "table"];
  const names = make("tr", {}, ...heads.map((word) => make("th", { scope: "col" }, word)));
  const turn = (by) => () => { model.set("page", model.get("page") + by); model.save_changes(); };
  const back = make("button", { type: "button", onclick: turn(-1) }, "earlier rows");
  const on = make("button", { type: "button", onclick: turn(1) }, "later rows");
  const choose = (id) => { model.set("chosen", id); model.save_changes(); };
  const buttons = () => [...body.querySelectorAll("button")];
  body.addEventListener("keydown", (event) => {
    const all = buttons(), at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || !all[to]) return;
    event.preventDefault();
    all[at].tabIndex = -1;
    all[to].tabIndex = 0;
    all[to].focus();
  });
  const title = make("caption", {}, "Rows: choose one with the mouse, or with the arrow keys and Enter");
  el.append(make("div", { className: "axl-scroll" }, make("table", {}, title, make("thead", {}, names), body)),
    make("div", { className: "axl-pages" }, back, says, on));
  const mark = () => buttons().forEach((button) => {
    const here = button.dataset.id === model.get("chosen");
    button.closest("tr").classList.toggle("axl-here", here);
    if (here) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
  });
  const draw = () => {
    const list = model.get("rows"), focus = body.contains(document.activeElement);
    body.replaceChildren(...list.map((row, i) => make("tr", { onclick: () => choose(row.id) },
      make("td", {}, make("button", { type: "button", "data-id": row.id, tabIndex: i ? -1 : 0 }, row.statement)),
      make("td", {}, row.speaker), make("td", {}, row.sure), make("td", {}, row.where), make("td", {}, row.table))));
    if (focus) buttons()[0]?.focus();
    says.textContent = model.get("says");
    back.disabled = model.get("page") <= 0;
    on.disabled = model.get("page") >= model.get("pages") - 1;
    mark();
  };
  model.on("change:rows", draw);
  model.on("change:says", draw);
  model.on("change:chosen", mark);
  draw();
}

// Where the panel is beside chart and rows, it comes down to what was clicked.
function beside(box) {
  const main = box.closest(".axl-main"), chart = main?.querySelector(".axl-chart");
  if (!chart || chart.getBoundingClientRect().right > box.getBoundingClientRect().left) return;
  const seen = box.closest(".jp-WindowedPanel-outer")?.getBoundingClientRect().top || 0;
  const room = main.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
  const down = seen + 8 - box.getBoundingClientRect().top;
  box.style.marginTop = `${Math.max(0, Math.min(down, room))}px`;
}

function panel(model, el) {
  const box = make("section", { className: "axl-panel", "aria-label": "Evidence", tabindex: "0" });
  el.append(box);
  const ask = (id) => { model.set("asked", id); model.save_changes(); };
  const draw = () => {
    const view = model.get("view");
    box.style.marginTop = "0";
    if (!view.id) return void fill(box, make("p", { className: "axl-hint" }, view.hint));
    const at = view.among.indexOf(view.id), many = view.among.length > 1;
    const press = (words, id) => make("button", { type: "button", disabled: !id, onclick: () => ask(id) }, words);
    const [first, second] = axislibPanel.body(view, { words: (id) => view.words[id], paragraph: () => view.sentences, open: ask });
    first.querySelector(".axl-statement").setAttribute("role", "status");
    first.prepend(make("div", { className: "axl-kind" }, view.before && press("\u2190 back", view.before),
      make("span", {}, view.kind + (many ? ` \u00b7 row ${at + 1} of ${view.among.length} behind this point` : "")),
      many && press("previous", view.among[at - 1]), many && press("next", view.among[at + 1])));
    fill(box, first, second);
    beside(box);
    box.scrollIntoView({ block: "nearest" });
  };
  model.on("change:view", draw);
  draw();
}

function lines(model, el) {
  const box = make("div", { className: "axl-lines" });
  el.append(make("h3", {}, "Reproduce this view outside the explorer"), box);
  const draw = () => box.replaceChildren(...model.get("lines").map((line) => make("div", { className: "axl-line" },
    make("h4", {}, line.label),
    make("pre", { tabindex: "0", "aria-label": line.label, className: line.prose && "axl-prose" }, line.text),
    copy(() => line.text, line.label))));
  model.on("change:lines", draw);
  draw();
}

const PARTS = { form, tools, caption, said, rows, panel, lines };

export default {
  render({ model, el }) {
    // the notebook's own keys (d d, arrows, Enter) must not act in here; JupyterLab asks the very element that has the focus
    el.addEventListener("focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; });
    el.classList.add("axl-part", `axl-is-${model.get("part")}`);
    return PARTS[model.get("part")](model, el);
  },
};
