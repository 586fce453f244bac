/** Roles in ascending order of power; a role includes everything below it. */
export const ROLES = ['public', 'viewer', 'responder', 'operator', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking: a token, a person, or whoever may open the admin socket. */
export interface Actor {
  /** Shown in the audit trail, e.g. `token ci`, `admin socket`. */
  readonly name: string;
  readonly role: Role;
  /** The token that spoke; missing for the admin socket and for nobody. */
  readonly tokenId?: string;
  /** Where the probe is whose token spoke; missing for everybody else. */
  readonly location?: string;
}

export const NOBODY: Actor = { name: 'anybody', role: 'public' };

export function mayAct(actor: Actor, needed: Role): boolean {
  return ROLES.indexOf(actor.role) >= ROLES.indexOf(needed);
}
