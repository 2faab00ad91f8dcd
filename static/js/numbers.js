/** Numbers as people read them. */

import { say } from "./words.js";

const RAISED = /** @type {Record<string, string>} */ ({
  "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹",
});

/**
 * Significant digits without idle zeros, a true minus sign, powers of ten outside 1e-4 … 1e6.
 * @param {unknown} value
 * @returns {string}
 */
export function format(value, digits = 5) {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  if (size && (size < 1e-4 || size >= 1e6)) {
    const [digitsOf, power] = value.toExponential(2).split("e");
    return minus(`${digitsOf}×10${[...String(Number(power))].map((one) => RAISED[one]).join("")}`);
  }
  return minus(String(Number(value.toPrecision(digits))));
}

/** @param {string} text */
const minus = (text) => text.replace("-", "−");
