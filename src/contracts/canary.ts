/**
 * The monitor that must fail, so that we know that failures are noticed. It is nobody's business but ours: no list, no
 * page and no alert names it. The dot keeps it apart from every name a manifest can have.
 */
export const CANARY = 'evenkeel.canary';
