import type { Finding } from './finding.ts';
import type { ProjectView } from './project-view.ts';

/**
 * Knows one kind of file and what it says about an application. Reads only through the view, executes nothing, and
 * never throws for what a file holds: what it cannot understand it leaves out, with the reason.
 */
export interface Detector {
  readonly type: string;
  /** One sentence for the reference: which files it reads and what it learns from them. */
  readonly summary: string;
  detect(view: ProjectView): Promise<readonly Finding[]>;
}
