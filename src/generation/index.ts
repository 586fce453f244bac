export type { Evidence, Finding } from './finding.ts';
export type { LeftOut } from './project-view.ts';
export { type Proposal, proposeManifest } from './proposal.ts';
