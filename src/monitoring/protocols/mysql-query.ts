import type { Row } from './first-row.ts';
import { notMysql, type Packets, type Parts, partsOf } from './mysql-packets.ts';
import { type Asker, refusalIn } from './mysql-refusals.ts';

const QUERY = 0x03;
const COLUMNS_MAX = 4096;
/** Types whose values are numbers: https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const NUMERIC: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246]);

interface Column {
  readonly name: string;
  readonly isNumeric: boolean;
}

/** The first row of what a statement answers, all of which is read; undefined for none. Throws a `Complaint`. */
export async function firstRowOf(packets: Packets, sql: string, asker: Asker): Promise<Row | undefined> {
  packets.restart();
  packets.send(Buffer.concat([Buffer.from([QUERY]), Buffer.from(sql)]));
  const packet = await packets.next();
  const head = partsOf(packet);
  const kind = head.number(1);
  if (kind === 0x00) return undefined;
  if (kind === 0xff) throw refusalIn(head, asker);
  const columns = await columnsFrom(packets, countIn(packet));

  let first: Row | undefined;
  for (;;) {
    const row = await packets.next();
    if (isEnd(row)) return first;
    if (row[0] === 0xff) throw refusalIn(afterFirst(row), asker);
    first ??= rowOf(partsOf(row), columns);
  }
}

/** A server that wants a file of ours instead (0xfb) says something that is no count. */
function countIn(packet: Buffer): number {
  const parts = partsOf(packet);
  const first = parts.number(1);
  const count = first < 0xfb ? first : first === 0xfc ? parts.number(2) : 0;
  if (count === 0 || count > COLUMNS_MAX || parts.left() > 0) throw notMysql();
  return count;
}

async function columnsFrom(packets: Packets, count: number): Promise<readonly Column[]> {
  const columns: Column[] = [];
  while (columns.length < count) columns.push(columnIn(partsOf(await packets.next())));
  if (!isEnd(await packets.next())) throw notMysql();
  return columns;
}

function columnIn(parts: Parts): Column {
  // Catalogue, schema, table, and the table as it is called in truth.
  for (let skipped = 0; skipped < 4; skipped += 1) parts.value();
  const name = parts.value() ?? '';
  parts.value();
  // How long the rest is, the character set, how wide the column is shown.
  parts.bytes(1 + 2 + 4);
  return { name, isNumeric: NUMERIC.has(parts.number(1)) };
}

function rowOf(parts: Parts, columns: readonly Column[]): Row {
  return columns.map(({ name, isNumeric }) => {
    const value = parts.value();
    return [name, isNumeric && value !== null ? numberOf(value) : value];
  });
}

/** As a text where a number would not be the same. */
function numberOf(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) || (Number.isFinite(number) && text.length <= 15) ? number : text;
}

function isEnd(packet: Buffer): boolean {
  return packet[0] === 0xfe && packet.length < 9;
}

function afterFirst(packet: Buffer): Parts {
  return partsOf(packet.subarray(1));
}
