import type { Duplex } from 'node:stream';

/** A refusal, `+OK` or `+PONG` is no longer. */
const LINES_BYTES_MAX = 4096;
const INFO_BYTES_MAX = 256 * 1024;

export interface Replies {
  /** One for each command but the last; fewer when the server ends the connection or says more than it should. */
  readonly lines: readonly string[];
  /** What the last command, INFO, was answered with; undefined when it was refused. */
  readonly info: ReadonlyMap<string, string> | undefined;
}

/** RESP (https://redis.io/docs/latest/develop/reference/protocol-spec/): a list of texts, each with its length. */
export function encode(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

/** So many replies of one line, then one to INFO. */
export async function repliesFrom(socket: Duplex, count: number): Promise<Replies> {
  let text = '';
  let head: { readonly lines: readonly string[]; readonly end: number } | undefined;
  for await (const chunk of socket) {
    text += Buffer.from(chunk).toString('latin1');
    head ??= linesOf(text, count + 1);
    if (head === undefined ? text.length > LINES_BYTES_MAX : text.length >= endOfInfo(head)) break;
  }
  if (head === undefined) return { lines: text.split('\r\n').filter((line) => line !== ''), info: undefined };
  const announced = head.lines[count] ?? '';
  const isWhole = announced.startsWith('$') && text.length >= endOfInfo(head);
  return {
    lines: head.lines.slice(0, count),
    info: isWhole ? fieldsOf(text.slice(head.end, endOfInfo(head))) : undefined,
  };
}

/** Undefined as long as they are not all there. */
function linesOf(text: string, count: number) {
  let end = 0;
  for (let found = 0; found < count; found += 1) {
    const at = text.indexOf('\r\n', end);
    if (at === -1) return undefined;
    end = at + 2;
  }
  return { lines: text.slice(0, end).split('\r\n', count), end };
}

function endOfInfo({ lines, end }: { readonly lines: readonly string[]; readonly end: number }): number {
  const [, length] = /^\$(?<length>\d{1,9})$/.exec(lines.at(-1) ?? '') ?? [];
  return end + (length === undefined ? 0 : Math.min(Number(length), INFO_BYTES_MAX));
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = text.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
  });
  return new Map(fields);
}
