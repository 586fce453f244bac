import * as z from 'zod';
import { IMPORT_SECTIONS, type ImportSection } from './plan.ts';

/** What an earlier run wrote: so a later one can tell what people changed since from what the source did. */
export interface Remembered {
  readonly section: ImportSection;
  readonly name: string;
  /** As it was written, references and all. */
  readonly entry: unknown;
}

/** By the key of the item. */
export type Memory = ReadonlyMap<string, Remembered>;

const FileShape = z.object({
  written: z.record(z.string(), z.object({ section: z.enum(IMPORT_SECTIONS), name: z.string(), entry: z.json() })),
});

/** A file that somebody spoilt is as good as none: then whatever differs counts as edited. */
export function readMemory(text: string | undefined): Memory {
  if (text === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return new Map();
  }
  const read = FileShape.safeParse(content);
  return new Map(read.success ? Object.entries(read.data.written) : []);
}
