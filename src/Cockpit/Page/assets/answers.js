// How the answers to questions look.

import { el, table } from './dom.js';
import { clock, count, duration, iso, nodeName, percent, plural, word } from './format.js';

/** join explain */
export function explanation({ reason, text, certainty, evidence }) {
  const found = table('What it was found from', [{ name: 'Where' }, { name: 'What it says' }]);
  found.show(evidence.map(e => [e.source, e.text]));
  const about = certainty === 'known' ? 'known: the join itself says so' : 'inferred from the topics and the definition';
  return el('article', { class: 'answer' },
    el('p', {}, el('strong', { class: 'badge', text: word(reason) }), ' ', el('span', { class: 'quiet', text: about })),
    el('p', { class: 'sentence', text }), evidence.length > 0 ? found.element : null);
}

/** join key */
export function keyState(report) {
  const title = `Key ${report.key ?? `0x${report.keyHex}`}`;
  const where = `Key group ${report.group} on ${nodeName(report.node)}; `
    + `left time ${clock(report.leftWatermarkMs)}, right time ${clock(report.rightWatermarkMs)}`;
  return el('article', { class: 'answer' }, el('h3', { text: title }), el('p', { class: 'quiet', text: where }),
    report.problem ? el('p', { class: 'error', text: report.problem }) : null,
    ...(report.problem ? [] : ['left', 'right'].map(side => entries(side, report[side]))), report.rows ? rows(report.rows) : null);
}

function rows({ topic, rows: list, read, problem }) {
  if (!read) return el('p', { class: 'error', text: `Its rows in ${topic} cannot be read: ${problem}` });
  const hasValues = list.some(row => row.value !== null && row.value !== undefined);
  const shown = table(`Its last rows in ${topic}, the newest first`,
    [{ name: 'Position', number: true }, { name: 'Time' }, { name: 'Kind' }, { name: 'Id' }, { name: hasValues ? 'Value' : 'Bytes', number: !hasValues }]);
  shown.show(list.map(row => [`${row.partition}:${row.offset}`, iso(row.timeMs), row.kind ?? '–', row.id ?? '–',
    hasValues ? row.value ?? 'null' : row.valueLength === null ? 'null' : count(row.valueLength)]));
  return el('div', {}, list.length > 0 ? shown.element : null, el('p', { class: 'quiet', text: read.text }));
}

function entries(side, { topic, count: n, isExact, entries: list }) {
  const caption = `${isExact ? '' : 'more than '}${plural(n, 'record')} of ${topic} (${side})${list.length < n ? `, the first ${list.length}` : ''}`;
  const hasValues = list.some(entry => entry.value !== null && entry.value !== undefined);
  const shown = table(caption, [{ name: 'Position', number: true }, { name: 'Time' }, { name: 'State' }, { name: 'Id' }, { name: 'Closes' },
    { name: 'Is forgotten' }, { name: hasValues ? 'Value' : 'Bytes', number: !hasValues }]);
  shown.show(list.map(e => [`${e.partition}:${e.offset}`, iso(e.timeMs),
    `${word(e.state)}${e.isMatched && e.state !== 'matched' ? ', matched' : ''}${e.isLate ? ', was late' : ''}`,
    e.id ?? '–', need(e.closes), need(e.forgets), hasValues ? e.value ?? 'null' : e.valueLength === null ? 'null' : count(e.valueLength)]));
  return shown.element;
}

const need = ({ leftMs, rightMs } = {}) => [['left', leftMs], ['right', rightMs]]
  .filter(([, ms]) => ms !== null && ms !== undefined)
  .map(([side, ms]) => `${side} time ≥ ${clock(ms)}`).join(', ') || 'never';

/** join diagnose */
export function diagnosis(report) {
  return el('article', { class: 'answer' },
    el('p', { class: 'sentence', text: report.answer }),
    el('ol', { class: 'causes' }, ...report.causes.map(cause)),
    steps(report), report.distances ? distances(report.distances) : null, keys(report.keys), terms(report.where),
    ...['left', 'right'].map(side => samples(side, report[side])));
}

