// The box for a question: why did two records not join, what is kept of a key, why is there nothing?

import { ask, pathOf } from './api.js';
import { commandLine, commandOf, el, setText } from './dom.js';
import { explanation, keyState, diagnosis } from './answers.js';

const longMs = 120_000;

export class Question {
  #section; #session; #join; #buttons; #first; #second; #values; #state; #answer; #hint; #generation = 0;

  /** @param join gives the name of the join that is shown. */
  constructor(section, session, join) {
    this.#section = section;
    this.#session = session;
    this.#join = join;
    this.#first = el('input', { id: 'first', type: 'search', required: true, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'forms' });
    this.#second = el('input', { id: 'second', type: 'search', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'forms' });
    this.#values = el('input', { type: 'checkbox', id: 'values' });
    this.#buttons = {
      explain: el('button', { type: 'submit', class: 'main', text: 'Explain' }),
      key: el('button', { type: 'button', text: 'What is kept of this key', onclick: () => this.#askKey() }),
      diagnose: el('button', { type: 'button', text: 'Why is there nothing?', onclick: () => this.#askDiagnosis() }),
    };
    this.#hint = el('p', { class: 'quiet' });
    this.#state = el('p', { role: 'status', class: 'quiet' });
    this.#answer = el('div', { id: 'answer' });
    const form = el('form', {},
      el('div', { class: 'fields' },
        el('div', {}, el('label', { for: 'first', text: 'A record' }), this.#first),
        el('div', {}, el('label', { for: 'second', text: 'and one of the right side, or nothing' }), this.#second)),
      el('p', { id: 'forms', class: 'quiet' }, 'A record is ', el('code', { text: 'partition:offset' }), ', ', el('code', { text: 'id=…' }),
        ' or a key. With two: why did they join, or not? With one: what happened to it? ', el('code', { text: 'right:' }), ' before one names its side.'),
      el('div', { class: 'row' }, this.#buttons.explain, this.#buttons.key,
        el('label', { class: 'check', for: 'values' }, this.#values, ' with values'), el('span', { class: 'space' }), this.#buttons.diagnose));
    form.addEventListener('submit', event => {
      event.preventDefault();
      if (!this.#buttons.explain.hidden) this.#askExplanation();
    });
    section.append(el('h2', { id: 'question-title', text: 'Ask' }), form, this.#hint, this.#state, this.#answer);
  }

  /** Shows what the node can answer. @param has tells whether it has a command. */
  show(has) {
    for (const [name, button] of Object.entries(this.#buttons)) button.hidden = !has('join', name);
    this.#values.parentElement.hidden = this.#buttons.key.hidden;
    const canSearch = !this.#buttons.explain.hidden || !this.#buttons.key.hidden;
    this.#first.closest('.fields').hidden = !canSearch;
    this.#section.querySelector('#forms').hidden = !canSearch;
    this.#section.hidden = !canSearch && this.#buttons.diagnose.hidden;
    setText(this.#hint, this.#session.has('data') ? '' : 'Answers show keys of records and need the right data: log in first.');
    this.#hint.hidden = this.#session.has('data');
  }

  /** Forgets an answer: the join, or who asks, is another. */
  clear() {
    this.#generation++;
    this.#busy(false);
    setText(this.#state, '');
    this.#answer.replaceChildren();
  }

  /** Asks what became of a record. */
  explain(record) {
    this.#first.value = record;
    this.#second.value = '';
    this.#first.focus();
    this.#section.scrollIntoView();
    this.#askExplanation();
  }

  #askExplanation() {
    const left = this.#first.value.trim(), right = this.#second.value.trim(), join = this.#join();
    this.#run('explain', { left, right, join }, commandOf('join', 'explain', [left, right], { join }), explanation,
      'Reading the topics: that may take a minute …');
  }

  #askKey() {
    if (!this.#first.reportValidity()) return;
    const key = this.#first.value.trim().replace(/^(left:|right:)?(key=)?/i, ''), join = this.#join(), values = this.#values.checked;
    this.#run('key', { key, join, values: values ? 'true' : '' }, commandOf('join', 'key', [key, join], { values }), keyState, 'Asking the key group, and reading the output topic …');
  }

  #askDiagnosis() {
    const join = this.#join();
    this.#run('diagnose', { join }, commandOf('join', 'diagnose', [join]), diagnosis, 'Reading a sample of both topics: some ten seconds …');
  }

  async #run(name, args, command, render, waiting) {
    if (!this.#session.has('data')) {
      this.#session.open('Answers show keys of records: they need the right data.');
      return;
    }
    const generation = ++this.#generation;
    this.#busy(true);
    setText(this.#state, waiting);
    this.#answer.replaceChildren(commandLine(command).element);
    try {
      const answer = await ask(pathOf('join', name, args), { timeoutMs: longMs });
      if (generation !== this.#generation) return;
      setText(this.#state, '');
      this.#answer.replaceChildren(render(answer), commandLine(command).element);
    } catch (e) {
      if (generation !== this.#generation) return;
      setText(this.#state, '');
      this.#answer.replaceChildren(el('p', { class: 'error', role: 'alert', text: e.message }), commandLine(command).element);
      if (e.status === 401 || e.status === 403) this.#session.open(e.message);
    }
    this.#busy(false);
  }

  #busy(isBusy) {
    for (const button of Object.values(this.#buttons)) button.disabled = isBusy;
    this.#answer.setAttribute('aria-busy', String(isBusy));
  }
}
