import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from './negotiation.ts';

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/** Ready to send: the bytes, and every header that goes with them as the flat list `writeHead` takes. */
export interface Packed {
  readonly etag: string;
  readonly body: Buffer;
  readonly headers: readonly string[];
}

export type PackedText = Readonly<Record<Encoding, Packed>> & { readonly text: string };

/** Good enough at a tenth of the time of the best: the page is packed anew after every round of checks. */
const BROTLI_QUALITY = 6;

/** Packs a text in every encoding. Runs off the main thread, so a visitor never waits for it. */
export async function pack(text: string, common: readonly string[]): Promise<PackedText> {
  const identity = Buffer.from(text);
  const [gzipBytes, brotliBytes] = await Promise.all([
    gzipped(identity, { level: constants.Z_BEST_COMPRESSION }),
    brotlied(identity, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    }),
  ]);
  const digest = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  return {
    text,
    identity: packed(identity, `"${digest}"`, common),
    gzip: packed(gzipBytes, `"${digest}-gz"`, [...common, 'Content-Encoding', 'gzip']),
    br: packed(brotliBytes, `"${digest}-br"`, [...common, 'Content-Encoding', 'br']),
  };
}

function packed(body: Buffer, etag: string, headers: readonly string[]): Packed {
  return { etag, body, headers: [...headers, 'ETag', etag, 'Content-Length', String(body.length)] };
}
