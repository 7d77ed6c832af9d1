// The watermark board: how far time is on each side, and which partition holds it back.

import { commandLine, commandOf, el, setText, table } from './dom.js';
import { bytes, clock, count, duration, nodeName, timeOfDay, word } from './format.js';
import { pauseReasons } from './problems.js';

const shortLength = 12;

export class Board {
  #section; #sides = {}; #table; #more; #line; #isLong = false; #report = null;

  constructor(section) {
    this.#section = section;
    for (const side of ['left', 'right']) this.#sides[side] = el('p', { class: `side ${side}` });
    const columns = ['Side', 'Partition', 'State', 'Since', 'Watermark (UTC)', 'Behind', 'Lag', 'Last record (UTC)', 'Node'];
    this.#table = table('Partitions, those that hold time back first',
      columns.map((name, i) => ({ name, number: i === 1 || i === 5 || i === 6 })));
    this.#more = el('button', { type: 'button', class: 'small', 'aria-expanded': 'false' });
    this.#more.addEventListener('click', () => {
      this.#isLong = !this.#isLong;
      this.#more.setAttribute('aria-expanded', String(this.#isLong));
      this.show(this.#report);
    });
    this.#line = commandLine('');
    section.append(el('h2', { id: 'board-title', text: 'Time' }), el('div', { class: 'two' }, this.#sides.left, this.#sides.right),
      this.#table.element, this.#more, this.#line.element);
  }

  show(report) {
    this.#report = report;
    this.#section.hidden = !report;
    if (!report) return;
    this.#line.show(commandOf('time', 'show', [report.join]));
    for (const side of ['left', 'right']) setText(this.#sides[side], sideText(side, report[side], report.atMs));
    const sorted = report.partitions.toSorted((a, b) => urgency(a) - urgency(b) || (b.lag ?? 0) - (a.lag ?? 0) || a.partition - b.partition);
    const shown = this.#isLong ? sorted : sorted.slice(0, shortLength);
    this.#table.show(shown.map(p => row(p, report.atMs)));
    this.#more.hidden = sorted.length <= shortLength;
    setText(this.#more, this.#isLong ? 'Show fewer' : `Show all ${sorted.length} partitions`);
  }
}

const wellStates = ['active', 'idle', 'at-end', 'finished'];
const urgency = p => (p.holdsBack ? 0 : wellStates.includes(p.state) ? 2 : 1);

function sideText(name, side, atMs) {
  if (side.watermarkMs === null) return `${side.topic} (${name}): a partition has given no time yet, so there is no watermark.`;
  const stands = side.heldSinceMs === null ? '' : `, standing for ${duration(atMs - side.heldSinceMs)}`;
  const held = side.heldBy === null ? '' : ` Partition ${side.heldBy} holds it back${stands}.`;
  const cost = side.rowsWaiting > 0
    ? ` ${count(side.rowsWaiting)} records of the other side wait for it; the state has ${bytes(side.bufferedBytes)}.`
    : ' Nothing waits for it.';
  return `${side.topic} (${name}): time is ${clock(side.watermarkMs)}, ${duration(atMs - side.watermarkMs)} behind the wall clock.${held}${cost}`;
}

function row(p, atMs) {
  const isWell = wellStates.includes(p.state);
  const why = p.state === 'paused' && pauseReasons[p.reason] ? `: ${word(p.reason)}` : '';
  return [
    p.side, `${p.partition}`,
    { text: `${word(p.state)}${why}${p.holdsBack ? ', holds back' : ''}`, class: p.holdsBack || p.state === 'paused' ? 'look' : isWell ? '' : 'bad' },
    p.sinceMs === null ? '–' : duration(atMs - p.sinceMs), timeOfDay(p.watermarkMs), duration(p.behindMs), count(p.lag),
    timeOfDay(p.lastRecordMs), nodeName(p.node),
  ];
}
