// The pipeline as it is: topics with their partitions, key groups on their nodes, the output, and what is the bottleneck.

import { bottleneckOf, sum } from './bottleneck.js';
import { commandLine, commandOf, el, setAttribute, setText, sync, table } from './dom.js';
import { bytes, clock, count, duration, nodeName, plural, rate, timeOfDay, word } from './format.js';
import { pauseReasons } from './problems.js';

const marks = {
  recovering: '↻', starting: '↻', leaving: '→', paused: '‖', silent: '?', unreachable: '✗', 'not-started': '○', 'not-read': '○',
};

export class Pipeline {
  #section; #sides = {}; #groupsCard; #nodes; #output; #definition; #bottleneck; #table; #details; #line; #groups = [];

  constructor(section) {
    this.#section = section;
    for (const side of ['left', 'right']) this.#sides[side] = card(side === 'left' ? 'Left topic' : 'Right topic');
    this.#groupsCard = card('Key groups');
    this.#nodes = el('div', { class: 'nodes' });
    this.#groupsCard.element.append(this.#nodes);
    this.#output = card('Output');
    this.#bottleneck = el('p', { class: 'bottleneck' });
    this.#definition = el('p', { class: 'quiet' });
    const columns = ['Group', 'Node', 'State', 'Lag', 'Buffered', 'Waiting', 'Size', 'Unconfirmed', 'Left time (UTC)', 'Right time (UTC)', 'Snapshot (UTC)'];
    this.#table = table('Key groups', columns
      .map((name, i) => ({ name, number: i === 0 || (i > 2 && i < 8) })));
    this.#details = el('details', {}, el('summary', { text: 'All key groups as a table' }), this.#table.element);
    this.#details.addEventListener('toggle', () => this.#showTable());
    this.#line = commandLine('');
    section.append(
      el('h2', { id: 'pipeline-title', text: 'The pipeline' }), this.#definition, this.#bottleneck,
      el('div', { class: 'flow' },
        el('div', { class: 'inputs' }, this.#sides.left.element, this.#sides.right.element),
        el('span', { class: 'arrow', 'aria-hidden': 'true', text: '→' }), this.#groupsCard.element,
        el('span', { class: 'arrow', 'aria-hidden': 'true', text: '→' }), this.#output.element),
      this.#details, this.#line.element);
  }

  show({ cluster, board, overview, join }) {
    const report = cluster?.joins.find(found => found.join === join);
    this.#section.hidden = !report;
    if (!report) return;
    this.#groups = report.groups;
    this.#line.show(commandOf('cluster', 'show'));
    const bottleneck = bottleneckOf(report, board, overview);
    this.#showDefinition(overview);
    for (const side of ['left', 'right']) this.#showSide(side, report, board, overview, bottleneck);
    this.#showGroups(cluster, report, overview, bottleneck);
    this.#showOutput(report, overview, bottleneck);
    setText(this.#bottleneck, bottleneck.text);
    setAttribute(this.#bottleneck, 'class', bottleneck.at ? 'bottleneck is-there' : 'bottleneck');
    this.#showTable();
  }

  #showDefinition(overview) {
    this.#definition.hidden = !overview;
    if (!overview) return;
    const { type, beforeMs, afterMs, hasWhere, maxOutOfOrdernessMs } = overview.definition;
    setText(this.#definition, `${type}: the right time is from left time${beforeMs === 0 ? '' : ` − ${duration(beforeMs)}`} to left time + ${duration(afterMs)}`
      + `${hasWhere ? ', and where' : ''}; records up to ${duration(maxOutOfOrdernessMs)} out of order are not late.`);
  }

  #showSide(side, report, board, overview, bottleneck) {
    const shown = this.#sides[side];
    const partitions = board?.partitions.filter(p => p.side === side) ?? [];
    const topic = overview?.definition[side].topic ?? board?.[side].topic ?? report.groups.find(g => g[side])?.[side].topic;
    const lag = partitions.length > 0 ? partitions.reduce((sum, p) => sum + (p.lag ?? 0), 0) : null;
    shown.show(topic ?? 'no key group has told it yet', bottleneck.at === side, [
      ['rate', overview ? rate(overview.oneMinute[side === 'left' ? 'readLeft' : 'readRight']) : null],
      ['not read yet', lag === null ? null : count(lag)],
      ['partitions', partitions.length > 0 ? count(partitions.length) : null],
    ]);
    cells(shown.grid, partitions, p => ({
      text: p.partition, state: p.state, isHolding: p.holdsBack,
      about: `Partition ${p.partition}: ${word(p.state)}${pauseReasons[p.reason] ? `, ${pauseReasons[p.reason]}` : ''}`
        + `${p.holdsBack ? ', holds time back' : ''}; lag ${count(p.lag)}, watermark ${clock(p.watermarkMs)}`,
    }));
  }

  #showGroups(cluster, report, overview, bottleneck) {
    const running = report.groups.filter(g => g.state === 'running');
    this.#groupsCard.show(`${running.length} of ${report.groups.length} run`, bottleneck.at === 'groups', [
      ['buffered', count(overview?.buffered ?? sum(running, 'buffered'))],
      ['waiting', count(sum(running, 'waiting'))],
      ['state', bytes(overview?.stateBytes ?? sum(running, 'stateBytes'))],
    ]);
    const names = [...new Set([...cluster.members.map(m => m.address), ...report.groups.map(g => g.node ?? '')])];
    const nodes = names.map(address => ({
      member: cluster.members.find(m => m.address === address), address, groups: report.groups.filter(g => (g.node ?? '') === address),
    }));
    const make = () => el('div', { class: 'node' }, el('h4'), el('ol', { class: 'cells' }));
    sync(this.#nodes, nodes.filter(n => n.member || n.groups.length > 0), make, (element, node) => {
      const name = node.address ? `${nodeName(node.address)} · ${memberText(node.member)}` : 'On no node';
      setText(element.children[0], `${name} · ${plural(node.groups.length, 'key group')}`);
      setAttribute(element, 'class', node.member?.reachable === false || !node.address ? 'node gone' : 'node');
      cells(element.children[1], node.groups, g => ({
        text: g.group, state: g.state,
        about: `Key group ${g.group}: ${word(g.state)}${g.state === 'running' ? `; lag ${count(g.lag)}, buffered ${count(g.buffered)}` : ''}`,
      }));
    });
  }

  #showOutput(report, overview, bottleneck) {
    const topic = overview?.definition.output ?? 'output topic';
    this.#output.show(topic, bottleneck.at === 'output', [
      ['rows', overview ? rate(overview.oneMinute.rows) : null],
      ['events not confirmed', count(sum(report.groups, 'unconfirmed'))],
      ['late', overview ? rate(overview.oneMinute.late) : null],
    ]);
  }

  #showTable() {
    if (!this.#details.open) return;
    this.#table.show(this.#groups.map(g => [
      g.group, nodeName(g.node), { text: word(g.state), class: g.state === 'running' ? '' : 'bad' }, count(g.lag), count(g.buffered),
      count(g.waiting), bytes(g.stateBytes), count(g.unconfirmed), timeOfDay(g.left?.watermark), timeOfDay(g.right?.watermark),
      g.snapshot ? timeOfDay(Date.parse(g.snapshot.savedAt)) : '–',
    ]));
  }
}

