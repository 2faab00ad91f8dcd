/** A training as the server tells it: Server-Sent Events read from a fetch, which can be given up and can be refused. */

import { ask, Trouble } from "./api.js";
import { say } from "./words.js";

/** @typedef {{base: Answer | null, values: number[], frames: Frame[], whole: boolean}} Film frames that differ from `base`, an answer in full */
/** @typedef {(film: Film, share: number) => void} Told */

const DOORS = 4; // of the six connections that a browser has to one server for all its tabs: the others are for all that is asked beside

/**
 * Wait until there is room for one more training in this browser, in whichever of its tabs; how to make room again.
 * @param {AbortSignal} signal @returns {Promise<() => void>}
 */
export function admitted(signal) {
  if (!navigator.locks) return Promise.resolve(() => {}); // over plain HTTP from another machine there are none
  const inside = new AbortController();
  const given = { signal: AbortSignal.any([signal, inside.signal]) };
  return new Promise((enter, refuse) => {
    const opened = () => {
      if (inside.signal.aborted) return undefined; // two doors opened at once
      inside.abort();
      return new Promise((leave) => enter(() => leave(undefined)));
    };
    for (let i = 0; i < DOORS; i++) navigator.locks.request(`training ${i}`, given, opened).catch((error) => signal.aborted && refuse(error));
  });
}

/**
 * Follow a stream to its end.
 * @param {string} url @param {AbortSignal} signal
 * @param {Told} told after every piece that arrives: all that is there, and the share of the work that is done
 * @param {(one: {figures?: Record<string, Share>, frames?: Frame[]}) => Promise<unknown>} dress what must be known before it is told
 * @returns {Promise<Film>}
 */
export async function watch(url, signal, told, dress) {
  const leave = await admitted(signal);
  return follow(url, signal, told, dress).finally(leave);
}

/** @type {typeof watch} */
async function follow(url, signal, told, dress) {
  const response = await ask(url, { signal }, (one) => one);
  /** @type {Film} */ let film = { base: null, values: [], frames: [], whole: false };
  let share = 0;
  for await (const events of pieces(response, signal)) {
    /** @type {Frame[]} */ const frames = [];
    const values = [...film.values];
    for (const { name, data } of events) {
      if (name === "trouble") throw new Trouble(data.detail, data.status < 500 ? data : null);
      if (name === "progress") share = data.share;
      if (name === "answer") film = { ...film, base: data };
      if (name === "frame") (frames.push(data.frame), values.push(data.value));
      if (name === "end") film = { ...film, whole: true };
    }
    film = { ...film, values, frames: [...film.frames, ...frames] };
    await dress({ figures: film.base?.figures, frames });
    told(film, film.whole ? 1 : share);
  }
  if (!film.whole) throw new Trouble(say("no_answer"), null);
  return film;
}

/** The events of each piece of a response. @param {Response} response @param {AbortSignal} signal */
async function* pieces(response, signal) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  let left = "";
  while (true) {
    const { done, value } = await reader.read().catch((/** @type {Error} */ error) => {
      throw signal.aborted ? error : new Trouble(say("no_answer"), null);
    });
    if (done) return;
    const whole = (left + value).split("\n\n");
    left = whole.pop() ?? "";
    yield whole.map(event);
  }
}

/** @param {string} text @returns {{name: string, data: any}} */
export function event(text) {
  const [name, data] = text.split("\n");
  return { name: name.slice("event: ".length), data: JSON.parse(data.slice("data: ".length)) };
}
