// All commands of the node, made from its own description of them.

import { ask, pathOf } from './api.js';
import { commandLine, commandOf, el, setText } from './dom.js';

const root = '/api/v1/';

/** The commands of an OpenAPI document: {palette, name, help, right, parameters}. */
export function commandsOf(document) {
  return Object.entries(document.paths).filter(([path]) => path.startsWith(root)).map(([path, operations]) => {
    const [palette, name] = path.slice(root.length).split('/');
    const isAct = 'post' in operations, operation = operations.post ?? operations.get;
    const body = operation.requestBody?.content['application/json'].schema;
    const parameters = isAct
      ? Object.entries(body?.properties ?? {}).map(([key, schema]) => ({ name: key, schema, required: body.required?.includes(key) ?? false }))
      : operation.parameters ?? [];
    return { palette, name, help: operation.summary, right: /right (\w+)/.exec(operation.description)?.[1] ?? 'act', isAct, parameters };
  });
}

export class Commands {
  #section; #session; #list;

  constructor(section, session) {
    this.#section = section;
    this.#session = session;
    this.#list = el('div');
    section.append(el('h2', { id: 'commands-title', text: 'All commands' }),
      el('p', { class: 'quiet', text: 'Each does what its command line does, and shows the answer as JSON.' }), this.#list);
  }

  show(commands) {
    this.#section.hidden = commands.length === 0;
    this.#list.replaceChildren(...commands.map(command => this.#form(command)));
  }

  #form(command) {
    const fields = command.parameters.map(parameter => field(command, parameter));
    const run = el('button', { type: 'submit', text: command.isAct ? 'Do it' : 'Ask' });
    const output = el('pre', { tabindex: 0, role: 'region', 'aria-label': 'The answer' });
    const state = el('p', { role: 'status' });
    output.hidden = true;
    const line = commandLine(lineOf(command, fields));
    const form = el('form', {}, ...fields.map(f => f.element), el('div', { class: 'row' }, run), line.element, state, output);
    let isSure = false;
    form.addEventListener('input', () => {
      isSure = false;
      setText(run, command.isAct ? 'Do it' : 'Ask');
      line.show(lineOf(command, fields));
    });
    form.addEventListener('submit', async event => {
      event.preventDefault();
      if (!this.#session.has(command.right)) {
        this.#session.open(`${command.palette} ${command.name} needs the right ${command.right}.`);
      } else if (command.isAct && !isSure) {
        isSure = true;
        setText(run, 'Press again: it changes the join');
      } else {
        isSure = false;
        setText(run, command.isAct ? 'Do it' : 'Ask');
        await send(command, fields, run, state, output);
      }
    });
    return el('details', {}, el('summary', {}, el('code', { text: `${command.palette} ${command.name}` }), ` ${command.help} `,
      el('span', { class: 'quiet', text: `(${command.right})` })), form);
  }
}

function field(command, { name, required, description, schema }) {
  const id = `${command.palette}-${command.name}-${name}`, help = description ?? schema.description ?? '';
  const isFlag = schema['x-flag'] === true;
  const options = schema.enum ? ['', ...schema.enum].map(value => el('option', { value, text: value })) : [];
  const input = schema.enum ? el('select', { id, required }, ...options)
    : isFlag ? el('input', { id, type: 'checkbox' }) : el('input', { id, type: 'text', required, autocomplete: 'off', spellcheck: 'false' });
  return {
    name,
    isPositional: schema['x-positional'] === true,
    value: () => (isFlag ? input.checked && 'true' : input.value.trim()) || '',
    isFlag,
    element: el('div', { class: 'field' }, el('label', { for: id, text: name }), input, el('span', { class: 'quiet', text: help })),
  };
}

function lineOf(command, fields) {
  const options = fields.filter(f => !f.isPositional).map(f => [f.name, f.isFlag ? f.value() !== '' : f.value()]);
  return commandOf(command.palette, command.name, fields.filter(f => f.isPositional).map(f => f.value()), Object.fromEntries(options));
}

async function send(command, fields, button, state, output) {
  const args = Object.fromEntries(fields.map(f => [f.name, f.value()]).filter(([, value]) => value !== ''));
  button.disabled = true;
  setText(state, 'Asking …');
  try {
    const answer = command.isAct
      ? await ask(pathOf(command.palette, command.name), { method: 'POST', body: args, timeoutMs: 120_000 })
      : await ask(pathOf(command.palette, command.name, args), { timeoutMs: 120_000 });
    setText(state, '');
    setText(output, JSON.stringify(answer, null, 2));
    output.hidden = false;
  } catch (e) {
    setText(state, e.message);
    output.hidden = true;
  }
  button.disabled = false;
}