const memberText = member => (!member ? 'no member any more' : !member.reachable ? 'not reachable' : member.status);

function card(kind) {
  const title = el('h3'), badge = el('strong', { class: 'badge', text: 'bottleneck' });
  const figures = el('dl'), grid = el('ol', { class: 'cells' });
  const element = el('article', { class: 'card' }, el('p', { class: 'kind' }, kind, ' ', badge), title, figures, grid);
  return {
    element,
    grid,
    show(text, isBottleneck, pairs) {
      setText(title, text);
      badge.hidden = !isBottleneck;
      setAttribute(element, 'class', isBottleneck ? 'card marked' : 'card');
      sync(figures, pairs.filter(([, value]) => value !== null), () => el('div', {}, el('dt'), el('dd')), (item, [name, value]) => {
        setText(item.children[0], name);
        setText(item.children[1], value);
      });
    },
  };
}

// A small square for each; its shape tells the state too, for those who do not see the colour.
function cells(list, items, describe) {
  list.hidden = items.length === 0;
  sync(list, items, () => el('li', {}, el('span', { 'aria-hidden': 'true' }), el('span', { class: 'hidden' })), (cell, item) => {
    const { text, state, about, isHolding } = describe(item);
    setAttribute(cell, 'class', `cell ${state}${isHolding ? ' holding' : ''}`);
    setAttribute(cell, 'title', about);
    setText(cell.children[0], `${text}${marks[state] ?? ''}`);
    setText(cell.children[1], about);
  });
}
