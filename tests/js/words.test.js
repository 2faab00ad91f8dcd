// What the page says is one catalogue: nothing that is asked for is missing, nothing lies there unused, none is in a module.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "acorn";
import { say, speak } from "../../static/js/words.js";

const catalogue = JSON.parse(readFileSync("templates/words.json", "utf8"));
const modules = readdirSync("static/js").filter((name) => name.endsWith(".js") && name !== "docs.js");
const source = (name) => readFileSync(`static/js/${name}`, "utf8");
const children = (node) => Object.values(node).flat().filter((child) => typeof child?.type === "string");
const nodes = (node) => [node, ...children(node).flatMap(nodes)];

// Names that are said through a variable: the buttons of a stepper and of a transport.
const INDIRECT = ["less", "more", "start", "back", "forward", "play", "pause", "yes", "no"];

test("every sentence that is asked for is there, and every one that is there is asked for", () => {
  const calls = modules.flatMap((name) => [...source(name).matchAll(/\b(?:say|complain)\(("[^"]+"|[^)]*?\? "[^"]+" : "[^"]+"|[^)"]*\? )?/g)]);
  const literal = calls.flatMap(([, one]) => [...(one ?? "").matchAll(/"([a-z_]+)"/g)].map(([, name]) => name));
  assert.deepEqual([...new Set([...literal, ...INDIRECT])].sort(), Object.keys(catalogue).sort());
});

test("the catalogue is sorted, and cannot end the element that carries it", () => {
  assert.deepEqual(Object.keys(catalogue), Object.keys(catalogue).toSorted());
  assert.ok(!/<|&/.test(JSON.stringify(catalogue)));
});

test("no module has words for people of its own", () => {
  const told = modules.flatMap((name) => {
    const tree = parse(source(name), { ecmaVersion: "latest", sourceType: "module" });
    const texts = nodes(tree).flatMap((node) => (node.type === "Literal" && typeof node.value === "string" ? [node.value] : node.type === "TemplateElement" ? [node.value.cooked] : []));
    return texts.filter((text) => /^[A-Z][a-z]+( [a-z]+)+|[a-z]{2,} [a-z]{2,}[.:…]$/.test(text)).map((text) => `${name}: ${text}`);
  });
  assert.deepEqual(told, []);
});

test("gaps are filled", () => {
  speak({ a: "{x} of {y}" });
  assert.equal(say("a", { x: 1, y: "two" }), "1 of two");
});
