// Builds everything the pages link to into .build/static/built/: one style sheet, one minified module for each
// file in static/js/, the icons those refer to, and Plotly with its style sheet as a file.
import { copyFile, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import esbuild from "esbuild";
import * as sass from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const nhsuk = path.join(modules, "nhsuk-frontend", "dist", "nhsuk");
const output = path.join(root, ".build", "static", "built");
const require = createRequire(import.meta.url);

/** Compiles static/scss/site.scss and copies the images its url() values name. */
async function buildStyles() {
  const { css } = sass.compile(path.join(root, "static", "scss", "site.scss"), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
  });
  const foreign = css.match(/url\(["']?(?:https?:)?\/\/[^)]*\)|@import/);
  if (foreign) {
    throw new Error(`static/scss/site.scss: the compiled style sheet loads from elsewhere: ${foreign[0]}`);
  }
  await writeFile(path.join(output, "site.css"), css);
  const images = new Set([...css.matchAll(/url\(["']?images\/([\w.-]+)["']?\)/g)].map((match) => match[1]));
  for (const image of images) {
    await copyFile(path.join(nhsuk, "assets", "images", image), path.join(output, "images", image));
  }
  return `site.css (${kilobytes(css.length)}), ${images.size} icons`;
}

/** Bundles each module of static/js/ with the parts of nhsuk-frontend that it imports, and no more. */
async function buildModules() {
  const folder = path.join(root, "static", "js");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
  await esbuild.build({
    entryPoints: names.map((name) => path.join(folder, name)),
    outdir: output,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    logLevel: "warning",
  });
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(output, name))).size));
  return names.map((name, index) => `${name} (${kilobytes(sizes[index])})`).join(", ");
}

/**
 * Copies Plotly and writes the style rules it would otherwise insert into the page at run time, which the
 * Content-Security-Policy forbids. The rules are read from the script itself, so they always are of its version.
 */
async function buildPlotly() {
  const folder = path.dirname(require.resolve("plotly.js-basic-dist-min/package.json"));
  const script = path.join(folder, "plotly-basic.min.js");
  const css = plotlyStyles(await readFile(script, "utf8"));
  await copyFile(script, path.join(output, "plotly-basic.min.js"));
  await writeFile(path.join(output, "plotly.css"), css);
  return `plotly-basic.min.js, plotly.css (${kilobytes(css.length)})`;
}

function plotlyStyles(source) {
  const table = source.match(/=(\{"X,X div":(?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\});/);
  const scopes = { X: ".js-plotly-plot .plotly", Y: ".plotly-notifier" };
  if (!table || !source.includes("no-inline-styles")) {
    throw new Error("plotly-basic.min.js: its style rules are not where they were; read plotly.js's release notes");
  }
  const rules = [...table[1].matchAll(/(?:"([^"]+)"|([XY])):(?:"([^"]*)"|'([^']*)')/g)].map(
    ([, quoted, bare, double, single]) => [quoted ?? bare, double ?? single],
  );
  if (rules.length < 40) {
    throw new Error(`plotly-basic.min.js: only ${rules.length} style rules found, 40 or more expected`);
  }
  return rules
    .map(([selector, style]) => `${selector.replace(/[XY]/g, (scope) => scopes[scope])}{${style}}`)
    .join("\n");
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

await rm(output, { recursive: true, force: true });
await mkdir(path.join(output, "images"), { recursive: true });
for (const [label, step] of [
  ["styles ", buildStyles],
  ["modules", buildModules],
  ["charts ", buildPlotly],
]) {
  try {
    console.log(`${label}  ${await step()}`);
  } catch (error) {
    console.error(`${label}  failed: ${error.message}`);
    process.exit(1);
  }
}
