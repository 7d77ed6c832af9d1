// What is wrong, and what to do: from all that is known. Each problem is {level, text, todo}; "bad" before "look".

import { el, setAttribute, setText, sync } from './dom.js';
import { clock, count, duration, nodeName, percent, plural, word } from './format.js';

const checkTodos = {
  'actor system': 'Look at the log of the node, and start its process again if it stays so.',
  member: 'A node that starts needs some seconds. If it stays so, see whether the nodes reach each other.',
  journal: 'See that the database answers and has room. The join waits for it and goes on by itself.',
  broker: 'See that Kafka runs at that address and lets this node in. The join goes on by itself.',
  joins: 'A join that starts needs some seconds. If it stays so, the log of the node says why.',
  'key groups': 'Key groups that read their state need some seconds. If it stays so, look at the journal and the log.',
};

export const pauseReasons = {
  'in-flight-bytes': 'so many bytes are under way that key groups, journal or output must catch up first',
  alignment: 'it is too far ahead of the slowest partition in event time',
  'dead-letters': 'its dead letters wait for the broker',
  memory: 'the memory budget of its node is used up',
  order: 'somebody paused its side',
  rate: 'the join reads as many records per second as it may',
  returning: 'the other side was paused, and is read first',
  broker: 'its broker sends nothing: it may be away, or the partition has no leader',
};

const stateTodos = {
  idle: 'Its time goes on as idle.policy says, so what waits comes later. See that its producer runs and sends to this partition.',
  'at-end': 'A partition without new records holds time back. See that its producer runs and sends to this partition, or set idle.policy.',
  finished: 'The bounded run has read it to its end.',
  active: 'Its newest records are old in event time. See whether its producer lags, or sends times in a wrong unit.',
  paused: 'It is read on when the reason is gone: see the pipeline below for the bottleneck.',
  silent: 'See that the broker that leads the partition runs.',
  starting: 'Wait while its key groups start.',
  leaving: 'Wait while another node gets it.',
  'not-read': 'No node reads it. See that all nodes of the join run.',
};

// What becomes of a side's time without new records.
function ofSilence({ idlePolicy, idleTimeoutMs }, what) {
  return idlePolicy === 'wall-clock'
    ? `After idle.timeout (${duration(idleTimeoutMs)}) ${what} goes on with the clock.`
    : `Without new records ${what} stands still: that is idle.policy = ${idlePolicy ?? 'wait'}.`;
}

export function problemsOf(known) {
  const found = [
    ...ofFailures(known.failures),
    ...ofHealth(known.health),
    ...ofCluster(known.cluster),
    ...ofMissing(known),
    ...ofBoard(known),
    ...ofInput(known.input),
    ...ofLedger(known.ledger),
    ...ofFlow(known),
    ...ofSettings(known.overview),
  ];
  return [...found.filter(p => p.level === 'bad'), ...found.filter(p => p.level !== 'bad')];
}

const bad = (text, todo) => ({ level: 'bad', text, todo });
const look = (text, todo) => ({ level: 'look', text, todo });

const ofFailures = failures => [...new Set(failures.values())].map(message =>
  bad(`The page cannot ask: ${message}.`, 'What is shown below may be old. The page goes on asking.'));

const ofHealth = health => (health?.checks ?? []).filter(check => !check.isWell).map(check =>
  bad(`${check.name}: ${check.text}`, checkTodos[check.name] ?? 'Look at the log of the node.'));

function ofCluster(cluster) {
  const members = (cluster?.members ?? []).flatMap(member => {
    const name = nodeName(member.address);
    if (!member.reachable) {
      return [bad(`Node ${name} does not answer the others.`, 'See whether its process and its network live.')];
    }
    return member.status === 'up' ? [] : [look(`Node ${name} is ${member.status}.`, 'Wait until it is up or gone.')];
  });
  const groups = (cluster?.joins ?? []).flatMap(join => {
    const silent = join.groups.filter(group => group.state !== 'running');
    if (silent.length === 0) return [];
    const states = Object.entries(Object.groupBy(silent, group => group.state)).map(([state, of]) => `${of.length} ${word(state)}`);
    return [bad(`${silent.length} of ${plural(join.groups.length, 'key group')} of ${join.join} do not run: ${states.join(', ')}.`,
      'Their keys wait and nothing is lost. They start by themselves when a node can take them.')];
  });
  return [...members, ...groups];
}

