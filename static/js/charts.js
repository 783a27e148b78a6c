// Draws every chart of the page from its option and shows the switch between chart and table. Colours are the tokens
// of the style sheet, so a chart is drawn anew when the theme changes, and in light colours for paper.
(() => {
  if (!window.echarts) return;
  const root = document.documentElement;
  const paper = document.createElement("div");
  paper.dataset.bsTheme = "light";
  paper.hidden = true;
  document.body.append(paper);

  // The option with values in the place of token names such as var:accent.
  const inColours = (option, tokens) => {
    if (Array.isArray(option)) return option.map((one) => inColours(one, tokens));
    if (option && typeof option === "object") {
      return Object.fromEntries(Object.entries(option).map(([key, one]) => [key, inColours(one, tokens)]));
    }
    const isToken = typeof option === "string" && option.startsWith("var:");
    return isToken ? tokens.getPropertyValue(`--${option.slice(4)}`).trim() : option;
  };

  const charts = [...document.querySelectorAll("[data-chart]")].map((place) => {
    const picture = place.querySelector(".chart-picture");
    const table = place.querySelector(".chart-table");
    const option = JSON.parse(place.querySelector("script[type='application/json']").textContent);
    const choices = [...place.querySelectorAll("[data-chart-view]")];

    picture.style.height = `${picture.dataset.height}px`;
    picture.hidden = false;
    table.hidden = true;
    place.querySelector("[data-chart-switch]").hidden = false;
    const drawing = window.echarts.init(picture, null, { renderer: "canvas" });

    const draw = (tokens) => drawing.setOption(inColours(option, tokens), { notMerge: true });
    const fit = () => {
      if (picture.clientWidth) drawing.resize();
    };
    const show = (view) => {
      picture.hidden = view === "table";
      table.hidden = view !== "table";
      for (const one of choices) one.setAttribute("aria-pressed", String(one.dataset.chartView === view));
      fit();
    };
    for (const one of choices) one.addEventListener("click", () => show(one.dataset.chartView));
    new ResizeObserver(fit).observe(picture);
    return { draw, place };
  });

  const drawAll = () => charts.forEach(({ draw, place }) => draw(getComputedStyle(place)));
  const drawForPaper = () => charts.forEach(({ draw }) => draw(getComputedStyle(paper)));

  drawAll();
  new MutationObserver(drawAll).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  const forced = window.matchMedia("(forced-colors: active)");
  if (forced.addEventListener) forced.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", drawForPaper);
  window.addEventListener("afterprint", drawAll);
})();
