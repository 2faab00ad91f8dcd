// What a link hides: names of controls and of groups around them, what a reset leaves, and the shortest link that hides it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { elsewhere, named } from "../../static/js/chooser.js";
import { dragged, free, led, nudged } from "../../static/js/grips.js";
import { count, left, takesTables } from "../../static/js/hiding.js";
import { controls } from "../../static/js/schema.js";
import { hidden, hides, read, severalIn, share, turn, write } from "../../static/js/state.js";
import { SCHEMA } from "./knobs.js";

const list = controls(SCHEMA);

test("a name hides its control, that of a group all below it, and nothing that only begins alike", () => {
  const turned = read("?hide=problem, radius,,&strength=1", list);
  assert.deepEqual(hidden(turned), ["problem", "radius"]);
  assert.deepEqual(["problem.kind", "problem.angle", "radius", "strength"].map((key) => hides(turned, key)), [true, true, true, false]);
  assert.ok(!hides({ hide: "rad" }, "radius") && !hides({ hide: "problem.kin" }, "problem.kind") && !hides({}, "radius"));
});

test("it is part of the state: written with its commas, kept by every turn, of no part and of no other setting", () => {
  const turned = read("?hide=problem.kind%2Cexport&problem.kind=table", list);
  assert.equal(write(turn(turned, { radius: 1 }, list)), "hide=problem.kind,export&problem.kind=table&radius=1");
  assert.equal(turn(turned, { "problem.kind": "bowl" }, list).hide, "problem.kind,export");
  assert.deepEqual(share(turned, ["problem", "radius"]), { "problem.kind": "table" });
  assert.ok(!severalIn(turned));
});

test("a reset leaves what is hidden, with its kind, unless that kind is reset", () => {
  const turned = { hide: "problem,strength", "problem.kind": "table", "problem.first": "bmi", strength: 0.1, "b.radius": 2 };
  assert.deepEqual(left(turned, list), { "problem.kind": "table", "problem.first": "bmi", strength: 0.1 });
  assert.deepEqual(left({ ...turned, hide: "problem.first" }, list), {});
  assert.deepEqual(left({ hide: "problem.angle", "problem.kind": "bowl", "problem.angle": 5 }, list), { "problem.kind": "bowl", "problem.angle": 5 });
});

test("what is left out now is counted, tools too, each once", () => {
  assert.equal(count({ hide: "radius,export,export,compare" }, list), 3);
  assert.equal(count({ hide: "problem,problem.kind" }, list), 4, "the kind, and three of the bowl");
  assert.equal(count({ hide: "problem.first" }, list), 0, "a bowl has no columns");
});

test("a table of one's own can be chosen unless something hidden would have to be turned", () => {
  assert.deepEqual(["", "problem.dataset", "problem.kind"].map((hide) => takesTables({ hide }, list)), [true, false, false]);
  assert.ok(takesTables({ hide: "problem.kind", "problem.kind": "table" }, list));
});

test("the link names a group where all of it goes, else its controls; what does not apply now stays hidden", () => {
  const keys = ["radius", "a.kind", "a.x", "a.rule.kind", "a.rule.y", "export"];
  assert.deepEqual(named(keys, []), []);
  assert.deepEqual(named(keys, ["a.kind", "radius"]), ["a.kind", "radius"]);
  assert.deepEqual(named(keys, ["a.rule.kind", "a.rule.y", "a.x", "export"]), ["a.rule", "a.x", "export"]);
  assert.deepEqual(named(keys, keys), ["radius", "a", "export"]);
  assert.deepEqual(elsewhere(["a", "radius", "a.z", "b", "export"], keys), ["a.z", "b"]);
});

test("a handle turns what is not hidden, and is gone where that is nothing", () => {
  const find = (gone) => (key) => (gone.includes(key) ? undefined : list.find((one) => one.key === key));
  const point = { kind: "point", at: [1, 1], knobs: { x: "radius", y: "problem.noise" } };
  const half = free(point, find(["radius"]));
  assert.deepEqual(led(half, [3, 4]), [1, 4], "it stays on its line");
  assert.deepEqual(dragged(half, [3, 4], find(["radius"])), { "problem.noise": 4 });
  assert.equal(nudged(half, "ArrowRight", false, () => 1, find(["radius"])), null);
  assert.equal(free(point, find(["radius", "problem.noise"])), null);
  assert.equal(free({ kind: "ray", at: [1, 0], knob: "radius" }, find(["radius"])), null);
  assert.ok(free({ kind: "ray", at: [1, 0], knob: "radius" }, find(["strength"])), "a linked knob has a name of its own");
});
