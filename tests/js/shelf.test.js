// What a select of columns shows while nothing is chosen is what the server then takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { meaning } from "../../static/js/shelf.js";

const table = {
  columns: ["a", "b", "c", "kind", "y"], numbers: ["a", "b", "c", "y"], target: "y", suggested: ["b", "c"],
  classes: { kind: ["no", "yes"], a: [], b: [], c: [], y: [] },
};
const meant = (chosen) => meaning(table, (name) => ({ kind: "regression", ...chosen })[name] ?? null);

test("nothing chosen: the table's own target and features", () => {
  assert.deepEqual(meant({}), { target: "y", first: "b", second: "c", positive: "" });
});

test("a feature makes way for one that was chosen, and for the target", () => {
  assert.deepEqual([meant({ first: "c" }).first, meant({ first: "c" }).second], ["c", "b"]);
  assert.deepEqual([meant({ second: "b" }).first, meant({ target: "b" }).first], ["c", "c"]);
});

test("a classification takes a column that has classes, and its last class", () => {
  const { target, positive } = meant({ kind: "classification" });
  assert.deepEqual([target, positive], ["kind", "yes"]);
});
