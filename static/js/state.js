/** The knobs that were turned, and the query string that is the same thing. Pure. */

/** A key of another setting than the first: its letter and what it turns. */
const OTHERS = /^([bcd])\.(.+)$/;

/** Whether there is more than one setting. @type {(turned: Turned) => boolean} */
export const severalIn = (turned) => Object.keys(turned).some((key) => OTHERS.test(key));

/** The letter and the knob of a key; the first setting has no letter. @type {(key: string) => [letter: string, knob: string]} */
export const parted = (key) => /** @type {[string, string]} */ (OTHERS.exec(key)?.slice(1) ?? ["", key]);

/** @type {(search: string, list: Control[]) => Turned} */
export function read(search, list) {
  const texts = [...new URLSearchParams(search)];
  const chosen = (/** @type {string} */ letter) =>
    Object.fromEntries(["", letter].flatMap((own) => texts.map(([key, text]) => [...parted(key), text]).filter(([one]) => one === own).map(([, knob, text]) => [knob, text])));
  return Object.fromEntries(texts.map(([key, text]) => {
    const [letter, knob] = parted(key);
    return [key, typed(find(list, knob, chosen(letter)), text)];
  }));
}

/** @type {(control: Control | undefined, text: string) => Value} */
function typed(control, text) {
  if (control?.widget === "switch" && (text === "true" || text === "false")) return text === "true";
  const isNumber = (control?.widget === "slider" || control?.widget === "stepper") && /^[-+.\deE]+$/.test(text);
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The canonical query: sorted keys, as the server writes it. @type {(turned: Turned) => string} */
export const write = (turned) =>
  Object.keys(turned)
    .sort()
    .map((key) => `${encodeURIComponent(key)}=${encodeURIComponent(String(turned[key])).replaceAll("%2C", ",")}`)
    .join("&");

/** What the link hides: names of controls, of groups of them, of tools. @type {(turned: Turned) => string[]} */
export const hidden = (turned) => String(turned.hide ?? "").split(",").map((one) => one.trim()).filter(Boolean);

/** Whether the link hides a control, by its name or that of a group around it. @type {(turned: Turned, key: string) => boolean} */
export const hides = (turned, key) => hidden(turned).some((one) => `${key}.`.startsWith(`${one}.`));

/** The control of a key among the variants that are chosen. @type {(list: Control[], key: string, turned: Turned) => Control | undefined} */
export const find = (list, key, turned) => list.find((one) => one.key === key && applies(one, list, turned));

/** @type {(control: Control, list: Control[], turned: Turned) => boolean} */
export const applies = (control, list, turned) =>
  control.when.every(([key, kind]) => (turned[key] ?? list.find((one) => one.key === key)?.default) === kind);

/** The share of the turned knobs that a part depends on. @type {(turned: Turned, knobs: readonly string[]) => Turned} */
export const share = (turned, knobs) =>
  Object.fromEntries(
    Object.entries(turned).filter(([key]) => knobs.includes(key) || knobs.includes(key.split(".", 1)[0])),
  );

/**
 * Turn some knobs. Of a linked pair the last one turned stays; a change of kind keeps what the new variant also has;
 * another data set forgets the columns of the old one. A change to null returns a knob to its default.
 * @type {(turned: Turned, changes: Changes, list: Control[]) => Turned}
 */
export function turn(turned, changes, list) {
  /** @type {Record<string, Value>} */
  const next = { ...turned };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  for (const key of Object.keys(changes)) {
    const control = find(list, key, next);
    if (control) forget(next, control, changes, list);
  }
  return withKinds(next, list);
}

/** @type {(next: Record<string, Value>, control: Control, changes: Changes, list: Control[]) => void} */
function forget(next, control, changes, list) {
  if (control.linked && !(control.linked in changes)) delete next[control.linked];
  for (const key of Object.keys(next)) {
    if (key in changes || !control.group || !key.startsWith(`${control.group}.`)) continue;
    const other = find(list, key, next);
    const lost =
      (control.widget === "choice" && (!other || !fits(other, next[key]))) ||
      (control.source === "datasets" && ["columns", "targets", "classes"].includes(other?.source ?? "")) ||
      (control.source === "columns" && next[key] === changes[control.key]) ||
      (control.key.endsWith(".target") && other?.source === "classes");
    if (lost) delete next[key];
  }
}

/** Whether a value that another variant left behind means the same here. @type {(control: Control, value: Value) => boolean} */
function fits(control, value) {
  if (control.source) return false;
  if (control.widget === "select") return control.choices.some(([one]) => one === value);
  return typeof value !== "number" || (value >= control.min && value <= control.max);
}

/** A knob inside a union never travels without its kind. @type {(turned: Turned, list: Control[]) => Turned} */
function withKinds(turned, list) {
  const kinds = list
    .filter((one) => one.widget === "choice" && Object.keys(turned).some((key) => key.startsWith(`${one.group}.`)))
    .map((one) => [one.key, turned[one.key] ?? one.default]);
  return { ...turned, ...Object.fromEntries(kinds) };
}
