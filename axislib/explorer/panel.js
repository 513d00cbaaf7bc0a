// What is behind a row, drawn the same in the explorer and in the report.
// Whatever comes from a table is set as text, never as HTML.
const axislibPanel = (() => {
  function make(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name in node && typeof value !== "string") node[name] = value;
      else node.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
    }
    return fill(node, ...children);
  }

  function fill(node, ...children) {
    const empty = [undefined, null, false, ""];
    node.replaceChildren(...children.filter((child) => !empty.includes(child)));
    return node;
  }

  // A button that copies, also where a page has no clipboard of its own (from disk, or without https).
  function copy(words, what) {
    const button = make("button", { type: "button", className: "axl-copy" });
    const say = (shown, spoken = shown) => {
      button.textContent = shown;
      button.setAttribute("aria-label", spoken);
    };
    const rest = () => say("Copy", `Copy ${what}`);
    rest();
    button.addEventListener("click", async () => {
      let done = true;
      try {
        await navigator.clipboard.writeText(words());
      } catch {
        const area = make("textarea", { className: "axl-off", "aria-label": "Text to copy" });
        area.value = words();
        button.after(area);
        area.select();
        done = document.execCommand("copy");
        area.remove();
        button.focus({ preventScroll: true });
      }
      say(done ? "Copied" : "Select it and press Ctrl+C");
      setTimeout(rest, 2500);
    });
    return button;
  }

  const spelt = (locator) => locator.replace(/^P0*(\d+)\.S(\d+)$/, "paragraph $1, sentence $2");
  const part = (title, ...inside) => make("div", { className: "axl-part-of" }, make("h4", {}, title), ...inside);
  const list = (items) => make("ul", {}, ...items.map((item) => make("li", {}, ...[item].flat())));
  const pairs = (lines) => make("dl", {}, ...lines.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));

  function wording(view, known) {
    const short = (locator) => make("abbr", { title: spelt(locator) }, locator);
    const places = view.anchors.flatMap((locator, i) => [i ? ", " : "", known.place ? known.place(locator) : short(locator)]);
    const sentences = known.paragraph(view.anchors);
    if (!sentences.length) {
      const which = view.anchors.length > 1 ? "sentences" : "sentence";
      return make("p", { className: "axl-silent" }, `Original wording not included (${which} `, ...places, ")");
    }
    const words = sentences.flatMap((s) => [make(s.anchor ? "mark" : "span", { title: spelt(s.locator) }, s.words), " "]);
    return make("div", {}, make("blockquote", {}, ...words), known.place && make("p", {}, ...places));
  }

  function source({ words, url: address }) {
    if (!/^https?:\/\//.test(address)) return words;
    return make("a", { href: address, rel: "noreferrer", target: "_blank" }, words);
  }

  const otherwise = (reading) => [make("b", {}, reading.change), ` ${reading.why} `,
    make("i", {}, `What would settle it: ${reading.settle}`)];

  // The two halves of the panel. known: words(id), open(id), paragraph(locators) -> [{locator, words, anchor}],
  // and, where the page has places to lead to, place(locator) and row(id) -> a link.
  function body(view, known) {
    const link = (id) => make("button", { type: "button", className: "axl-link", onclick: () => known.open(id) }, known.words(id));
    const more = view.more.map(([name, value]) => [name, name === "ID" && known.row ? known.row(value) : value]);
    const first = make("div", { className: "axl-first" },
      make("p", { className: "axl-statement" }, view.statement),
      pairs(view.facts),
      view.anchors.length > 0 && part(view.anchors.length > 1 ? "The sentences" : "The sentence", wording(view, known)),
      view.sources.length > 0 && part("Source", list(view.sources.map(source))));
    const second = make("div", { className: "axl-second" },
      view.readings.length > 0 && part("Alternative codings", list(view.readings.map(otherwise))),
      ...view.links.map((group) => part(group.title, list([...group.to.map(link), group.more].filter(Boolean)))),
      part("More about this row", pairs(more)),
      part("How to cite this row", make("p", { className: "axl-cite" }, view.cite), copy(() => view.cite, "this row's citation")));
    return [first, second];
  }

  return { make, fill, copy, body, spelt };
})();
