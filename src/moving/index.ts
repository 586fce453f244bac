export { dotenvWith } from './dotenv-text.ts';
export { errors as importErrors } from './errors.ts';
export type { ImportedPast, ImportIo, ImportSource, PastSpan, Row, Tables } from './import-source.ts';
export { type Memory, readMemory } from './memory.ts';
export { createNames, type NameFor, type NameSpace, type NamesKnown } from './names.ts';
export { partText, sectionsIn, Unwritable } from './part-text.ts';
export type { ImportItem, ImportPlan } from './plan.ts';
export {
  memoryText,
  type Outcome,
  type Sections,
  type SettledItem,
  type Standing,
  settle,
} from './settlement.ts';
export { importSources } from './sources/index.ts';
export { createVariables } from './variables.ts';
export { withoutNames } from './without-names.ts';
