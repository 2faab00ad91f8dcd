/** The roles that a page did not bring: all there are, from a file that browsers keep, before a picture that needs them. */

import { ask } from "./api.js";
import { rolesOf } from "./merge.js";

/**
 * An answer whose roles are all known.
 * @template {{figures?: Record<string, Share>, frames?: Frame[]}} T
 * @param {T} answer a part's answer, a frame, or a sweep of frames
 * @param {Roles} roles those known so far; added to
 * @returns {Promise<T>}
 */
export async function dressable(answer, roles) {
  const shares = [answer, ...(answer.frames ?? [])].flatMap((one) => Object.values(one.figures ?? {}));
  if (shares.flatMap(rolesOf).some((role) => !(role in roles))) {
    Object.assign(roles, await ask(new URL("../roles.json", import.meta.url).href));
  }
  return answer;
}
