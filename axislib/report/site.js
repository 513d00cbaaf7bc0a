"use strict";
/* Draws the figures and opens, for any mark, the panel with the facts behind it. Needs facts.js; asks nothing of any network. */
(() => {
  const known = window.AXISLIB || { rows: {}, sentences: {}, tables: {} };
  const panel = document.getElementById("panel");
  const CONFIG = { displaylogo: false, showSendToCloud: false, responsive: true };
  let opener = null;
  let trail = [];

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") node.addEventListener("click", value);
      else if (value !== undefined) node.setAttribute(name, value);
    }
    // text only ever goes in as text: a statement with markup in it shows as it was written
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };

  const idsOf = (data) => {
    while (Array.isArray(data)) data = data[0];
    return typeof data === "string" ? data.split(";").filter(Boolean) : [];
  };

  const each = (value) => [...new Set(value)];

  /* ---- what the panel says ---- */

  function place(locator) {
    const sentence = known.sentences[locator];
    const link = make("a", { href: `reading.html#${locator}` }, locator);
    if (!sentence) return make("p", {}, locator);
    if (!sentence.words) return make("p", { class: "silent" }, "The text is not at hand: ", link);
    const paragraph = Object.keys(known.sentences).filter((other) => other.split(".")[0] === locator.split(".")[0]);
    const quote = make("blockquote");
    for (const other of paragraph) {
      const words = known.sentences[other].words || "[\u2026]";
      quote.append(other === locator ? make("mark", {}, words) : words, " ");
    }
    return make("div", {}, quote, make("p", {}, link));
  }

  function definitions(pairs) {
    return make("dl", {}, ...pairs.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  }

  const part = (title, ...children) => [make("h4", {}, title), ...children];

  function linked([label, target]) {
    const row = known.rows[target];
    return make("li", {}, make("small", {}, label),
      make("button", { type: "button", class: "linked", onclick: () => turn([target]) }, row ? row.title : target));
  }

  function reading(other) {
    return make("li", {}, make("b", {}, `${other.column}: ${other.alternative || "nothing"}`), make("p", {}, other.why),
      make("p", { class: "silent" }, `What would settle it: ${other.settle}`));
  }

  function sentence(locator) {
    const beside = Object.keys(known.rows).filter((id) => known.rows[id].sure && known.rows[id].anchors.includes(locator));
    return make("article", {}, make("h3", {}, `Sentence ${locator}`), place(locator),
      ...(beside.length ? part("Facts taken from it", make("ul", {}, ...beside.map((id) => linked(["", id])))) : []));
  }

  function article(id) {
    const row = known.rows[id];
    if (!row && known.sentences[id]) return sentence(id);
    if (!row) return make("article", {}, make("h3", {}, id), make("p", { class: "silent" }, "This id is not in the seed of this report."));
    const sign = { known: "\u25cf", presumed: "\u25d0", unclear: "\u25cb" }[row.certainty];
    const name = make("a", { href: `tables.html#${id}` }, id);
    return make("article", { "data-id": id },
      make("h3", {}, row.title),
      definitions([
        ["Who says so", row.speaker],
        ["How sure", row.sure],
        ["Certainty", row.certainty && `${sign} ${row.certainty}`],
        ["Basis", row.basis],
        ...(row.more || []),
        ["Table", known.tables[row.table]],
        ["Name", name],
        ["Layer", row.layer === known.own ? "" : row.layer],
      ]),
      ...(row.anchors.length ? part(row.anchors.length > 1 ? "The sentences" : "The sentence", ...row.anchors.map(place)) : []),
      ...(row.readings ? part("Other readings", make("ul", {}, ...row.readings.map(reading))) : []),
      ...(row.links ? part("Linked", make("ul", {}, ...row.links.map(linked))) : []),
      make("div", { class: "cite" }, make("span", {}, row.cite), " ", make("button", { type: "button", class: "copy" }, "Copy")));
  }

  /* ---- opening, turning, closing ---- */

  function show(ids) {
    panel.querySelector(".facts").replaceChildren(...ids.map(article));
    const many = ids.length > 1 ? ` (${ids.length})` : "";
    panel.querySelector("h2").textContent = (opener && opener.closest && opener.closest(".figure") ? "Behind this mark" : "In full") + many;
    panel.querySelector(".back").hidden = trail.length < 2;
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add("has-panel");
    panel.querySelector("h2").focus({ preventScroll: true });
  }

  function open(ids, from) {
    if (!ids.length || !panel) return;
    ring();
    if (panel.hidden || !panel.contains(document.activeElement)) opener = from;
    trail = [ids];
    show(ids);
  }

  function turn(ids) {
    trail.push(ids);
    show(ids);
  }

  function close() {
    if (!panel || panel.hidden) return;
    panel.hidden = true;
    ring();
    document.body.classList.remove("has-panel");
    if (opener && opener.focus) opener.focus({ preventScroll: true });
  }

  /* ---- copying, also where a page has no clipboard of its own (file:) ---- */

  async function copy(button) {
    const text = button.parentElement.querySelector("span").textContent;
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      const field = make("textarea", { "aria-label": "Text to copy" });
      field.value = text;
      button.after(field);
      field.select();
      done = document.execCommand("copy");
      field.remove();
    }
    button.textContent = done ? "Copied" : "Select the line and copy it";
    button.focus({ preventScroll: true });
    setTimeout(() => { button.textContent = "Copy"; }, 2500);
  }

  /* ---- figures ---- */

  /* Where a point is drawn, in pixels of the window: its own shape where plotly keeps one, else the spot it reports. */
  function outline(box, point) {
    const data = (box.calcdata || [])[point.curveNumber] || [];
    const datum = data.find((item) => item && item.i === point.pointNumber) || data[point.pointNumber];
    const shape = datum && [...box.querySelectorAll(".point, .points > *")].find((node) => node.__data__ === datum);
    if (shape) return shape.getBoundingClientRect();
    if (!point.bbox) return null;
    const { left, top } = box.getBoundingClientRect();
    const { x0, x1, y0, y1 } = point.bbox;
    return new DOMRect(left + x0, top + y0, x1 - x0, y1 - y0);
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

  function draw(box) {
    const figure = JSON.parse(document.getElementById(`${box.id}-data`).textContent);
    // the figure is as wide as the page, whatever it was drawn for
    delete figure.layout.width;
    figure.layout.autosize = true;
    return Plotly.newPlot(box, figure.data, figure.layout, CONFIG).then(() => {
      // the drawing is one picture with its words; the buttons beside it stay reachable
      box.querySelectorAll(".main-svg").forEach((layer, number) => {
        if (number) return layer.setAttribute("aria-hidden", "true");
        layer.setAttribute("role", "img");
        layer.setAttribute("aria-label", box.getAttribute("aria-label"));
      });
      box.setAttribute("aria-label", "Chart");
      box.tabIndex = -1;
      box.on("plotly_click", (event) => {
        open(each(event.points.flatMap((point) => idsOf(point.customdata))), box);
        ring(box, event.points[0]);
        Plotly.Fx.unhover(box);
      });
      box.on("plotly_relayout", () => ring());
      box.dataset.drawn = "yes";
    });
  }

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-ids], .copy, .show-code, #panel .close, #panel .back");
    if (!chosen) return;
    if (chosen.matches("[data-ids]")) {
      // a link stays a link: with Ctrl or Shift it opens the row's place in the tables
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(chosen.dataset.ids.split(";"), chosen);
    } else if (chosen.matches(".copy")) {
      copy(chosen);
    } else if (chosen.matches(".close")) {
      close();
    } else if (chosen.matches(".back")) {
      trail.pop();
      show(trail[trail.length - 1]);
    } else {
      const shown = chosen.getAttribute("aria-pressed") !== "true";
      chosen.setAttribute("aria-pressed", String(shown));
      chosen.textContent = shown ? "Hide the code" : "Show the code";
      document.querySelectorAll("details.code").forEach((code) => { code.open = shown; });
    }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  /* paper is narrower than the screen: drawings shrink as a whole, and are what they were afterwards */
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll(".twin").forEach((words) => { words.open = true; });
    document.querySelectorAll(".plot .main-svg").forEach((layer) => {
      const [width, height] = [layer.getAttribute("width"), layer.getAttribute("height")];
      layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
      layer.closest(".plot").style.setProperty("--wide", `${width} / ${height}`);
    });
  });
  window.addEventListener("afterprint", () => {
    document.querySelectorAll(".plot .main-svg").forEach((layer) => layer.removeAttribute("viewBox"));
  });

  document.querySelectorAll(".plot").forEach(draw);
})();
