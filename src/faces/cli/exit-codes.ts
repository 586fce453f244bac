import { type ErrorKind, REPORTED_AS } from '../../kernel/errors.ts';

/** What a command may fulfil with; failures are errors, whose kind decides the code. */
export const EXIT = {
  ok: 0,
  /** The command worked and the answer is no: something is down, a probe failed, a difference was found. */
  no: 1,
  /** The manifest, or what was typed, is wrong. */
  invalid: REPORTED_AS.invalid.exitCode,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const MEANING: Readonly<Record<ErrorKind, string>> = {
  invalid: 'What was typed, or the manifest, is wrong; the message says where.',
  unauthorized: 'No valid token.',
  forbidden: 'The token, or the user, may not do this.',
  not_found: 'There is no such thing.',
  conflict: 'It clashes with how things are now, for example because it was done already.',
  too_large: 'It is larger than the server accepts.',
  too_many: 'Too many requests; wait a little.',
  unavailable: 'The server or something it needs cannot be reached; trying again may help.',
  defect: 'A mistake of ours.',
};

/** Every exit status and what it means, in ascending order; codes shared by several kinds tell all of them. */
export function exitStatusTable(): readonly (readonly [code: number, meaning: string])[] {
  const meanings = new Map<number, string>([
    [EXIT.ok, 'Done.'],
    [EXIT.no, 'The command worked and the answer is no: something is down, or a check of `doctor` failed.'],
    [130, 'Stopped with Ctrl-C.'],
  ]);
  for (const [kind, { exitCode }] of Object.entries(REPORTED_AS)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of REPORTED_AS are exactly the kinds
    const meaning = MEANING[kind as ErrorKind];
    const earlier = meanings.get(exitCode);
    meanings.set(exitCode, earlier === undefined ? meaning : `${earlier} ${meaning}`);
  }
  return [...meanings].toSorted(([a], [b]) => a - b);
}
