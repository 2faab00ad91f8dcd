/** Asking for parts: only those whose knobs changed, the latest wins, the picture never goes backwards. */

/** @typedef {{query: string, stop: AbortController, since: number, late: boolean, share: number}} Job */
/** @typedef {(part: string, query: string, signal: AbortSignal, told: (share: number) => void) => Promise<Answer>} Load */
/** @typedef {{paint: (answers: Record<string, Answer>) => void, trouble: (part: string, error: any) => void, busy: (is: boolean, share: number) => void}} Told */

const PATIENCE = 300; // ms after which an answer that nobody wants any more is given up
const TOGETHER = 60; // ms that finished parts wait for the others, so that one picture shows one state

export class Lanes {
  /** @type {Record<string, string>} what the page wants, by part */ #wanted = {};
  /** @type {Record<string, string>} what was last answered, by part */ #settled = {};
  /** @type {Map<string, Job>} */ #jobs = new Map();
  /** @type {Map<string, [string, Answer]>} */ #waiting = new Map();
  #timer = 0;
  #most = 0; // the most that was to do since there is something to do

  /** @param {Load} load @param {Told} told @param {Record<string, string>} settled queries of answers already there */
  constructor(load, told, settled = {}) {
    this.load = load;
    this.told = told;
    this.#settled = { ...settled };
  }

  /** Ask for what differs from what is shown. @param {Record<string, string>} queries by part */
  want(queries) {
    this.#wanted = { ...queries };
    this.#go();
  }

  /** Another source draws this part now: nothing older may follow. @param {string} part @param {string} [query] what it answers in full, if it does */
  hold(part, query = "?") {
    this.#jobs.get(part)?.stop.abort();
    this.#jobs.delete(part);
    this.#waiting.delete(part);
    delete this.#wanted[part];
    this.#settled[part] = query;
    this.#tell();
  }

  /** Ask again for what failed. @param {string} part */
  retry(part) {
    delete this.#settled[part];
    this.#go();
  }

  /** Nobody waits for anything any more. */
  stop() {
    this.#wanted = {};
    for (const { stop } of this.#jobs.values()) stop.abort();
    this.#jobs.clear();
    this.#waiting.clear();
  }

  #tell() {
    const left = [...this.#jobs.values()].reduce((sum, one) => sum + 1 - one.share, 0);
    this.#most = this.#jobs.size && Math.max(this.#most, left);
    this.told.busy(this.#jobs.size > 0, 1 - left / this.#most);
  }

  #go() {
    for (const [part, query] of Object.entries(this.#wanted)) {
      const job = this.#jobs.get(part);
      if (this.#waiting.has(part) || query === (job ? job.query : this.#settled[part])) continue;
      if (job && performance.now() - job.since < PATIENCE) continue;
      job?.stop.abort();
      this.#start(part, query);
    }
    this.#tell();
  }

  /** @param {string} part @param {string} query */
  #start(part, query) {
    const job = { query, stop: new AbortController(), since: performance.now(), late: false, share: 0 };
    this.#jobs.set(part, job);
    this.load(part, query, job.stop.signal, (share) => ((job.share = share), this.#tell())).then(
      (answer) => this.#arrive(part, job, answer),
      (error) => this.#arrive(part, job, null, error),
    );
  }

  /** @param {string} part @param {Job} job @param {Answer | null} answer @param {any} [error] */
  #arrive(part, job, answer, error) {
    if (this.#jobs.get(part) !== job) return;
    this.#jobs.delete(part);
    if (answer) this.#waiting.set(part, [job.query, answer]);
    else {
      this.#settled[part] = job.query;
      this.told.trouble(part, error);
    }
    if ([...this.#jobs.values()].every((other) => other.late)) this.#paint();
    else this.#timer ||= setTimeout(() => this.#paint(), TOGETHER);
  }

  #paint() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    for (const job of this.#jobs.values()) job.late = true;
    const batch = [...this.#waiting];
    this.#waiting.clear();
    for (const [part, [query]] of batch) this.#settled[part] = query;
    this.#go();
    if (batch.length) this.told.paint(Object.fromEntries(batch.map(([part, [, answer]]) => [part, answer])));
  }
}
