// What other limits of time would do: late records, delay and state for each, the window, and what to set.

import { commandLine, commandOf, el, setText, table } from './dom.js';
import { bytes, clock, count, duration, plural } from './format.js';

export class Advice {
  #section; #sentence; #setting; #from; #table; #window; #notes; #line;

  constructor(section) {
    this.#section = section;
    this.#sentence = el('p', { class: 'sentence' });
    this.#setting = el('code');
    this.#from = el('p', { class: 'quiet' });
    const columns = ['max-out-of-orderness', 'Lefts late', 'Rights late', 'Unmatched lefts after', 'Unmatched rights after', 'State', ''];
    this.#table = table('What each limit would do', columns.map((name, i) => ({ name, number: i < 6 })));
    this.#window = el('p');
    this.#notes = el('p', { class: 'quiet' });
    this.#line = commandLine('');
    section.append(el('h2', { id: 'advice-title', text: 'Limits of time' }), this.#sentence, el('p', {}, this.#setting), this.#from,
      this.#table.element, this.#window, this.#notes, this.#line.element);
  }

  show(report) {
    this.#section.hidden = !report;
    if (!report) return;
    setText(this.#sentence, report.advice);
    setText(this.#setting, report.setting ? `${report.setting.key} = ${report.setting.value}` : '');
    this.#setting.parentElement.hidden = !report.setting;
    const since = report.sinceMs === null ? '' : ` since ${clock(report.sinceMs)}`;
    setText(this.#from, `From ${plural(report.left.records + report.right.records, 'record')} and ${plural(report.window.pairs, 'pair')}${since}. `
      + `${ofSide(report.left)} ${ofSide(report.right)}`);
    this.#table.element.hidden = report.isTooFew;
    this.#table.show(report.choices.map(row));
    setText(this.#window, [ofArm('before', report.window.before), ofArm('after', report.window.after)].filter(Boolean).join(' '));
    this.#window.hidden = report.window.pairs === 0;
    const repair = report.repairForMs > 0 ? `Late is what comes behind late.repair-for = ${duration(report.repairForMs)} too. ` : '';
    const history = report.isHistory ? 'The records are old: delays are as if they were read when they happened.' : '';
    setText(this.#notes, repair + history);
    this.#notes.hidden = repair + history === '';
    this.#line.show(commandOf('time', 'advise', [report.join]));
  }
}

function ofSide(side) {
  const worst = side.worstPartition === null ? '' : `, most of them in partition ${side.worstPartition}`;
  const lag = side.lagMs === null ? '' : `, and its time is mostly ${duration(side.lagMs)} behind the clock`;
  return `${side.topic} is out of order by ${duration(side.maxDisorderMs)} at most${worst}${lag}.`;
}

const ofArm = (name, arm) => (arm === null ? ''
  : `${share(arm.lastTenthShare)} of the pairs lie in the last tenth of ${name} = ${duration(arm.boundMs)}; `
    + `${share(arm.leftIfHalvedShare)} would be left with ${duration(arm.halvedMs)}.`);

const row = choice => [
  duration(choice.maxOutOfOrdernessMs),
  { text: share(choice.leftLateShare), class: choice.leftLateShare > 0.001 ? 'look' : '' },
  { text: share(choice.rightLateShare), class: choice.rightLateShare > 0.001 ? 'look' : '' },
  duration(choice.leftDelayMs), duration(choice.rightDelayMs), bytes(choice.stateBytes),
  choice.isPresent ? 'now' : '',
];

// 0 is none at all, so a little is not written as 0.
function share(value) {
  if (value === 0 || value === 1) return `${count(value * 100)} %`;
  if (value < 0.0001) return '< 0.01 %';
  return value > 0.9999 ? '> 99.99 %' : `${(value * 100).toFixed(2)} %`;
}
