import type { ProgramEnd } from '../../kernel/exec.ts';

const CHARS_MAX = 300;

/** Why a program of PostgreSQL failed, in one line and its own words. */
export function complaintOf({ code, signal, stderr }: ProgramEnd): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const error =
    lines.findLast((line) => /\b(?:error|fatal|panic):/i.test(line)) ?? lines.findLast((line) => line !== '');
  const ending = signal === null ? `it ended with the code ${code}` : `${signal} ended it`;
  if (error === undefined) return ending;
  const said = error
    .replace(/^\w+: (?:error|fatal): /, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  return signal === null ? said.slice(0, CHARS_MAX) : `${ending}, after ${said.slice(0, CHARS_MAX)}`;
}
