// A click on a chart of a notebook shows, below the chart, the rows behind what was clicked. Whatever comes from a table is set as text.
if (!window.axislibAnswers) {
  window.axislibAnswers = true;
  const line = (tag, words) => Object.assign(document.createElement(tag), { textContent: words });
  document.addEventListener("click", ({ target }) => {
    const plot = target.closest?.(".js-plotly-plot"), mark = plot?._hoverdata?.[0]?.customdata;
    const told = plot?.layout?.meta?.rows || {};
    const rows = typeof told === "string" ? JSON.parse(told) : told; // very many come as one text
    const ids = String([mark].flat(2)[0] ?? "").split(";").filter((id) => rows[id]);
    if (!ids.length || plot.closest(".axl-explorer")) return; // the explorer has its own panel
    const box = plot.querySelector(".axl-answer") || plot.appendChild(line("ul", ""));
    box.className = "axl-answer";
    box.style.cssText = "margin: 0; padding: 8px 24px; border-top: 2px solid; font: 15px/1.4 sans-serif";
    box.setAttribute("role", "status");
    box.replaceChildren(...ids.map((id) => {
      const { statement, speaker, how, sentences } = rows[id], item = line("li", "");
      const where = [sentences].flat().filter(Boolean).join(", ");
      item.append(line("b", statement), ` ${[speaker, how].filter(Boolean).join(": ")}${where && ` (${where})`} `, line("code", id));
      return item;
    }));
    box.scrollIntoView({ block: "nearest" });
  }, true);
}