function ofMissing({ board, ledger, overview, series }) {
  const missing = [board, ledger, overview, series].flatMap(report => report?.missing ?? []);
  const byNode = new Map(missing.map(part => [part.node, part.reason]));
  return [...byNode].map(([node, reason]) =>
    bad(`The part of node ${nodeName(node)} is missing below: ${reason}`, 'See whether the node hangs or has gone.'));
}

const waiting = side => (side?.rowsWaiting > 0 ? `${plural(side.rowsWaiting, 'record')} of the other side cannot be decided before.` : '');

// Whether nothing came of a side in the last minute, though nobody paused it. Side: left or right.
const isSilent = (side, overview) => overview !== undefined && overview !== null && overview.oneMinute.seconds >= 30
  && overview.oneMinute[side === 'left' ? 'readLeft' : 'readRight'] === 0 && !overview.asked?.[`${side}IsPaused`];

// 1980: seconds that are read as milliseconds lie before.
const oldestMs = Date.UTC(1980, 0, 1);

function ofBoard({ board, overview }) {
  return [board?.left, board?.right].filter(Boolean).flatMap(side => {
    if (side.watermarkMs > 0 && side.watermarkMs < oldestMs) {
      return [look(
        `The times of ${side.topic} lie before 1980: the ${side.side} time is ${clock(side.watermarkMs)}. Their unit seems to be another one.`,
        `Press "Why is there nothing?": it names the unit. The setting is akkajoin.joins.${board.join}.${side.side}.time-format.`,
      )];
    }
    const stands = side.heldSinceMs === null ? 0 : board.atMs - side.heldSinceMs;
    if (side.heldBy === null || stands < 30_000 || side.rowsWaiting === 0) return [];
    const partition = board.partitions.find(p => p.side === side.side && p.partition === side.heldBy);
    const state = partition?.state ?? 'not-read';
    const isAtEnd = state === 'idle' || state === 'at-end';
    if (isAtEnd && isSilent(side.side, overview)) return []; // not one partition alone: ofFlow says so
    const why = partition?.reason && partition.reason !== 'none' ? `, since ${pauseReasons[partition.reason] ?? partition.reason}` : '';
    const is = isAtEnd && partition.watermarkMs === null ? 'no record with a time ever came from it' : `it is ${word(state)}${why}`;
    return [look(
      `Partition ${side.heldBy} of ${side.topic} holds the ${side.side} time back, for ${duration(stands)} now: ${is}. ${waiting(side)}`,
      stateTodos[state] ?? 'See the watermark board.')];
  });
}

function ofInput(input) {
  return ['left', 'right'].flatMap(side => {
    const counts = input?.[side];
    if (!counts || counts.read === 0) return [];
    const dead = Object.entries(counts.deadLetters ?? {}).filter(([, n]) => n > 0);
    const deadSum = dead.reduce((sum, [, n]) => sum + n, 0);
    const routed = counts.read - counts.filtered - deadSum;
    const fields = counts.fields?.length ? ` A record has the fields ${counts.fields.join(', ')}.` : '';
    const found = [];
    if (deadSum > 0) {
      const [reason] = dead.sort((a, b) => b[1] - a[1])[0];
      const example = counts.examples?.[reason] ? ` For example: ${counts.examples[reason]}` : '';
      found.push(look(`${count(deadSum)} of ${count(counts.read)} ${side} records that this node read are dead letters: ${reason}.${example}`,
        `See the format, the key and the time of the ${side} side in the configuration.${fields}`));
    }
    if (counts.nullKeys * 2 > routed) {
      found.push(look(`${count(counts.nullKeys)} of ${count(routed)} ${side} records have no key and match nothing.`,
        `See ${side}.key in the configuration.${fields}`));
    }
    if (counts.filtered === counts.read) {
      found.push(look(`The filter leaves out all ${count(counts.read)} ${side} records.`, `See ${side}.filter in the configuration.${fields}`));
    }
    return found;
  });
}

const ofLedger = ledger => (ledger && !ledger.isEqual
  ? [look('The sums of the ledger differ from what came in.', 'A moment may do that. If it stays so, tell those who make AkkaJoin.')]
  : []);

