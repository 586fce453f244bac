import { createHash } from 'node:crypto';
import { EvenkeelError } from '../kernel/errors.ts';
import type { ReadFiles } from './read-sources.ts';

/** Remembers everything that was read through it, so that a change of any of it can be noticed later. */
export interface WitnessedFiles extends ReadFiles {
  /** The same for the same answers, whatever the order of the questions. */
  fingerprint(): string;
  /** Asks everything again. True when every answer is what it was. */
  isUnchanged(): Promise<boolean>;
}

/**
 * Contents are compared, not times of change: a file system that does not tell times finely, a checkout or a mounted
 * ConfigMap would hide or invent changes. Only hashes are kept, because some of the files hold secrets.
 */
export function witness(files: ReadFiles): WitnessedFiles {
  const answers = new Map<string, { readonly hash: string; readonly again: () => Promise<unknown> }>();

  async function ask<Answer>(question: string, again: () => Promise<Answer>): Promise<Answer> {
    const answer = await outcomeOf(again);
    answers.set(question, { hash: hashOf(answer), again });
    if ('refusal' in answer) throw answer.refusal;
    return answer.value;
  }

  return {
    read: (path, limits) => ask(`read ${path}`, () => files.read(path, limits)),
    list: (folder) => ask(`list ${folder}`, () => files.list(folder)),
    fingerprint: () =>
      hashOf([...answers].map(([question, { hash }]) => `${question} ${hash}`).toSorted((a, b) => (a < b ? -1 : 1))),
    async isUnchanged() {
      for (const { hash, again } of answers.values()) {
        if (hashOf(await outcomeOf(again)) !== hash) return false;
      }
      return true;
    },
  };
}

type Outcome<Answer> = { readonly value: Answer } | { readonly refusal: EvenkeelError };

/** A file that cannot be read is an answer, too: it may change to one that can. */
async function outcomeOf<Answer>(ask: () => Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof EvenkeelError) return { refusal: error };
    throw error;
  }
}

function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => (part instanceof EvenkeelError ? part.message : part));
  return createHash('sha256').update(text).digest('hex');
}
