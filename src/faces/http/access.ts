import { type Actor, mayAct } from '../../contracts/roles.ts';
import { errors } from './errors.ts';
import type { RouteHead } from './route.ts';

/** Whoever can open the admin socket could as well read the database beside it. */
export const ADMIN_SOCKET: Actor = { name: 'admin socket', role: 'owner' };

/** Whether anybody may ask, without a token. */
export function isOpen({ role, isForProbes }: Pick<RouteHead, 'role' | 'isForProbes'>): boolean {
  return role === 'public' && isForProbes !== true;
}

export function demandAccess(actor: Actor, { role, isForProbes }: Pick<RouteHead, 'role' | 'isForProbes'>): void {
  if (isForProbes === true) demandProbe(actor);
  if (mayAct(actor, role)) return;
  if (actor.location !== undefined) throw errors.HTTP_ROLE_MISSING({ role, own: 'probe' });
  if (actor.role === 'public') throw errors.HTTP_TOKEN_MISSING({ role });
  throw errors.HTTP_ROLE_MISSING({ role, own: actor.role });
}

/** Not even an owner may speak for a location: what is measured there counts when the state is decided. */
function demandProbe(actor: Actor): void {
  if (actor.location !== undefined) return;
  if (actor.role === 'public') throw errors.HTTP_PROBE_TOKEN_MISSING({});
  throw errors.HTTP_PROBE_ONLY({});
}
