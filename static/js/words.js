/** What the page says: sentences by name, from the catalogue that the page carries; another language is another catalogue. */

/** @type {Record<string, string>} */ let catalogue = {};

/** Speak from this catalogue. @param {Record<string, string>} sentences */
export const speak = (sentences) => void (catalogue = sentences);

/** A sentence, with what fills its {gaps}. @param {string} name @param {Record<string, unknown>} [gaps] */
export const say = (name, gaps = {}) => catalogue[name].replace(/\{(\w+)\}/g, (_, gap) => String(gaps[gap] ?? ""));
