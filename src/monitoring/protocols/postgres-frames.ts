const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
const REPORT_BYTES_MAX = 32 * 1024;
const REPORTS = new Set(['E', 'N'].map((letter) => letter.charCodeAt(0)));

/**
 * Looks at what a PostgreSQL server sends before its client reads it, and throws at what no server sends: the client
 * would look for the end of an error report for ever. The frames: https://www.postgresql.org/docs/current/protocol.html
 */
export function createFrameCheck(): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  /** Only of error reports and notices; everything else is skipped. */
  let report: Buffer | undefined;
  let left = 0;

  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) rest = left > 0 ? takeContent(rest) : takeHeader(rest);
  };

  function takeHeader(chunk: Buffer): Buffer {
    const missing = HEADER_BYTES - header.length;
    header = Buffer.concat([header, chunk.subarray(0, missing)]);
    if (header.length === HEADER_BYTES) begin(header.readUInt8(0), header.readUInt32BE(1) - LENGTH_BYTES);
    return chunk.subarray(missing);
  }

  function begin(kind: number, length: number): void {
    const isReport = REPORTS.has(kind);
    if (length < 0 || (isReport && (length === 0 || length > REPORT_BYTES_MAX)))
      throw new Error('A frame is malformed.');
    header = Buffer.alloc(0);
    report = isReport ? Buffer.alloc(0) : undefined;
    left = length;
  }

  function takeContent(chunk: Buffer): Buffer {
    const content = chunk.subarray(0, left);
    left -= content.length;
    if (report !== undefined) {
      report = Buffer.concat([report, content]);
      if (left === 0 && !isTerminated(report)) throw new Error('A report does not end.');
    }
    return chunk.subarray(content.length);
  }
}

/** Fields of one letter and a text that ends with a zero; then one more zero. */
function isTerminated(report: Buffer): boolean {
  let at = 0;
  while (at < report.length && report[at] !== 0) {
    const end = report.indexOf(0, at + 1);
    if (end === -1) return false;
    at = end + 1;
  }
  return at < report.length;
}
