import type { Files } from '../kernel/files.ts';
import { detectors } from './detectors/index.ts';
import type { Finding } from './finding.ts';
import { manifestText } from './manifest-text.ts';
import { type LeftOut, viewProject } from './project-view.ts';
import { survey } from './survey.ts';

export interface Proposal {
  /** The whole commented evenkeel.yaml. It loads as it is. */
  readonly text: string;
  /** What was found, each with its proof, in the order of the detectors. */
  readonly findings: readonly Finding[];
  /** Files that were there but could not be used, with the reason. */
  readonly leftOut: readonly LeftOut[];
}

/** Looks at a folder (an absolute path) and describes the application in it. Reads only; executes nothing. */
export async function proposeManifest(files: Pick<Files, 'read' | 'list'>, folder: string): Promise<Proposal> {
  const view = await viewProject(files, folder);
  const findings: Finding[] = [];
  for (const detector of detectors.all()) findings.push(...(await detector.detect(view)));
  return { text: manifestText(survey(findings, view.name), view.leftOut), findings, leftOut: view.leftOut };
}
