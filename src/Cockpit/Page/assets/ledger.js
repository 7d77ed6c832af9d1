// The ledger: what became of every record. The sums equal what came in, and are shown as equal.

import { commandLine, commandOf, el, setAttribute, setText, sync, table } from './dom.js';
import { count, nodeName, percent } from './format.js';

const fates = ['matched', 'unmatched', 'expired', 'late', 'duplicates', 'waiting'];
const meaning = {
  matched: 'found a partner', unmatched: 'came out without one', expired: 'window closed, no row', late: 'came too late',
  duplicates: 'id was known', waiting: 'window is open',
};

export class Ledger {
  #section; #sides = {}; #table; #details; #line; #report = null; #note;

  constructor(section) {
    this.#section = section;
    for (const side of ['left', 'right']) this.#sides[side] = sideOf();
    this.#table = table('What was read, by partition', ['Side', 'Topic', 'Partition', 'Read', 'To key groups', 'Dead letters', 'Filtered', 'Node']
      .map((name, i) => ({ name, number: i > 1 && i < 7 })));
    this.#details = el('details', {}, el('summary', { text: 'By partition' }), this.#table.element);
    this.#details.addEventListener('toggle', () => this.#showTable());
    this.#note = el('p', { class: 'quiet' });
    this.#line = commandLine('');
    section.append(el('h2', { id: 'ledger-title', text: 'What became of every record' }),
      el('div', { class: 'two' }, this.#sides.left.element, this.#sides.right.element), this.#note, this.#details, this.#line.element);
  }

  show(report) {
    this.#report = report;
    this.#section.hidden = !report;
    if (!report) return;
    this.#line.show(commandOf('join', 'ledger', [report.join]));
    for (const side of ['left', 'right']) this.#sides[side].show(side, report[side]);
    const silent = report.silentGroups.length;
    setText(this.#note, silent > 0 ? `${silent} key groups did not answer and are not counted.` : '');
    this.#showTable();
  }

  #showTable() {
    if (!this.#details.open || !this.#report) return;
    this.#table.show(this.#report.partitions.map(({ side, topic, partition, node, fates: f }) => [
      side, topic, partition === null ? 'earlier' : String(partition),
      count(f.consumed), count(f.routed), count(f.deadLettered), count(f.filtered), nodeName(node),
    ]));
  }
}

function sideOf() {
  const title = el('h3'), bar = el('div', { class: 'stack', 'aria-hidden': 'true' });
  const list = el('dl', { class: 'fates' }), sum = el('p', { class: 'sum' });
  return {
    element: el('div', { class: 'card' }, title, bar, list, sum),
    show(name, side) {
      setText(title, `${side.topic} (${name})`);
      const known = fates.filter(fate => side[fate] > 0);
      sync(bar, known, () => el('span'), (part, fate) => {
        setAttribute(part, 'class', fate);
        part.style.flexGrow = side[fate] / Math.max(1, side.received);
      });
      sync(list, fates, () => el('div', {}, el('dt'), el('dd'), el('dd', { class: 'quiet' })), (item, fate) => {
        setAttribute(item, 'class', fate);
        setText(item.children[0], fate);
        setText(item.children[1], count(side[fate]));
        setText(item.children[2], side.received > 0 ? `${percent(side[fate] / side.received)} · ${meaning[fate]}` : meaning[fate]);
      });
      const nulls = side.nullKeys > 0 ? ` ${count(side.nullKeys)} had no key.` : '';
      setText(sum, side.difference === 0
        ? `= ${count(side.received)} received. The sum is equal.${nulls}`
        : `≠ ${count(side.received)} received: ${count(side.difference)} differ.${nulls}`);
      setAttribute(sum, 'class', side.difference === 0 ? 'sum' : 'sum bad');
    },
  };
}
