import { type Actor, mayAct, type Role } from '../../contracts/roles.ts';
import { errors } from './errors.ts';

/** Whoever can open the admin socket could as well read the database beside it. */
export const ADMIN_SOCKET: Actor = { name: 'admin socket', role: 'owner' };

export function demandRole(actor: Actor, role: Role): void {
  if (mayAct(actor, role)) return;
  if (actor.role === 'public') throw errors.HTTP_TOKEN_MISSING({ role });
  throw errors.HTTP_ROLE_MISSING({ role, own: actor.role });
}
