/** What is read is not the text format of Prometheus. The message says where, without quoting it. */
export class ExpositionUnreadable extends Error {}

export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and the infinities are values, too. */
  readonly value: number;
}

export interface ExpositionLimits {
  readonly seriesMax: number;
  readonly lineBytesMax: number;
}

const NEWLINE = 0x0a;
const NAME = /^(?<name>[a-zA-Z_:][\w:]*)[ \t]*/;
const LABEL = /[ \t]*(?<label>[a-zA-Z_]\w*)[ \t]*=[ \t]*"(?<value>(?:\\.|[^"\\])*)"[ \t]*(?<after>,|\})/sy;
/** The value, then perhaps a time, then in OpenMetrics perhaps an example of what was counted. */
const VALUE = /^[ \t]*(?<value>[^ \t]+)(?:[ \t]+[\d.eE+-]+)?[ \t]*(?:#.*)?$/s;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
};

/**
 * The samples of the metrics that are wanted, one after the other, in the text format 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats) or in OpenMetrics 1.0. Of other lines only the name is read.
 * Undefined stands for each that is not wanted. Throws `ExpositionUnreadable`, and nothing else.
 */
export function* samplesIn(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  { seriesMax, lineBytesMax }: ExpositionLimits,
): Generator<Sample | undefined> {
  const decoder = new TextDecoder();
  let series = 0;
  for (let start = 0, number = 1; start < bytes.length; number += 1) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    if (end - start > lineBytesMax)
      throw new ExpositionUnreadable(`line ${number} is longer than ${lineBytesMax} bytes`);
    const line = decoder.decode(bytes.subarray(start, end)).trim();
    start = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    series += 1;
    if (series > seriesMax) throw new ExpositionUnreadable(`there are more than ${seriesMax} series`);
    const sample = sampleIn(line, isWanted);
    if (sample === 'unreadable') throw new ExpositionUnreadable(`line ${number} is no metric`);
    yield sample;
  }
}

/** Undefined for a metric that nobody wants. */
function sampleIn(line: string, isWanted: (name: string) => boolean): Sample | 'unreadable' | undefined {
  // A name in quotes is written within the braces: it is not one that a selector can say.
  if (line.startsWith('{"')) return undefined;
  const { 0: head = '', groups } = NAME.exec(line) ?? {};
  const { name } = groups ?? {};
  if (name === undefined || line.length === name.length) return 'unreadable';
  return isWanted(name) ? readSample(name, line, head.length) : undefined;
}

function readSample(name: string, line: string, start: number): Sample | 'unreadable' {
  const labels = labelsIn(line, start);
  if (labels === undefined) return 'unreadable';
  const value = numberOf(VALUE.exec(line.slice(labels.end))?.groups?.['value'] ?? '');
  return value === undefined ? 'unreadable' : { name, labels: labels.found, value };
}

function labelsIn(line: string, start: number) {
  const found = new Map<string, string>();
  if (line[start] !== '{') return { found, end: start };
  const empty = /[ \t]*\}/y;
  for (let at = start + 1; ; ) {
    empty.lastIndex = at;
    if (empty.test(line)) return { found, end: empty.lastIndex };
    LABEL.lastIndex = at;
    const { label, value, after } = LABEL.exec(line)?.groups ?? {};
    if (label === undefined || value === undefined) return undefined;
    found.set(label, unescaped(value));
    at = LABEL.lastIndex;
    if (after === '}') return { found, end: at };
  }
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replaceAll(/\\(?<escaped>.)/gs, (_match, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function numberOf(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : WORDS[text.toLowerCase()];
}
