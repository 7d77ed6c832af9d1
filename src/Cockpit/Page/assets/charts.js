// The last hour. For an attribution the take rate comes first.

import uPlot from './vendor/uPlot.esm.js';
import { commandLine, commandOf, el, setText } from './dom.js';
import { bytes, count, duration, percent, rate, timeOfDay } from './format.js';

const stepSeconds = 10, height = 170;

const perSecond = n => n / stepSeconds;

const kinds = [
  {
    name: 'Take rate, by minute of event time', needs: report => report.takeRate.length > 0, format: percent, take: true,
    lines: [['taken of shown', '--rows', p => (p.shown > 0 ? p.taken / p.shown : null)]],
  },
  {
    name: 'Records and rows per second', format: rate,
    lines: [['left', '--left', p => perSecond(p.readLeft)], ['right', '--right', p => perSecond(p.readRight)], ['rows', '--rows', p => perSecond(p.rows)]],
  },
  { name: 'Share that finds a partner', format: percent, lines: [['left', '--left', p => share(p.left)], ['right', '--right', p => share(p.right)]] },
  { name: 'Records not read yet', format: count, lines: [['lag', '--left', p => p.lag]] },
  { name: 'Time behind the wall clock', format: duration, lines: [['watermark', '--look', p => p.watermarkLagMs]] },
  { name: 'State', format: bytes, lines: [['bytes', '--right', p => p.stateBytes]] },
  {
    name: 'Late records and duplicates per second', format: rate,
    lines: [['late', '--bad', p => perSecond(p.left.late + p.right.late)], ['duplicates', '--quiet', p => perSecond(p.left.duplicates + p.right.duplicates)]],
  },
];

// Of a node that is young, the last ten minutes.
const shownTimes = ({ data: [times] }) => [Math.min(times[0], times.at(-1) - 600), times.at(-1)];

const hourAndMinute = seconds => timeOfDay(seconds * 1000).split(' ').at(-1).slice(0, 5);

const share = side => {
  const decided = side.matched + side.unmatched + side.expired;
  return decided > 0 ? side.matched / decided : null;
};

export class Charts {
  #section; #row; #charts = []; #line; #report = null; #key = '';

  constructor(section) {
    this.#section = section;
    this.#row = el('div', { class: 'charts' });
    this.#line = commandLine('');
    section.append(el('h2', { id: 'charts-title', text: 'The last hour (UTC)' }), this.#row, this.#line.element);
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#rebuild());
    new ResizeObserver(() => this.#charts.forEach(chart => chart.resize())).observe(this.#row);
  }

  show(report) {
    if (report && report === this.#report) return;
    this.#report = report;
    this.#section.hidden = !report;
    if (!report) return;
    this.#line.show(commandOf('join', 'series', [report.join]));
    const shown = kinds.filter(kind => kind.needs?.(report) ?? true);
    const key = `${report.join} ${shown.map(kind => kind.name)}`;
    if (key !== this.#key) this.#rebuild(key, shown);
    for (const chart of this.#charts) chart.show(report);
  }

  #rebuild(key = this.#key, shown = this.#charts.map(chart => chart.kind)) {
    this.#key = key;
    this.#charts.forEach(chart => chart.destroy());
    this.#charts = shown.map(kind => chartOf(kind));
    this.#row.replaceChildren(...this.#charts.map(chart => chart.element));
    if (this.#report) this.#charts.forEach(chart => chart.show(this.#report));
  }
}

const line = { width: 2, spanGaps: true, points: { size: 4, show: plot => plot.data[0].length < 30 } };

function chartOf(kind) {
  const latest = el('span', { class: 'latest' }), canvas = el('div', { class: 'canvas', role: 'img' });
  const element = el('figure', { class: kind.take ? 'first' : null }, el('figcaption', {}, el('strong', { text: kind.name }), latest), canvas);
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let plot = null;
  const size = () => ({ width: Math.max(200, canvas.clientWidth), height });
  return {
    kind,
    element,
    draw(data) {
      const rule = { stroke: style('--line'), width: 1 };
      const axis = { stroke: style('--quiet'), grid: rule, ticks: rule, font: '11px system-ui' };
      plot = new uPlot({
        ...size(),
        tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
        legend: { show: false },
        cursor: { y: false },
        scales: { x: { range: shownTimes }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), high > 0 ? high * 1.1 : 1] } },
        axes: [{ ...axis, space: 60, values: (_, ticks) => ticks.map(hourAndMinute) },
          { ...axis, size: 82, values: (_, ticks) => ticks.map(tick => kind.format(tick)) }],
        series: [{}, ...kind.lines.map(([label, color]) => ({ ...line, label, stroke: style(color) }))],
      }, data, canvas);
    },
    show(report) {
      // The last step is not over yet.
      const points = kind.take ? report.takeRate : report.points.slice(0, -1);
      const values = kind.lines.map(([, , of]) => points.map(of));
      const data = [points.map(p => (kind.take ? p.minuteMs : p.atMs) / 1000), ...values];
      if (points.length > 0 && plot) plot.setData(data);
      else if (points.length > 0) this.draw(data);
      const last = kind.lines.map(([label], i) => ({ label, value: values[i].findLast(v => v !== null && v !== undefined) }));
      latest.replaceChildren(...kind.lines.map(([label, color], i) => {
        const key = el('i', { 'aria-hidden': 'true' });
        key.style.background = `var(${color})`;
        return el('span', {}, key, `${label} ${kind.format(last[i].value)}`);
      }));
      canvas.setAttribute('aria-label', `${kind.name}. Last: ${last.map(l => `${l.label} ${kind.format(l.value)}`).join(', ')}`);
    },
    resize() {
      const { width } = size();
      if (plot && plot.width !== width) plot.setSize(size());
    },
    destroy() {
      plot?.destroy();
    },
  };
}
