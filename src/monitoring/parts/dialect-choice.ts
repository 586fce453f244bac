import { type DialectName, dialects } from '../dialects/index.ts';

/** Which dialect an answer is in; `auto` takes the first that recognises it, and nothing when none does. */
export type DialectChoice = DialectName | 'auto';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the catalogue are its names
const NAMES = Object.keys(dialects) as DialectName[];

/** What a manifest may say. */
export const DIALECT_CHOICES: readonly (DialectChoice | 'none')[] = ['auto', 'none', ...NAMES];
