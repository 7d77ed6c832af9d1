// Late records and dead letters, the newest first. They are read when somebody asks: each time topics are read.

import { ask, pathOf } from './api.js';
import { commandLine, commandOf, el, setText, table } from './dom.js';
import { count, duration, iso, plural, timeOfDay, word } from './format.js';

const longMs = 120_000;
const kinds = {
  late: { title: 'Late records', one: 'late record', columns: ['Late by', 'Watermark', 'Held by', 'Partners'], cells: lateCells },
  'dead-letters': { title: 'Dead letters', one: 'dead letter', columns: ['What is wrong'], cells: deadCells },
};

export class Late {
  #section; #session; #join; #explain; #buttons = {}; #reason; #values; #state; #answer; #generation = 0;

  /** @param join gives the name of the join that is shown. @param explain asks what became of a record. */
  constructor(section, session, join, explain) {
    this.#section = section;
    this.#session = session;
    this.#join = join;
    this.#explain = explain;
    for (const [name, { title }] of Object.entries(kinds))
      this.#buttons[name] = el('button', { type: 'button', text: title, onclick: () => this.#ask(name) });
    this.#reason = el('input', { type: 'search', id: 'late-reason', autocomplete: 'off', spellcheck: 'false' });
    this.#values = el('input', { type: 'checkbox', id: 'late-values' });
    this.#state = el('p', { role: 'status', class: 'quiet' });
    this.#answer = el('div', { id: 'late-answer' });
    section.append(el('h2', { id: 'late-title', text: 'Late records and dead letters' }),
      el('div', { class: 'row' }, ...Object.values(this.#buttons),
        el('label', { class: 'check', for: 'late-reason' }, 'with the reason ', this.#reason),
        el('label', { class: 'check', for: 'late-values' }, this.#values, ' with values')),
      this.#state, this.#answer);
  }

  /** Shows what the node can answer. @param has tells whether it has a command. */
  show(has) {
    for (const [name, button] of Object.entries(this.#buttons)) button.hidden = !has('join', name);
    this.#section.hidden = Object.values(this.#buttons).every(button => button.hidden);
  }

  /** Forgets an answer: the join, or who asks, is another. */
  clear() {
    this.#generation++;
    this.#busy(false);
    setText(this.#state, '');
    this.#answer.replaceChildren();
  }

  async #ask(name) {
    if (!this.#session.has('data')) {
      this.#session.open('Late records and dead letters show keys of records: they need the right data.');
      return;
    }
    const join = this.#join(), reason = this.#reason.value.trim(), values = this.#values.checked, generation = ++this.#generation;
    const line = commandLine(commandOf('join', name, [join], { reason, values })).element;
    this.#busy(true);
    setText(this.#state, 'Reading the topic …');
    this.#answer.replaceChildren(line);
    let shown;
    try {
      shown = this.#copies(name, await ask(pathOf('join', name, { join, reason, values: values ? 'true' : '' }), { timeoutMs: longMs }));
    } catch (e) {
      shown = el('p', { class: 'error', role: 'alert', text: e.message });
      if (generation === this.#generation && (e.status === 401 || e.status === 403)) this.#session.open(e.message);
    }
    if (generation !== this.#generation) return;
    setText(this.#state, '');
    this.#answer.replaceChildren(shown, line);
    this.#busy(false);
  }

  #copies(name, { topic, copies, read }) {
    const { one, columns, cells } = kinds[name];
    const hasValues = copies.some(copy => copy.value !== null && copy.value !== undefined);
    const heads = ['Written (UTC)', 'Reason', 'Record', 'Key', 'Id', 'Event time', ...columns, hasValues ? 'Value' : 'Bytes'];
    const numbers = hasValues ? ['Late by', 'Partners'] : ['Late by', 'Partners', 'Bytes'];
    const shown = table(`${plural(copies.length, one)} of ${topic}, the newest first`,
      heads.map(head => ({ name: head, number: numbers.includes(head) })));
    shown.show(copies.map(copy => [timeOfDay(copy.writtenMs), word(copy.reason), this.#record(copy.source), copy.key ?? 'null', copy.id ?? '–',
      iso(copy.timeMs), ...cells(copy), hasValues ? copy.value ?? 'null' : copy.valueLength === null ? 'null' : count(copy.valueLength)]));
    return el('div', {}, copies.length > 0 ? shown.element : null, el('p', { class: 'quiet', text: read.text }));
  }

  #record(source) {
    if (!source) return '–';
    const at = `${source.topic}/${source.partition}:${source.offset}`, { reference } = source;
    return reference ? { text: at, label: `Explain ${reference}, ${at}`, onclick: () => this.#explain(reference) } : at;
  }

  #busy(isBusy) {
    for (const button of Object.values(this.#buttons)) button.disabled = isBusy;
    this.#answer.setAttribute('aria-busy', String(isBusy));
  }
}

function lateCells({ lateness }) {
  return lateness ? [duration(lateness.lateByMs), iso(lateness.watermarkMs), lateness.heldBy, count(lateness.partnersFound)] : ['–', '–', '–', '–'];
}

function deadCells({ detail, cut }) {
  return [`${detail ?? '–'}${cut ? ` (cut: ${cut})` : ''}`];
}