function cause({ code, weight, text, settings, value, todo }) {
  const setting = settings.length > 0 ? `${settings.join(' or ')}${value === null || value === undefined ? '' : ` = ${value}`}` : null;
  return el('li', {}, el('strong', { class: 'badge', text: word(code) }), ' ', el('span', { class: 'quiet', text: `explains ${percent(weight)}` }),
    el('p', { text }), el('p', {}, el('strong', { text: todo })), setting ? el('p', {}, 'Setting: ', el('code', { text: setting })) : null);
}

function steps({ steps: list }) {
  const shown = table('How far the records of the sample get', [{ name: 'Records that' }, { name: 'Left', number: true }, { name: 'Right', number: true }]);
  shown.show(list.map(step => [step.step, count(step.left), count(step.right)]));
  return shown.element;
}

function distances({ of, pairs, inWindow, histogram, shift }) {
  const most = Math.max(1, ...histogram.map(bucket => bucket.pairs));
  const zone = shift?.isTimeZone ? ': a time zone?' : '';
  const rows = histogram.map(bucket => {
    const bar = el('span', { class: 'distance', 'aria-hidden': 'true' });
    bar.style.width = `${100 * bucket.pairs / most}%`;
    return el('tr', {}, el('td', { class: 'number', text: bound(bucket.fromMs) }), el('td', { class: 'number', text: bound(bucket.toMs) }),
      el('td', { class: 'number', text: count(bucket.pairs) }), el('td', { class: 'wide' }, bar));
  });
  const head = el('tr', {}, ...['From', 'To', 'Pairs', ''].map(text => (text ? el('th', { scope: 'col', class: 'number', text }) : el('td'))));
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Distances in time' },
    el('table', {}, el('caption', {
      text: `Right time less left time, of each ${of} record and the nearest of its key: ${count(inWindow)} of ${count(pairs)} lie within the window`
        + `${shift ? `; ${percent(shift.share)} lie ${duration(shift.ms)} apart${zone}` : ''}`,
    }), el('thead', {}, head), el('tbody', {}, ...rows)));
}

const bound = ms => (Math.abs(ms) > 1e15 ? (ms < 0 ? 'less' : 'more') : duration(ms));

function keys({ left, right, both, nearMisses, onlyLeft, onlyRight }) {
  const list = el('ul', {}, el('li', { text: `Keys: ${count(left)} left, ${count(right)} right, ${count(both)} on both sides` }));
  if (onlyLeft.length > 0) list.append(el('li', { text: `On the left alone, such as ${onlyLeft.join(', ')}` }));
  if (onlyRight.length > 0) list.append(el('li', { text: `On the right alone, such as ${onlyRight.join(', ')}` }));
  for (const miss of nearMisses) {
    const pairs = miss.examples.map(pair => `${pair.left} and ${pair.right}`).join('; ');
    list.append(el('li', { text: `${plural(miss.keys, 'key')} differ in form (${(miss.several?.length > 0 ? miss.several : [miss.difference]).map(word).join(', ')}): ${pairs}` }));
  }
  return list;
}

function terms(list) {
  if (list.length === 0) return null;
  const shown = table('The terms of where', [{ name: 'Term' }, { name: 'Pairs', number: true }, { name: 'Holds', number: true },
    { name: 'Fails', number: true }, { name: 'Unknown', number: true }, { name: 'For example' }]);
  shown.show(list.map(t => [t.term, count(t.pairs), count(t.holds), count(t.fails), count(t.unknown), t.example ?? '–']));
  return shown.element;
}

function samples(side, { topic, records, times, examples }) {
  const range = times ? `, from ${iso(times.oldest)} to ${iso(times.newest)}` : '';
  const shown = table(`${plural(records, 'record')} of ${topic} (${side})${range}`,
    [{ name: 'Position', number: true }, { name: 'Fate' }, { name: 'Key' }, { name: 'Time' }, { name: 'Id' }]);
  shown.show(examples.map(e => [`${e.partition}:${e.offset}`, e.reason ?? word(e.fate), e.key ?? '–', e.time ?? '–', e.id ?? '–']));
  return el('details', {}, el('summary', { text: `Some records of ${topic}` }), shown.element);
}
