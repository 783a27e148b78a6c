// Draws every chart of the page from its option and shows the switch between chart and table. Colours are the tokens
// of the style sheet, so a chart is drawn anew when the theme changes, and in light colours for paper. A script that
// replaces a part of the page sends the event "charts:refresh" to the document: new charts are drawn, gone ones let go.
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

  // How many times larger than on a page a chart is drawn: the style sheet's --chart-scale, for a root font of 16 pixels.
  const scaleOf = (place) => {
    const asked = Number.parseFloat(getComputedStyle(place).getPropertyValue("--chart-scale"));
    return asked ? (asked * Number.parseFloat(getComputedStyle(root).fontSize)) / 16 : 1;
  };

  const made = (place) => {
    const picture = place.querySelector(".chart-picture");
    const table = place.querySelector(".chart-table");
    const option = JSON.parse(place.querySelector("script[type='application/json']").textContent);
    const choices = [...place.querySelectorAll("[data-chart-view]")];

    picture.style.height = `${picture.dataset.height}px`;
    picture.hidden = false;
    table.hidden = true;
    place.querySelector("[data-chart-switch]").hidden = false;
    const size = () => {
      const scale = scaleOf(place);
      return { width: picture.clientWidth / scale, height: picture.clientHeight / scale };
    };
    const devicePixelRatio = window.devicePixelRatio * scaleOf(place);
    const drawing = window.echarts.init(picture, null, { renderer: "canvas", devicePixelRatio, ...size() });

    const draw = (tokens) => drawing.setOption(inColours(option, tokens), { notMerge: true });
    const fit = () => {
      if (!picture.clientWidth) return;
      const scale = scaleOf(place);
      picture.firstElementChild.style.transform = scale === 1 ? "" : `scale(${scale})`;
      drawing.resize(size());
    };
    const show = (view) => {
      picture.hidden = view === "table";
      table.hidden = view !== "table";
      for (const one of choices) one.setAttribute("aria-pressed", String(one.dataset.chartView === view));
      fit();
    };
    for (const one of choices) one.addEventListener("click", () => show(one.dataset.chartView));
    fit();
    const sizes = new ResizeObserver(fit);
    sizes.observe(picture);
    const end = () => {
      sizes.disconnect();
      drawing.dispose();
    };
    return { draw, end };
  };

  const charts = new Map();
  const drawAll = () => charts.forEach(({ draw }, place) => draw(getComputedStyle(place)));
  const drawForPaper = () => charts.forEach(({ draw }) => draw(getComputedStyle(paper)));
  const refresh = () => {
    for (const [place, { end }] of charts) {
      if (place.isConnected) continue;
      end();
      charts.delete(place);
    }
    for (const place of document.querySelectorAll("[data-chart]")) {
      if (charts.has(place)) continue;
      const chart = made(place);
      charts.set(place, chart);
      chart.draw(getComputedStyle(place));
    }
  };

  refresh();
  document.addEventListener("charts:refresh", refresh);
  new MutationObserver(drawAll).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  const forced = window.matchMedia("(forced-colors: active)");
  if (forced.addEventListener) forced.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", drawForPaper);
  window.addEventListener("afterprint", drawAll);
})();
