// Builds elements. Text becomes a text node and nothing else, whatever a record has in it.

/** An element with attributes ("class", "text" and "onclick" too) and children. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else setAttribute(element, name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : value);
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Makes the children of an element those of a list. What is the same stays, so that focus and selection do, too. */
export function sync(parent, items, create, update) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  items.forEach((item, i) => {
    let child = parent.children[i];
    if (!child) {
      child = create(item);
      parent.append(child);
    }
    update(child, item);
  });
}

/**
 * A table that can be wider than the page. A cell is a text, or {text, class}, or a button {text, label, onclick}.
 * Columns are {name, number}; returns {element, show(rows)}.
 */
export function table(caption, columns) {
  const body = el('tbody');
  const head = el('tr', {}, ...columns.map(c => el('th', { scope: 'col', class: c.number ? 'number' : null, text: c.name })));
  const element = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    el('table', {}, el('caption', { text: caption }), el('thead', {}, head), body));
  const show = rows => sync(body, rows, () => el('tr'), (tr, row) => {
    sync(tr, row, () => el('td'), showCell);
    row.forEach((cell, i) => {
      const classes = [columns[i].number ? 'number' : '', cell?.class ?? ''].join(' ').trim();
      setAttribute(tr.children[i], 'class', classes || null);
    });
  });
  return { element, show };
}

function showCell(td, cell) {
  if (cell?.onclick) td.replaceChildren(el('button', { type: 'button', class: 'small', text: cell.text, 'aria-label': cell.label, onclick: cell.onclick }));
  else setText(td, cellText(cell));
}

const cellText = cell => String((cell !== null && typeof cell === 'object' ? cell.text : cell) ?? '–');

/** The command line that does the same, and a button that copies it. */
export function commandLine(text) {
  const code = el('code', { text });
  const line = el('p', { class: 'cli' }, el('span', { class: 'hidden', text: 'The same on a terminal: ' }), code);
  if (navigator.clipboard) {
    const button = el('button', { type: 'button', class: 'small', text: 'Copy', 'aria-label': 'Copy the command' });
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent);
      setText(button, 'Copied');
      setTimeout(() => setText(button, 'Copy'), 1500);
    });
    line.append(button);
  }
  return { element: line, show: next => setText(code, next) };
}

/** The command line of a command. Options are those of the API. */
export function commandOf(palette, name, positional = [], options = {}) {
  const words = ['akkajoin', 'pbm', location.host, palette, name, ...positional.filter(Boolean).map(quoted)];
  for (const [option, value] of Object.entries(options)) {
    if (value === true) words.push(`--${option}`);
    else if (value) words.push(`--${option}`, quoted(value));
  }
  return words.join(' ');
}

const quoted = word => (/^[\w.:/=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
