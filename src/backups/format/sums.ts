export interface FileSum {
  readonly file: string;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** The text of SHA256SUMS, as `sha256sum -c` reads it. */
export function sumsText(sums: readonly FileSum[]): string {
  return sums
    .toSorted((one, other) => (one.file < other.file ? -1 : 1))
    .map(({ file, sha256 }) => `${digest(sha256)}  ${plain(file)}\n`)
    .join('');
}

function digest(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`"${sha256}" is not a SHA-256 digest.`);
  return sha256;
}

/** Other names would need sha256sum's escapes; ours never do. */
function plain(file: string): string {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(file)) throw new Error(`"${file}" cannot stand in SHA256SUMS.`);
  return file;
}
