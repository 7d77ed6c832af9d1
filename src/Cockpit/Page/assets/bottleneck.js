// Where records wait most: the bottleneck.

import { count, duration, plural } from './format.js';

export const sum = (items, name) => items.reduce((total, item) => total + (item[name] ?? 0), 0);

const at = (where, text) => ({ at: where, text });

const waiters = partitions => plural(partitions.length, 'partition');

/** Where records wait most, and how that is known: {at: left|right|groups|output|null, text}. */
export function bottleneckOf(report, board, overview) {
  const silent = report.groups.filter(g => g.state !== 'running').length;
  if (silent > 0) return { at: 'groups', text: `${plural(silent, 'key group')} do not run: what comes for them waits.` };
  const paused = board?.partitions.filter(p => p.state === 'paused' || p.state === 'silent') ?? [];
  const by = reason => paused.filter(p => p.reason === reason);
  const unconfirmed = sum(report.groups, 'unconfirmed');
  if (by('in-flight-bytes').length > 0) {
    const isOutput = unconfirmed > report.groups.length * 2;
    const who = waiters(by('in-flight-bytes'));
    return isOutput
      ? at('output', `The output is the bottleneck: ${count(unconfirmed)} events wait until the broker has their rows, and ${who} for them.`)
      : at('groups', `Key groups and journal are the bottleneck: ${who} wait until they have acknowledged what was read.`);
  }
  if (by('memory').length > 0) return at('groups', `Memory is the bottleneck: ${waiters(by('memory'))} wait for room on their node.`);
  if (by('dead-letters').length > 0) {
    return at('output', `Dead letters are the bottleneck: ${waiters(by('dead-letters'))} wait until the broker has them.`);
  }
  if (by('broker').length > 0) {
    const [first] = by('broker');
    return { at: first.side, text: `The broker of ${first.topic} partition ${first.partition} sends nothing.` };
  }
  if (by('alignment').length > 0) {
    const slowest = board.partitions.filter(p => p.state !== 'paused' && p.behindMs !== null).sort((a, b) => b.behindMs - a.behindMs)[0];
    const name = slowest ? `${slowest.topic} partition ${slowest.partition} is ${duration(slowest.behindMs)}` : 'a partition is';
    return { at: slowest?.side ?? 'left', text: `${name} behind in event time; ${waiters(by('alignment'))} wait for it.` };
  }
  return lagging(board, overview);
}

function lagging(board, overview) {
  const lag = side => board?.partitions.filter(p => p.side === side).reduce((total, p) => total + (p.lag ?? 0), 0) ?? 0;
  const [left, right] = [lag('left'), lag('right')], read = overview ? overview.oneMinute.readLeft + overview.oneMinute.readRight : 0;
  if (left + right > Math.max(1000, read * 5)) {
    const side = left >= right ? 'left' : 'right';
    const ending = read > 0 ? ` At this rate that takes ${duration((left + right) / read * 1000)}, if nothing new comes.` : '';
    return { at: side, text: `Reading is the bottleneck: ${count(left + right)} records are not read yet, most of the ${side} side.${ending}` };
  }
  return { at: null, text: board ? 'No bottleneck: what comes is read and joined at once.' : '' };
}
