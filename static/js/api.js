/** The one door to the server: JSON, or an error that says what the server said. */

import { say } from "./words.js";

/** A refusal of the server (RFC 9457) or a network that does not answer. */
export class Trouble extends Error {
  /** @param {string} message @param {Problem | null} problem null when no answer came */
  constructor(message, problem) {
    super(message);
    this.problem = problem;
  }
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 * @param {(response: Response) => any} [take] what is made of an answer that is no refusal
 * @returns {Promise<any>} unless it is taken otherwise, the answer's JSON, or its text where it is none
 */
export async function ask(url, options, take) {
  const response = await fetch(url, options).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Trouble(say("no_answer"), null);
  });
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  if (response.ok && take) return take(response);
  if (response.ok) return isJson ? response.json() : response.text();
  const problem = isJson ? await response.json() : {};
  const busy = response.status >= 500 || response.status === 429;
  throw new Trouble(problem.detail ?? problem.title ?? say("answered", { status: response.status }), busy ? null : problem);
}
