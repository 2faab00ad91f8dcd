/** Taking the picture elsewhere: image, numbers, link, code. Loaded when the menu is first used. */

import { ask } from "./api.js";
import { showText } from "./dialog.js";
import { poster, rastered } from "./poster.js";
import { csv } from "./table.js";
import { swatch } from "./legend.js";
import { say } from "./words.js";
import { write } from "./state.js";

/** @typedef {import("./lab.js").LabPage} LabPage */
/** @typedef {{lab: LabPage, panel: string, plotlyUrl: string}} Scene panel: one figure, or "" for all */

/** @type {Record<string, (scene: Scene) => unknown>} */
const WAYS = {
  png: async (scene) => download(name(scene, "png"), await rastered(await poster(scene))),
  svg: async (scene) => save(name(scene, "svg"), (await poster(scene)).svg, "image/svg+xml"),
  csv: (scene) => save(name(scene, "csv"), table(scene), "text/csv"),
  json: ({ lab }) => Promise.all(parts(lab).map(async ({ file, url }) =>
    save(`${lab.page.slug}-${file}.json`, JSON.stringify(await ask(url), null, 1), "application/json"))),
  weights: ({ lab }) => Promise.all(lab.settings.map(async (one, i) =>
    save(`${lab.page.slug}-${i ? `${"abcd"[i]}-` : ""}weights.json`, JSON.stringify((await ask(one.address("weights"))).numbers, null, 1), "application/json"))),
  html: async (scene) => save(name(scene, "html"), standalone(scene, await ask(scene.plotlyUrl)), "text/html"),
  python: async ({ lab }) => showText(say("python"), (await Promise.all(lab.settings.map((one, i) => script(lab, one.turned, i)))).join("\n\n")),
  curl: ({ lab }) => showText(say("curl"), parts(lab).map(({ url }) => `curl '${new URL(url, location.href)}'`).join("\n")),
  link: () => showText(say("link"), location.href),
  choose: async ({ lab }) => (await import("./chooser.js")).choose(lab),
};

/** @param {string} way @param {Scene} scene */
export const exportAs = (way, scene) => WAYS[way]?.(scene);

/** @param {Scene} scene @param {string} format */
const name = ({ lab, panel }, format) => `${[lab.page.slug, panel].filter(Boolean).join("-")}.${format}`;

/** The parts of all settings: what their file is called, and where to ask for them. @param {LabPage} lab */
const parts = (lab) =>
  lab.settings.flatMap((setting, i) => Object.keys(lab.page.parts).map((part) => ({ file: i ? `${"abcd"[i]}-${part}` : part, url: setting.address(part) })));

/** @param {LabPage} lab @param {Turned} turned @param {number} i */
async function script(lab, turned, i) {
  const code = await ask(`/api/v1/labs/${lab.page.slug}/python?${write(turned)}`);
  return lab.settings.length > 1 ? `# ${say("setting", { name: "ABCD"[i] })}\n${code}` : code;
}

/** What is drawn: a row for each point, by setting and figure. @param {Scene} scene */
function table({ lab }) {
  const blocks = lab.columns.flatMap(({ figures }, i) => [...figures].map(([panel, figure]) => csv(figure.whole, ["ABCD"[i], panel])));
  return ["setting,figure,role,item,x,y,z", ...blocks.flat()].join("\n") + "\n";
}

/** One file that draws the figures without a network. @param {Scene} scene @param {string} plotly */
function standalone({ lab }, plotly) {
  const figures = lab.columns.flatMap((column, i) => lab.page.figures.map(({ name, label, aspect }) => ({ column, name, aspect, label: lab.columns.length > 1 ? `${"ABCD"[i]}: ${label}` : label })));
  const blocks = figures.map(({ column, name, label, aspect }, i) => block(column, name, label, `<div id="figure-${i}" style="aspect-ratio:${aspect === "wide" ? 2 : 1}"></div>`));
  const drawn = figures.map(({ column, name }) => column.figures.get(name)?.dressed("light"));
  const json = JSON.stringify(drawn).replaceAll("<", "\\u003c");
  const title = escaped(lab.page.title);
  return `<!doctype html>
<html lang="${document.documentElement.lang}"><meta charset="utf-8"><title>${title}</title>
<style>body{font:15px/1.45 system-ui,sans-serif;color:#1b1e22}main{display:grid;grid-template-columns:repeat(${lab.columns.length},minmax(0,1fr));grid-auto-flow:column;grid-template-rows:repeat(${lab.page.figures.length},auto);gap:1.5rem;max-width:${800 * lab.columns.length}px}h2{font-size:1.05rem}ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem}li svg{width:26px;height:20px;vertical-align:middle}</style>
<h1>${title}</h1><p><a href="${encodeURI(location.href).replaceAll("&", "&amp;")}">${escaped(say("turn_its_knobs"))}</a></p>
<main>${blocks.join("\n")}</main>
<script>${plotly.replaceAll("</script", "<\\/script")}</script>
<script>${json}.forEach(({data, layout}, i) => Plotly.newPlot("figure-" + i, data, layout, {showSendToCloud: false, displaylogo: false, responsive: true}));</script>
</html>
`;
}

/** @param {import("./column.js").Column} column @param {string} panel @param {string} label @param {string} place */
function block(column, panel, label, place) {
  const { objective, outcome, roles } = column.words(panel);
  const figure = column.figures.get(panel);
  const entries = roles.map(({ role, words }) => `<li>${figure ? swatch(role, figure, "light").outerHTML : ""} ${escaped(words)}</li>`);
  return `<section><h2>${escaped(label)}</h2>${place}<p>${escaped(objective)}</p><p>${escaped(outcome)}</p><ul>${entries.join("")}</ul></section>`;
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

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
