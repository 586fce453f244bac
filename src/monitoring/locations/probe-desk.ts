import { createHash } from 'node:crypto';
import { type Assignment, assignmentOf, type WrittenManifest } from './assignment.ts';
import { contactOf } from './contact.ts';
import { type ProbeBatch, type Receipt, type ReceptionDeps, receive } from './reception.ts';

export interface ProbeDeskDeps extends ReceptionDeps {
  /** The manifest in force, as it is written. */
  readonly written: () => WrittenManifest;
}

export interface TaggedAssignment extends Assignment {
  /** Changes whenever the assignment does. */
  readonly tag: string;
}

/** Where probes learn what to check, and hand in what they found. */
export interface ProbeDesk {
  /** Being asked is a sign of life, too. */
  assignment(location: string, version: string): Promise<TaggedAssignment>;
  /** Rejects with `PROBE_CLOCK_WRONG`, `PROBE_LOCATION_OTHER`, and `MONITOR_NOT_ACTIVE` while nobody checks yet. */
  receive(location: string, batch: ProbeBatch): Promise<Receipt & { readonly tag: string }>;
}

export function createProbeDesk(deps: ProbeDeskDeps): ProbeDesk {
  const { db, clock, environment, monitors, written } = deps;
  return {
    async assignment(location, version) {
      await db.tx((tx) => contactOf(tx, { environment, location, at: clock.now(), version }));
      return taggedFor(location);
    },
    async receive(location, batch) {
      const receipt = await receive(deps, location, batch);
      return { ...receipt, tag: taggedFor(location).tag };
    },
  };

  function taggedFor(location: string): TaggedAssignment {
    const assignment = assignmentOf(location, monitors(), written());
    return { ...assignment, tag: createHash('sha256').update(JSON.stringify(assignment)).digest('hex') };
  }
}
