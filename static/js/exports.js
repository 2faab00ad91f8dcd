/** Taking the picture elsewhere: image, numbers, link, code. Loaded when the menu is first used. */

import { ask } from "./api.js";
import { showText } from "./dialog.js";
import { csv } from "./table.js";

/** @typedef {{slug: string, title: string, query: string, plotlyUrl: string, parts: {name: string, url: string}[], figure: import("./figure.js").Figure}} Scene */

/** @type {Record<string, (scene: Scene) => unknown>} */
const WAYS = {
  png: (scene) => image(scene, "png"),
  svg: (scene) => image(scene, "svg"),
  csv: (scene) => save(`${scene.slug}.csv`, csv(scene.figure.whole), "text/csv"),
  json: (scene) => Promise.all(scene.parts.map(async ({ name, url }) =>
    save(`${scene.slug}-${name}.json`, JSON.stringify(await ask(url), null, 1), "application/json"))),
  html: async (scene) => save(`${scene.slug}.html`, standalone(scene, await ask(scene.plotlyUrl)), "text/html"),
  python: async (scene) => showText("The same in Python", await ask(`/api/v1/labs/${scene.slug}/python?${scene.query}`)),
  curl: (scene) => showText("The same with curl", scene.parts.map(({ url }) => `curl '${new URL(url, location.href)}'`).join("\n")),
  link: () => showText("A link to this view", location.href),
};

/** @param {string} way @param {Scene} scene */
export const exportAs = (way, scene) => WAYS[way]?.(scene);

/** @param {Scene} scene @param {"png" | "svg"} format */
async function image({ slug, figure }, format) {
  const { data, layout } = figure.dressed("light");
  const paper = { ...layout, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { ...layout.font, color: "#1a1a1a" } };
  const url = await window.Plotly.toImage({ data, layout: paper }, { format, width: 800, height: 800, scale: format === "png" ? 2 : 1 });
  download(`${slug}.${format}`, url);
}

/** One file that draws the figure without a network. @param {Scene} scene @param {string} plotly */
function standalone({ title, figure }, plotly) {
  const { data, layout } = figure.dressed("light");
  const json = JSON.stringify([data, layout]).replaceAll("<", "\\u003c");
  const words = title.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${words}</title>
<h1>${words}</h1><p><a href="${encodeURI(location.href).replaceAll("&", "&amp;")}">Turn its knobs</a></p>
<div id="figure" style="width:min(100%,800px);aspect-ratio:1"></div>
<script>${plotly.replaceAll("</script", "<\\/script")}</script>
<script>Plotly.newPlot("figure", ...${json}, {showSendToCloud: false, displaylogo: false, responsive: true});</script>
</html>
`;
}

/** @param {string} name @param {string} text @param {string} type */
function save(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  download(name, url);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {string} name @param {string} href */
function download(name, href) {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.download = name;
  anchor.click();
}
