import { Registry } from '../../kernel/registry.ts';
import type { BackupEngine } from '../engine.ts';

/** To add an engine: write `<type>.ts` beside this file, then add its line here. */
export const backupEngines = new Registry<BackupEngine>('backup engine', []);
