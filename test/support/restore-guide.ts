/**
 * What a person would paste who follows a RESTORE.md: its blocks marked `sh`, in order, with the lines that are to be
 * changed changed. For `sh -eu`, in the folder of the backup.
 */
export function pastedFrom(guide: string, values: Readonly<Record<'KEY' | 'TARGET' | 'DUMP', string>>): string {
  const blocks = [...guide.matchAll(/^```sh\n(?<lines>.*?)^```$/gms)].map(({ groups }) => groups?.['lines'] ?? '');
  let script = blocks.join('\n');
  for (const [name, value] of Object.entries(values)) {
    const line = new RegExp(`^${name}=.*$`, 'm');
    if (!line.test(script)) throw new Error(`The guide does not say where ${name} is to be put.`);
    script = script.replace(line, () => `${name}='${value.replaceAll("'", String.raw`'\''`)}'`);
  }
  return script;
}