function ofFlow({ overview, board }) {
  if (!overview) return [];
  const { fifteenMinutes: long, definition } = overview;
  const silent = ['left', 'right'].filter(side => isSilent(side, overview)).map(side => {
    const last = board?.partitions.filter(p => p.side === side).map(p => p.lastRecordMs ?? 0) ?? [];
    const since = Math.max(0, ...last);
    const span = since > 0 ? ` for ${duration(board.atMs - since)}` : ' in the last minute';
    return look(`No ${side} record came from ${definition[side].topic}${span}. ${waiting(board?.[side])}`,
      overview.lag > 0 ? 'There is something to read: see the pipeline.'
        : `See that the producer of ${definition[side].topic} runs. ${ofSilence(definition, `the ${side} time`)}`);
  });
  const flows = long.seconds >= 60 && long.readLeft > 0 && long.readRight > 0;
  const why = 'Press "Why is there nothing?": it names the cause and the setting to change.';
  const asked = overview.asked ?? {}, sides = ['left', 'right'].filter(side => asked[`${side}IsPaused`]);
  const dry = asked.isAtRest ? [] : flows && long.rows === 0
    ? [look(`Both sides are read and no row came out for ${duration(long.seconds * 1000)}.`, why)]
    : flows && silent.length === 0 ? ofNoPartner(overview, why) : [];
  const paused = sides.length === 0 ? [] : [look(`The join was paused: ${asked.says}.`,
    `To read on: join resume ${overview.join}${sides.length === 1 ? ` ${sides[0]}` : ''}`)];
  const resting = asked.isAtRest ? [look(`The join rests: ${asked.says}. Records are joined and held; none is given up.`,
    `To let time move: join wake ${overview.join}`)] : [];
  return [...resting, ...paused, ...silent, ...dry, ...ofMatchRate('left', overview.leftMatchRate), ...ofMatchRate('right', overview.rightMatchRate)];
}

// The node's sentences end with what to set. One of an earlier release has none.
const ofSettings = overview => (overview?.warnings ?? []).map(warning =>
  look(`Settings that cannot work together: ${warning}.`, `The same on a terminal: join show ${overview.join}`));

// The outer types and attribution give rows all the same: those without a partner.
function ofNoPartner(overview, todo) {
  const known = [overview.leftMatchRate, overview.rightMatchRate].filter(rate => rate && rate.now !== null && rate.decidedNow >= 100);
  return known.length > 0 && known.every(rate => rate.now === 0)
    ? [look(`Rows come out, and none of them has a partner: of ${count(known.reduce((sum, rate) => sum + rate.decidedNow, 0))} records that were `
      + 'decided in the last 10 minutes not one found any.', todo)]
    : [];
}

function ofMatchRate(side, rate) {
  const isKnown = rate && rate.now !== null && rate.hourBefore !== null && rate.decidedNow >= 100 && rate.decidedBefore >= 100;
  if (!isKnown || Math.abs(rate.now - rate.hourBefore) <= 0.25 * Math.max(rate.hourBefore, 0.04)) return [];
  return [look(`${percent(rate.now)} of the ${side} records found a partner in the last 10 minutes; it was ${percent(rate.hourBefore)} in the hour before.`,
    'See what changed in the producers, and press "Why is there nothing?".')];
}

/** Shows the problems; where there is none, since when that is known. */
export function showVerdict(known, elements) {
  const problems = problemsOf(known);
  const worst = problems.some(p => p.level === 'bad') ? 'bad' : problems.length > 0 ? 'look' : known.cluster ? 'well' : 'unknown';
  const titles = { bad: 'Something is wrong', look: 'It runs. Look at this', well: 'It is well', unknown: 'Asking the node …' };
  elements.section.className = worst;
  setText(elements.title, titles[worst]);
  setText(elements.text, worst === 'well' ? wellText(known) : '');
  sync(elements.list, problems, () => el('li', {}, el('strong'), el('span')), (item, problem) => {
    setAttribute(item, 'class', problem.level);
    setText(item.children[0], problem.text);
    setText(item.children[1], problem.todo);
  });
  document.title = `${worst === 'bad' ? '✗ ' : worst === 'look' ? '! ' : ''}AkkaJoin`;
}

function wellText({ cluster, overview, at }) {
  const groups = cluster.joins.reduce((sum, join) => sum + join.groups.length, 0);
  const rows = overview ? ` ${count(overview.oneMinute.rows * 60)} rows came out in the last minute.` : '';
  return `${plural(cluster.members.length, 'node')}, ${plural(groups, 'key group')}, all running.${rows} As of ${clock(at)}.`;
}
