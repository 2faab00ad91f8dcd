/** Roles that a page did not bring: fetched once, before what needs them is drawn. */

import assert from "node:assert/strict";
import test from "node:test";

import { dressable } from "../../static/js/roles.js";

const ball = { label: "ball", light: {}, dark: {} };
const late = { label: "late", light: { line: { color: "#d55e00" } }, dark: {} };
const share = (/** @type {string[]} */ ...names) => ({ data: [{ meta: { role: names[0] } }], layout: { shapes: names.slice(1).map((name) => ({ name })) } });
const answer = (/** @type {string[]} */ ...names) => /** @type {any} */ ({ figures: { plane: share(...names) } });

/** The addresses that are asked for while something is done. @param {() => Promise<unknown>} act */
async function asked(act) {
  const real = globalThis.fetch;
  /** @type {string[]} */
  const urls = [];
  globalThis.fetch = async (url) => (urls.push(String(url)), Response.json({ ball, late }));
  await act().finally(() => (globalThis.fetch = real));
  return urls;
}

test("an answer whose roles are known asks for nothing", async () => {
  const roles = { ball };
  assert.deepEqual(await asked(() => dressable(answer("ball", "ball"), roles)), []);
});

test("an answer with another role waits for all roles, beside the modules, once", async () => {
  /** @type {Roles} */
  const roles = { ball };
  const given = answer("ball", "late");
  const urls = await asked(async () => assert.equal(await dressable(given, roles), given));
  assert.equal(urls.length, 1);
  assert.match(urls[0], /\/static\/roles\.json$/);
  assert.equal(roles.late.light.line.color, "#d55e00");
  assert.deepEqual(await asked(() => dressable(answer("late"), roles)), []);
});

test("so does a sweep, whichever of its frames draws it", async () => {
  const sweep = /** @type {any} */ ({ values: [0, 1], frames: [answer("ball"), answer("ball", "late")] });
  assert.equal((await asked(() => dressable(sweep, { ball }))).length, 1);
  assert.equal((await asked(() => dressable(sweep, { ball, late }))).length, 0);
});
