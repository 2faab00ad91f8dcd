// The budgets of the Python code, for the JavaScript: a file of at most 250 lines, a function of at most 40. What has a
// name inside a function (a method of the object that it returns, say) counts for itself; a callback counts for its owner.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "acorn";

const FILE = 250;
const FUNCTION = 40;
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const files = readdirSync("static/js", { recursive: true })
  .map((name) => `static/js/${name}`)
  .filter((name) => name.endsWith(".js"))
  .sort();

const lines = (node) => node.loc.end.line - node.loc.start.line + 1;
const children = (node) => Object.values(node).flat().filter((child) => typeof child?.type === "string");

/** The named functions nearest below a node, as [name, node]. */
function named(node) {
  return children(node).flatMap((child) => {
    const name = child.id?.name ?? node.id?.name ?? node.key?.name;
    return FUNCTIONS.has(child.type) && name ? [[name, child]] : named(child);
  });
}

/** The named functions at any depth that are too long without those inside them, as "name (lines)". */
function long(node) {
  return named(node).flatMap(([name, found]) => {
    const inside = named(found).reduce((sum, [, inner]) => sum + lines(inner) - 1, 0);
    const own = lines(found) - inside;
    return [...(own > FUNCTION ? [`${name} (${own})`] : []), ...long(found)];
  });
}

const tree = (source) => parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true });

test("a long function is found, and only that", () => {
  const body = "x();\n".repeat(FUNCTION);
  assert.deepEqual(long(tree(`function f() {\n${body}}`)), ["f (42)"]);
  assert.deepEqual(long(tree(`const f = () => {\n g(() => {\n${body}});\n}`)), ["f (44)"]);
  assert.deepEqual(long(tree(`const f = () => ({\n m() {\n${"x();\n".repeat(30)}},\n n: () => {\n${"x();\n".repeat(30)}} });`)), []);
  assert.deepEqual(long(tree(`class A {\n m() {\n${body}}\n}`)), ["m (42)"]);
});

test("there are modules", () => assert.notEqual(files.length, 0));

for (const file of files) {
  test(`${file} can be read`, () => {
    const source = readFileSync(file, "utf8");
    assert.ok(source.split("\n").length - 1 <= FILE, "split it");
    assert.deepEqual(long(tree(source)), []);
  });
}
