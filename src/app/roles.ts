/** What a process does. On SQLite there is one process, and it does everything. */
export const ROLES = ['web', 'checks', 'jobs', 'delivery'] as const;
export type ProcessRole = (typeof ROLES)[number];
