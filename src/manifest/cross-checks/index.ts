import type { Finding } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import type { Tree } from '../tree.ts';
import { checkAddresses } from './addresses.ts';
import { checkDependencies } from './dependencies.ts';
import { checkEnvironments } from './environments.ts';
import { checkGroups } from './groups.ts';
import { checkNames } from './names.ts';
import { checkPingKeys } from './ping-keys.ts';
import { checkReferences } from './references.ts';
import { checkThresholds } from './thresholds.ts';

/** A rule over several parts of the file. Pure: the same manifest always gives the same findings. */
export type CrossCheck = (manifest: Manifest, tree: Tree) => readonly Finding[];

/** What no single area can check, because it joins several of them. */
export const crossChecks: readonly CrossCheck[] = [
  checkNames,
  checkDependencies,
  checkGroups,
  checkPingKeys,
  checkReferences,
  checkThresholds,
  checkAddresses,
  checkEnvironments,
];
