import type { Secret } from '../kernel/secret.ts';

/** A `.env` with these variables behind what stands in it already. */
export function dotenvWith(text: string, title: string, variables: ReadonlyMap<string, Secret>): string {
  if (variables.size === 0) return text;
  const gap = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  const lines = [...variables].map(([name, secret]) => `${name}=${quoted(secret.reveal())}`);
  return `${text}${gap}# From ${title}\n${lines.join('\n')}\n`;
}

/** In single quotes nothing has a meaning, not for a shell either; only a single quote itself cannot stand there. */
function quoted(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  const escaped = value
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
  return `"${escaped}"`;
}
