// How figures are written.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const missing = value => value === null || value === undefined || Number.isNaN(value);

export const count = value => (missing(value) ? '–' : whole.format(value));

export const rate = value => (missing(value) ? '–' : `${value >= 10 ? whole.format(value) : oneDigit.format(value)}/s`);

export const percent = value => (missing(value) ? '–' : `${oneDigit.format(value * 100)} %`);

export function bytes(value) {
  if (missing(value)) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; value >= 1024 && i < units.length - 1; i++) value /= 1024;
  return `${oneDigit.format(value)} ${units[i]}`;
}

/** 950 ms, 1.2 s, 3 min 4 s, 2 h 5 min, 3 d 1 h. */
export function duration(ms) {
  if (missing(ms)) return '–';
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${oneDigit.format(seconds)} s`;
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([size]) => seconds >= size);
  const [size, unit] = parts[first], large = Math.floor(seconds / size);
  const next = parts[first + 1], small = Math.floor((seconds - large * size) / next[0]);
  return `${whole.format(large)} ${unit}${small > 0 ? ` ${small} ${next[1]}` : ''}`;
}

/** A time of the day in UTC, as logs and commands have it, with the date where it is not today; for a column whose head says UTC. */
export function timeOfDay(ms) {
  if (missing(ms) || Math.abs(ms) > 8.64e15) return '–';
  const [day, time] = new Date(ms).toISOString().split('T');
  return `${day === new Date().toISOString().split('T')[0] ? '' : `${day} `}${time.slice(0, 8)}`;
}

/** The same, for a sentence. */
export const clock = ms => (missing(ms) ? '–' : `${timeOfDay(ms)} UTC`);

export const iso = ms => (missing(ms) || Math.abs(ms) > 8.64e15 ? '–' : new Date(ms).toISOString());

export const plural = (n, word) => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

/** The part of a node's address that tells it from others: akka.tcp://name@HOST:PORT. */
export const nodeName = address => (address ? address.replace(/^akka[\w.]*:\/\/[^@]*@/, '') : 'no node');

/** A word of the API: not-read is "not read". */
export const word = value => String(value ?? '–').replaceAll('-', ' ');
