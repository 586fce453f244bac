import { Registry } from '../../kernel/registry.ts';
import { compose } from './compose.ts';
import { dockerfile } from './dockerfile.ts';
import { envExample } from './env-example.ts';
import { packageJson } from './package-json.ts';
import { pyproject } from './pyproject.ts';

/**
 * To add a detector: write `<type>.ts` beside this file, then add its line here. The order matters: the first one to
 * speak about a part names it, and what it says about a port or a path wins.
 */
export const detectors = new Registry('detector', [compose, packageJson, pyproject, dockerfile, envExample]);
