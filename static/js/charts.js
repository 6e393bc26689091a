// Draws the charts of a page: each figure when it comes into view, from the specification that stands beside it.

const EXPORT_WIDTH = 1000;
const PAPER_WIDTH = 660;

/** Starts every chart of the page that it finds; without Plotly the tables stay as they are. */
function start() {
  if (!window.Plotly || !("IntersectionObserver" in window)) {
    return;
  }
  const waiting = new Map();
  const draw = (chart) => {
    const figure = waiting.get(chart);
    if (figure) {
      waiting.delete(chart);
      observer.unobserve(chart);
      drawFigure(figure, chart);
    }
  };
  const observer = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
    { rootMargin: "200px" },
  );
  for (const figure of document.querySelectorAll("figure[data-figure]")) {
    const chart = figure.querySelector(".app-figure__chart");
    prepare(figure, chart);
    waiting.set(chart, figure);
    observer.observe(chart);
  }
  // Paper shows the whole page, also what nobody has scrolled to, and is narrower than most windows.
  window.addEventListener("beforeprint", () => {
    [...waiting.keys()].forEach(draw);
    fit({ width: PAPER_WIDTH, autosize: false });
  });
  window.addEventListener("afterprint", () => fit({ width: null, autosize: true }));
}

/** Gives every chart that is drawn another width. */
function fit(size) {
  for (const chart of document.querySelectorAll(".app-figure__chart.js-plotly-plot")) {
    Plotly.relayout(chart, size);
  }
}

function specification(figure) {
  return JSON.parse(document.getElementById(`${figure.dataset.figure}-spec`).textContent);
}

/** Gives the chart its place, its name and its description, and closes the table that stood in for it. */
function prepare(figure, chart) {
  const id = figure.dataset.figure;
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-labelledby", `${id}-title`);
  chart.setAttribute("aria-describedby", `${id}-subtitle`);
  chart.style.minHeight = `${specification(figure).layout.height}px`;
  chart.hidden = false;
  figure.querySelector(".app-figure__data").open = false;
}

async function drawFigure(figure, chart) {
  try {
    const { data, layout, config } = specification(figure);
    await Plotly.newPlot(chart, data, layout, config);
  } catch (error) {
    console.error(`The chart ${figure.dataset.figure} cannot be drawn`, error);
    chart.hidden = true;
    figure.querySelector(".app-figure__data").open = true;
    return;
  }
  for (const button of figure.querySelectorAll("[data-download]")) {
    button.hidden = false;
    button.addEventListener("click", () => download(figure, chart, button.dataset.download));
  }
}

/** Saves the chart as a file that carries its title and its subtitle, because a file leaves the page behind. */
async function download(figure, chart, format) {
  const id = figure.dataset.figure;
  const svg = await exportedSvg(figure, chart);
  const blob = format === "png" ? await rasterised(svg) : new Blob([svg], { type: "image/svg+xml" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${id}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function exportedSvg(figure, chart) {
  const text = (part) => document.getElementById(`${figure.dataset.figure}-${part}`).textContent.trim();
  const synthetic = document.querySelector(".app-synthetic")?.dataset.label ?? "";
  const [titleLines, subtitleLines] = [lines(text("title"), 100), lines(`${text("subtitle")} ${synthetic}`, 140)];
  const above = 30 + 24 * titleLines.length + 20 * subtitleLines.length;
  const { margin, ...layout } = chart.layout;
  const height = layout.height + above;
  const title = {
    text: titleLines.join("<br>"),
    font: { size: 18 },
    subtitle: { text: subtitleLines.join("<br>"), font: { size: 13 } },
    x: 0.01,
    xanchor: "left",
    yref: "container",
    y: 1 - 10 / height,
    yanchor: "top",
  };
  return Plotly.toImage(
    { data: chart.data, layout: { ...layout, title, margin: { ...margin, t: margin.t + above } } },
    { format: "svg", width: EXPORT_WIDTH, height, imageDataOnly: true },
  );
}

/** Breaks a text at spaces into lines of at most so many characters, safe for Plotly, which reads a few tags. */
function lines(text, length) {
  const found = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${found.at(-1)} ${word}`.trim();
    if (longer.length > length && found.at(-1)) {
      found.push(word);
    } else {
      found[found.length - 1] = longer;
    }
  }
  return found.map((line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
}

/** Paints an SVG text on a canvas of twice its size. It goes in as a data: address, the only one our policy allows. */
async function rasterised(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

start();
