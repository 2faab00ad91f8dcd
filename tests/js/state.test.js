// The query string is the whole state: what is turned, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { controls } from "../../static/js/schema.js";
import { applies, find, read, severalIn, share, turn, write } from "../../static/js/state.js";
import { SCHEMA } from "./knobs.js";

const list = controls(SCHEMA);

test("a query reads back as itself, sorted, whatever the order it came in", () => {
  const turned = read("?radius=0.4&problem.kind=table&problem.dataset=a%20b%26c&problem.standardise=false", list);
  assert.deepEqual(turned, { radius: 0.4, "problem.kind": "table", "problem.dataset": "a b&c", "problem.standardise": false });
  assert.equal(write(turned), "problem.dataset=a%20b%26c&problem.kind=table&problem.standardise=false&radius=0.4");
});

test("keys of other settings are typed by what their setting has chosen", () => {
  const turned = read("?problem.kind=table&problem.standardise=false&b.problem.kind=bowl&b.problem.angle=30&c.problem.standardise=true", list);
  assert.deepEqual([turned["b.problem.angle"], turned["c.problem.standardise"], turned["problem.standardise"]], [30, true, false]);
  assert.equal(severalIn(turned), true);
  assert.equal(severalIn(read("?radius=1&e.radius=2", list)), false, "there are four");
});

test("what is no number stays as it was written, for the server to refuse", () => {
  for (const text of ["abc", "NaN", "Infinity", "1e999", "0x10", " 1", "１"]) {
    assert.equal(read(`?radius=${encodeURIComponent(text)}`, list).radius, text);
  }
  assert.equal(read("?radius=1e-3", list).radius, 0.001);
});

test("of a linked pair only the last one turned is in the address", () => {
  const once = turn({ radius: 0.4 }, { strength: 0.1 }, list);
  assert.deepEqual(once, { strength: 0.1 });
  assert.deepEqual(turn(once, { radius: 1 }, list), { radius: 1 });
});

test("a knob inside a union travels with its kind", () => {
  assert.deepEqual(turn({}, { "problem.angle": 10 }, list), { "problem.angle": 10, "problem.kind": "bowl" });
});

test("another kind forgets what it does not have, and keeps what still means the same", () => {
  const bowl = { "problem.kind": "bowl", "problem.angle": 10, "problem.noise": 0.3, radius: 1 };
  assert.deepEqual(turn(bowl, { "problem.kind": "clouds" }, list), { "problem.kind": "clouds", "problem.noise": 0.3, radius: 1 });
  const loud = { ...bowl, "problem.noise": 3 };
  assert.deepEqual(turn(loud, { "problem.kind": "clouds" }, list), { "problem.kind": "clouds", radius: 1 }, "3 is out of its range");
});

test("another data set forgets the columns of the old one; a new target gives up its feature", () => {
  const table = { "problem.kind": "table", "problem.dataset": "diabetes", "problem.first": "bmi", "problem.standardise": false };
  assert.deepEqual(turn(table, { "problem.dataset": "wine" }, list), {
    "problem.kind": "table", "problem.dataset": "wine", "problem.standardise": false,
  });
  assert.ok(!("problem.first" in turn(table, { "problem.target": "bmi" }, list)));
  assert.equal(turn(table, { "problem.target": "age" }, list)["problem.first"], "bmi");
});

test("null returns a knob to its default, and nothing that was given is changed", () => {
  const before = Object.freeze({ "problem.kind": "table", "problem.first": "bmi" });
  assert.deepEqual(turn(before, { "problem.first": null }, list), { "problem.kind": "table" });
});

test("a control applies to its own variant alone", () => {
  assert.equal(find(list, "problem.noise", { "problem.kind": "clouds" }).max, 0.5);
  assert.equal(find(list, "problem.noise", {}).max, 10, "the default kind is the bowl");
  assert.equal(find(list, "problem.angle", { "problem.kind": "clouds" }), undefined);
  assert.ok(applies(list[0], list, {}));
});

test("a part is asked only about its own knobs", () => {
  const turned = { "problem.kind": "bowl", "problem.angle": 3, radius: 1 };
  assert.deepEqual(share(turned, ["problem"]), { "problem.kind": "bowl", "problem.angle": 3 });
  assert.deepEqual(share(turned, ["problem.kind", "radius"]), { "problem.kind": "bowl", radius: 1 });
});

test("a new target forgets the class of the old one; a new feature does not", () => {
  const schema = { properties: { problem: { oneOf: [{ properties: Object.fromEntries([["kind", { const: "table" }], ...[["target", "columns"], ["first", "columns"], ["positive", "classes"]].map(([name, source]) => [name, { type: "string", "x-knob": { source } }])]) }], default: { kind: "table" } } } };
  const columns = controls(schema);
  const before = { "problem.kind": "table", "problem.positive": "yes" };
  assert.equal(turn(before, { "problem.first": "a" }, columns)["problem.positive"], "yes");
  assert.ok(!("problem.positive" in turn(before, { "problem.target": "b" }, columns)));
});
