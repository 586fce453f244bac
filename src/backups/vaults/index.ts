import { Registry } from '../../kernel/registry.ts';
import { directory } from './directory.ts';

/** To add a vault type: write `<type>.ts` beside this file, then add its line here. */
export const vaultTypes = new Registry('vault type', [directory]);
