// Asks the node. A source that is polled has one request under way, asks while the page is in front, and asks seldom
// after an error.

const longestWaitMs = 30_000;

/** What the node refused, or why it was not reached: then the status is 0. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param accept statuses besides 200 whose body is an answer. */
export async function ask(path, { method = 'GET', body, timeoutMs = 15_000, accept = [] } = {}) {
  let answer;
  try {
    answer = await fetch(new URL(path, new URL('.', document.baseURI)), {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (e) {
    throw new Refusal(0, e.name === 'TimeoutError' ? `the node did not answer for ${timeoutMs / 1000} s` : 'the node cannot be reached');
  }
  let value = null;
  try {
    value = await answer.json();
  } catch {
    // The status says what to make of it.
  }
  if (!answer.ok && !accept.includes(answer.status)) throw new Refusal(answer.status, value?.error ?? `the node answers ${answer.status}`);
  return value;
}

/** The path of a command that only tells. */
export function pathOf(palette, name, args = {}) {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const query = new URLSearchParams(given).toString();
  return `api/v1/${palette}/${name}${query ? `?${query}` : ''}`;
}

// All that is asked as often is asked at the same moment, by every page: the node answers it once for all of them.
const untilBeat = ms => ms - Date.now() % ms;

/** Polls a path. */
export class Source {
  #path; #intervalMs; #onValue; #onError; #accept;
  #timer = null; #isAsking = false; #isOn = false; #failures = 0; #generation = 0;

  constructor(path, intervalMs, onValue, onError, accept = []) {
    this.#path = path;
    this.#intervalMs = intervalMs;
    this.#onValue = onValue;
    this.#onError = onError;
    this.#accept = accept;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#soon(0);
    });
  }

  start() {
    this.#isOn = true;
    this.again();
  }

  stop() {
    this.#isOn = false;
    this.#generation++;
    clearTimeout(this.#timer);
  }

  /** Asks now: who asks, or of what, has changed. */
  again() {
    this.#generation++;
    this.#failures = 0;
    this.#soon(0);
  }

  #soon(ms) {
    clearTimeout(this.#timer);
    if (this.#isOn) this.#timer = setTimeout(() => this.#ask(), ms);
  }

  async #ask() {
    if (this.#isAsking || document.hidden || !this.#isOn) return;
    this.#isAsking = true;
    const generation = this.#generation;
    try {
      const value = await ask(this.#path(), { accept: this.#accept });
      this.#failures = 0;
      if (generation === this.#generation) this.#onValue(value);
    } catch (e) {
      if (!(e instanceof Refusal)) console.error(e);
      this.#failures++;
      if (generation === this.#generation) this.#onError(e);
    } finally {
      this.#isAsking = false;
      const isStale = generation !== this.#generation;
      const waitMs = Math.min(longestWaitMs, this.#intervalMs * 2 ** Math.min(this.#failures, 5));
      this.#soon(isStale ? 0 : untilBeat(waitMs));
    }
  }
}
