// Server-Sent Events, however the network cuts them; what a stream that breaks off leaves behind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { watch } from "../../static/js/stream.js";
import { speak } from "../../static/js/words.js";

const real = globalThis.fetch;
before(() => speak(JSON.parse(readFileSync("templates/words.json", "utf8"))));
after(() => (globalThis.fetch = real));

const event = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const FILM = [
  event("answer", { part: "training", figures: {} }), event("progress", { share: 0.5, step: 5, steps: 10 }),
  event("frame", { value: 0, frame: { objective: "größer\nα" } }), event("frame", { value: 1, frame: { objective: "b" } }),
].join("");
const END = event("end", { kind: "out_of_steps", sentence: "Finished." });

/** What is told of a response that comes in these pieces. */
async function told(pieces, { status = 200, type = "text/event-stream", breaks = null } = {}) {
  const body = new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else if (breaks) controller.error(breaks);
      else controller.close();
    },
  });
  globalThis.fetch = async () => new Response(body, { status, headers: { "content-type": type } });
  const seen = [];
  const dressed = [];
  const told = (film, share) => seen.push([film.frames.length, share]);
  const film = await watch("/stream", new AbortController().signal, told, async (one) => void dressed.push(one)).catch((error) => error);
  return { film, seen, dressed };
}
const bytes = (text) => new TextEncoder().encode(text);

test("a film is the same however its bytes are cut", async () => {
  const whole = bytes(FILM + END);
  for (const size of [whole.length, 50, 7, 1]) {
    const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) => whole.slice(i * size, (i + 1) * size));
    const { film } = await told(pieces);
    assert.deepEqual([film.values, film.frames.map((one) => one.objective)], [[0, 1], ["größer\nα", "b"]], `by ${size} bytes`);
    assert.equal(film.whole, true);
    assert.equal(film.base.part, "training");
  }
});

test("it is told as it comes, with the share of the work", async () => {
  const { seen, dressed } = await told([bytes(FILM), bytes(event("frame", { value: 2, frame: {} })), bytes(END)]);
  assert.deepEqual(seen, [[2, 0.5], [3, 0.5], [3, 1]]);
  assert.deepEqual(dressed.map((one) => one.frames.length), [2, 1, 0], "every frame once, before it is told");
});

test("trouble on the way is said, and may be tried again where it was no refusal", async () => {
  const busy = await told([bytes(FILM + event("trouble", { status: 503, detail: "too much" }))]);
  assert.deepEqual([busy.film.message, busy.film.problem], ["too much", null]);
  const gone = await told([bytes(FILM + event("trouble", { status: 422, detail: "the table is gone", errors: [] }))]);
  assert.equal(gone.film.problem.status, 422);
});

test("a stream that breaks off, or ends without its end, is trouble", async () => {
  for (const given of [{}, { breaks: new TypeError("network error") }]) {
    const { film, seen } = await told([bytes(FILM)], given);
    assert.match(film.message, /does not answer/);
    assert.equal(film.problem, null);
    assert.deepEqual(seen, [[2, 0.5]], "what was there was told");
  }
});

test("a refusal before it begins is that refusal", async () => {
  const problem = JSON.stringify({ status: 422, detail: "too long", errors: [{ knob: "steps", message: "too long" }] });
  const { film, seen } = await told([bytes(problem)], { status: 422, type: "application/problem+json" });
  assert.deepEqual([film.message, film.problem.errors[0].knob, seen], ["too long", "steps", []]);
});
