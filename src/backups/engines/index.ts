import { Registry } from '../../kernel/registry.ts';
import { postgres } from './postgres.ts';
import { sqlite } from './sqlite.ts';

/** To add an engine: write `<type>.ts` beside this file, then add its line here. */
export const backupEngines = new Registry('backup engine', [postgres, sqlite]);
