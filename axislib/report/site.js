"use strict";
/* Draws the figures and opens, for any mark, the panel with the facts behind it. Needs facts.js; asks nothing of any network. */
(() => {
  const known = window.AXISLIB || { rows: {}, sentences: {} };
  const { make, copy, body } = axislibPanel;
  const panel = document.getElementById("panel");
  const CONFIG = { displaylogo: false, showSendToCloud: false, responsive: true };
  let opener = null;
  let trail = [];

  const idsOf = (data) => {
    while (Array.isArray(data)) data = data[0];
    return typeof data === "string" ? data.split(";").filter(Boolean) : [];
  };

  const each = (value) => [...new Set(value)];

  /* ---- what the panel says: panel.js writes it, for the explorer as well ---- */

  const paragraphOf = (locator) => locator.slice(0, locator.lastIndexOf("."));

  const site = {
    words: (id) => known.rows[id].statement,
    open: (id) => turn([id]),
    place: (locator) => make("a", { href: `reading.html#${locator}` }, locator),
    row: (id) => make("a", { href: `${known.rows[id].kind === "Sentences" ? "reading" : "tables"}.html#${id}` }, id),
    paragraph(anchors) {
      if (!anchors.some((locator) => known.sentences[locator])) return [];
      const wanted = anchors.map(paragraphOf);
      return Object.keys(known.sentences).filter((locator) => wanted.includes(paragraphOf(locator))).map((locator) => (
        { locator, words: known.sentences[locator] || `[${locator}]`, anchor: anchors.includes(locator) }));
    },
  };

  function article(id) {
    const view = known.rows[id];
    const kind = make("p", { className: "axl-kind" }, view ? view.kind : id);
    if (!view) return make("article", {}, kind, make("p", { className: "silent" }, "This ID is not in this report."));
    return make("article", { "data-id": id, "aria-label": view.statement }, kind, ...body(view, site));
  }

  /* ---- opening, turning, closing ---- */

  function show(ids) {
    panel.querySelector(".facts").replaceChildren(...ids.map(article));
    const many = ids.length > 1 ? ` (${ids.length})` : "";
    panel.querySelector("h2").textContent = `Evidence${many}`;
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
    const figure = JSON.parse(box.closest("figure").querySelector("script").textContent);
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
    const chosen = event.target.closest("[data-ids], .show-code, #panel .close, #panel .back");
    if (!chosen) return;
    if (chosen.matches("[data-ids]")) {
      // a link stays a link: with Ctrl or Shift it opens the row's place in the tables
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(chosen.dataset.ids.split(";"), chosen);
    } else if (chosen.matches(".close")) {
      close();
    } else if (chosen.matches(".back")) {
      trail.pop();
      show(trail[trail.length - 1]);
    } else {
      const shown = chosen.getAttribute("aria-pressed") !== "true";
      chosen.setAttribute("aria-pressed", String(shown));
      chosen.textContent = shown ? "Hide the code" : "Show the code";
      document.body.classList.toggle("with-code", shown);
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

  document.querySelectorAll("main .cite").forEach((cite) => {
    cite.append(copy(() => cite.firstElementChild.textContent, "the citation"));
  });
  document.querySelectorAll(".plot").forEach(draw);
})();
