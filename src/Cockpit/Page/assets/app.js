// Puts the page together: who asks, what the node can answer, what is polled, and what shows it.

import { Advice } from './advice.js';
import { ask, pathOf, Source } from './api.js';
import { Board } from './board.js';
import { Charts } from './charts.js';
import { Commands, commandsOf } from './commands.js';
import { el, setAttribute, setText, sync } from './dom.js';
import { Late } from './late.js';
import { Ledger } from './ledger.js';
import { Pipeline } from './pipeline.js';
import { showVerdict } from './problems.js';
import { Question } from './question.js';
import { Session } from './session.js';

const $ = id => document.getElementById(id);
const ofJoin = ['overview', 'board', 'advice', 'ledger', 'series'];

let commands = [], isAsking = false, isDrawing = false;
const known = { join: null, failures: new Map(), health: null, cluster: null, input: null, overview: null, board: null, advice: null, ledger: null, series: null, at: 0 };

const session = new Session(onSession);
const joinOfMany = () => (known.cluster?.joins.length > 1 ? known.join : null);
const question = new Question($('question'), session, joinOfMany);
const late = new Late($('late'), session, joinOfMany, record => question.explain(record));
const parts = {
  pipeline: new Pipeline($('pipeline')), charts: new Charts($('charts')), board: new Board($('board')), advice: new Advice($('advice')), ledger: new Ledger($('ledger')),
  commands: new Commands($('commands'), session),
};
const verdict = { section: $('verdict'), title: $('verdict-title'), text: $('verdict-text'), list: $('problems') };

const sources = {
  health: source('health', 6_000, () => 'health', [503]),
  cluster: source('cluster', 2_000, () => pathOf('cluster', 'show')),
  overview: source('overview', 2_000, () => pathOf('join', 'show', { join: known.join })),
  board: source('board', 2_000, () => pathOf('time', 'show', { join: known.join })),
  advice: source('advice', 20_000, () => pathOf('time', 'advise', { join: known.join })),
  ledger: source('ledger', 6_000, () => pathOf('join', 'ledger', { join: known.join })),
  series: source('series', 10_000, () => pathOf('join', 'series', { join: known.join })),
};
const commandsOfSources = {
  overview: ['join', 'show'], board: ['time', 'show'], advice: ['time', 'advise'], ledger: ['join', 'ledger'], series: ['join', 'series'],
};
const has = (palette, name) => commands.some(command => command.palette === palette && command.name === name);

function source(name, intervalMs, path, accept) {
  return new Source(path, intervalMs, value => {
    known.failures.delete(name);
    known[name] = value;
    known.at = Date.now();
    if (name === 'cluster') onCluster();
    draw();
  }, error => onError(name, error), accept);
}

function onError(name, error) {
  if (error.status === 404) {
    // The node has no such command: its part is not shown.
    sources[name].stop();
    known[name] = null;
  } else if (error.status === 401) {
    session.refresh();
  } else {
    known.failures.set(name, error.message ?? String(error));
  }
  draw();
}

function onCluster() {
  const names = known.cluster.joins.map(join => join.join);
  $('join-choice').hidden = names.length < 2;
  sync($('join'), names, () => el('option'), (option, name) => {
    setAttribute(option, 'value', name);
    setText(option, name);
  });
  if (!names.includes(known.join)) choose(names[0] ?? null);
  known.input = known.cluster.joins.find(join => join.join === known.join)?.input ?? null;
}

function choose(join) {
  known.join = join;
  if (join !== null) $('join').value = join;
  question.clear();
  late.clear();
  for (const name of ofJoin) {
    known[name] = null;
    sources[name].stop();
    if (join !== null && has(...commandsOfSources[name])) sources[name].start();
  }
}

async function onSession() {
  for (const one of Object.values(sources)) one.stop();
  known.failures.clear();
  question.clear();
  late.clear();
  if (session.has('state')) {
    known.join = null;
    await learn();
  } else {
    for (const name of ['health', 'cluster', ...ofJoin]) known[name] = null;
  }
  draw();
}

// What the node can answer stands in its description.
async function learn() {
  if (isAsking) return;
  isAsking = true;
  try {
    commands = commandsOf(await ask('api/v1/openapi.json'));
    known.failures.delete('description');
    parts.commands.show(commands);
    sources.health.start();
    sources.cluster.start();
  } catch (e) {
    known.failures.set('description', e.message);
    setTimeout(() => learn(), 5_000);
  } finally {
    isAsking = false;
    draw();
  }
}

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    drawNow();
  });
}

function drawNow() {
  if (!session.has('state')) {
    verdict.section.className = 'look';
    setText(verdict.title, 'Log in to see how the join is');
    setText(verdict.text, 'This node shows its figures to whoever has a token.');
    verdict.list.replaceChildren();
    for (const section of document.querySelectorAll('main > section:not(#verdict)')) section.hidden = true;
    return;
  }
  showVerdict(known, verdict);
  question.show(has);
  late.show(has);
  parts.pipeline.show(known);
  parts.charts.show(known.series);
  parts.board.show(known.board);
  parts.advice.show(known.advice);
  parts.ledger.show(known.ledger);
}

$('join').addEventListener('change', () => {
  choose($('join').value);
  onCluster();
  draw();
});
session.start();
