import { Registry } from '../../kernel/registry.ts';
import { blackbox } from './blackbox/index.ts';
import { compose } from './compose/index.ts';
import { gatus } from './gatus/index.ts';
import { healthchecks } from './healthchecks/index.ts';
import { kuma } from './kuma/index.ts';
import { statuspage } from './statuspage/index.ts';

/** To add a source: write `<type>.ts` beside this file (or a folder with an `index.ts`), then add its line here. */
export const importSources = new Registry('import source', [kuma, gatus, blackbox, compose, healthchecks, statuspage]);
