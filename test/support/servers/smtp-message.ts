/** A mail as it came over the wire, taken apart by the few rules our own messages need (RFC 5322, 2045, 2047). */
export interface ParsedMail {
  /** Names in lower case, values unfolded and decoded. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bodies by content type, e.g. `text/plain`. */
  readonly parts: ReadonlyMap<string, string>;
}

export function parseMail(raw: string): ParsedMail {
  const { headers, body } = split(raw);
  const parts = new Map<string, string>();
  collect(headers, body, parts);
  return { headers, parts };
}

function collect(headers: ReadonlyMap<string, string>, body: string, parts: Map<string, string>): void {
  const contentType = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="(?<boundary>[^"]+)"/.exec(contentType)?.groups?.['boundary'];
  if (boundary === undefined) {
    parts.set(contentType.split(';')[0] ?? '', decoded(body, headers.get('content-transfer-encoding') ?? '7bit'));
    return;
  }
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const inner = split(part.replace(/^\r\n/, '').replace(/\r\n$/, ''));
    collect(inner.headers, inner.body, parts);
  }
}

function split(text: string): { readonly headers: Map<string, string>; readonly body: string } {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim()));
  }
  return { headers, body: text.slice(end + 4) };
}

function decodedWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?(?<kind>[bq])\?(?<text>[^?]*)\?=/gi, (_word, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decoded(text.replaceAll('_', ' '), 'quoted-printable'),
    );
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body.replaceAll('\r\n', '\n');
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=(?<hex>[\dA-F]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
}
