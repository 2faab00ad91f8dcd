// What is turned while a training runs: written once for each knob and moment, and what holds when.
import assert from "node:assert/strict";
import { test } from "node:test";
import { held, read, turned, written } from "../../static/js/changes.js";

const at = (moment, name, value) => ({ moment, name, value });

test("it is read as the server reads it, in the order of the moments", () => {
  assert.deepEqual(read("60:l2=1e-2, 40:rate=0.3"), [at(40, "rate", 0.3), at(60, "l2", 0.01)]);
  assert.deepEqual(read(""), []);
  assert.deepEqual(read(null), []);
  assert.deepEqual(read("40:rate,forty:rate=1,:=,40:rate=0.3"), [at(40, "rate", 0.3)]);
});

test("it is written in one way, whatever was turned first", () => {
  const both = [at(60, "rate", 0.5), at(40, "rate", 0.3), at(40, "l2", 0)];
  assert.equal(written(both), "40:l2=0,40:rate=0.3,60:rate=0.5");
  assert.deepEqual(read(written(both)), [at(40, "l2", 0), at(40, "rate", 0.3), at(60, "rate", 0.5)]);
});

test("what was turned last, at the latest now, holds", () => {
  const changes = read("40:rate=0.3,60:rate=0.5,50:l2=1");
  assert.deepEqual([39, 40, 59, 60, 99].map((moment) => held(changes, "rate", moment)), [undefined, 0.3, 0.3, 0.5, 0.5]);
  assert.equal(held(changes, "l1", 99), undefined);
});

test("of one knob at one moment the later turn stays, others are left alone", () => {
  const changes = read("40:rate=0.3,40:l2=1,60:rate=0.5");
  assert.equal(written(turned(changes, at(40, "rate", 0.7), 0.1)), "40:l2=1,40:rate=0.7,60:rate=0.5");
  assert.equal(written(turned(changes, at(50, "rate", 0.7), 0.1)), "40:l2=1,40:rate=0.3,50:rate=0.7,60:rate=0.5");
});

test("what changes nothing is no change", () => {
  const changes = read("40:rate=0.3");
  assert.equal(written(turned(changes, at(40, "rate", 0.1), 0.1)), "");
  assert.equal(written(turned(changes, at(60, "rate", 0.3), 0.1)), "40:rate=0.3");
  assert.equal(written(turned(changes, at(60, "rate", 0.1), 0.1)), "40:rate=0.3,60:rate=0.1");
});
