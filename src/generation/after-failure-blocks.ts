/** Engines whose data can be backed up; the others keep nothing, or cannot be backed up yet. */
const BACKED_UP: readonly string[] = ['postgres', 'sqlite'];

export function canBeBackedUp(engine: string | undefined): boolean {
  return engine !== undefined && BACKED_UP.includes(engine);
}

/** The key of a service, switched off until there are keys and a place. */
export const BACKUP_KEY = '# backup: true';

/** Commented out: init knows nothing of the team's channels. */
export const ALERTS: readonly string[] = [
  '# Who is told when something fails. The channel named dev hears of every failure; there are slack, email and webhook.',
  '# channels:',
  '#   dev: { slack: "${SLACK_WEBHOOK_URL}" }',
];

/** Commented out: keys are made by people, never by a program that looks around. */
export function backups(services: readonly string[]): readonly string[] {
  if (services.length === 0) return [];
  const names = services.join(' and ');
  return [
    `# Backups of ${names}: every night, each proven by a restore now and then. Make keys with`,
    '# `evenkeel key create --folder keys`, put what it prints here, and take the # off `backup: true` above.',
    '# vaults:',
    '#   local: ./backups',
  ];
}
