/** Data of one's own: a drop zone and a file input that send a CSV and choose it. */

import { ask } from "./api.js";
import { el } from "./widgets.js";

/** @typedef {{add: (table: Table) => void, drop: (id: string) => void, choose: (id: string | null) => void, kept: () => string}} Doors */

const MOST_BYTES = 1_000_000;
const DATASETS = "/api/v1/datasets";

/** @param {Doors} doors */
export function dropZone(doors) {
  const input = el("input", { type: "file", accept: ".csv,text/csv", id: "csv-file" });
  const said = el("div", { role: "status", className: "said" });
  const zone = el(
    "div", { className: "drop" },
    el("label", { htmlFor: input.id }, "Your own CSV: drop it here or choose a file"), input,
    el("p", { className: "hint" }, "UTF-8, a header line, comma or semicolon, at most 1 MB and 5,000 rows × 50 numeric columns."), said,
  );
  const take = async (/** @type {File | undefined} */ file) => {
    if (!file) return;
    say(said, [`Reading ${file.name} …`]);
    try {
      accepted(await send(file), doors, said);
    } catch (error) {
      refused(/** @type {any} */ (error), said);
    }
    input.value = "";
  };
  input.addEventListener("change", () => take(input.files?.[0]));
  zone.addEventListener("dragover", (event) => (event.preventDefault(), zone.classList.add("over")));
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer?.files[0]);
  });
  return zone;
}

/** @param {File} file @returns {Promise<Table>} */
function send(file) {
  if (file.size > MOST_BYTES) throw new Error(`${file.name} has ${file.size.toLocaleString("en")} bytes; at most 1 MB is accepted.`);
  return ask(DATASETS, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file });
}

/** @param {Table} table @param {Doors} doors @param {HTMLElement} said */
function accepted(table, doors, said) {
  doors.add(table);
  doors.choose(table.id);
  const left = table.left_out?.length ? `Left out, because they are not numbers: ${table.left_out.join(", ")}.` : "";
  const remove = el("button", { type: "button" }, "Remove it");
  remove.addEventListener("click", async () => {
    await ask(`${DATASETS}/${table.id}`, { method: "DELETE" }).catch(() => {});
    doors.drop(table.id);
    doors.choose(null);
    say(said, ["Removed."]);
  });
  say(said, [`${table.rows} rows, ${table.columns.length} columns.`, left, table.kept ?? doors.kept()]);
  said.append(remove);
}

/** @param {import("./api.js").Trouble} error @param {HTMLElement} said */
function refused(error, said) {
  say(said, [error.message]);
  const errors = error.problem?.errors ?? [];
  if (errors.length) said.append(el("ul", {}, ...errors.map((one) => el("li", {}, [one.where ?? one.knob, one.message].filter(Boolean).join(": ")))));
}

/** @param {HTMLElement} said @param {string[]} sentences */
function say(said, sentences) {
  said.replaceChildren(...sentences.filter(Boolean).map((one) => el("p", {}, one)));
}
