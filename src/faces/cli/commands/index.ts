import { createCommandIndex } from '../command-index.ts';

/**
 * Every command, in the order a newcomer meets them. Each is loaded when it is typed: a server that runs for months
 * should not carry them all, nor one command all the others.
 */
export const commands = createCommandIndex(
  [
    {
      title: 'Begin',
      commands: {
        demo: async () => (await import('./demo.ts')).demo,
        init: async () => (await import('./init.ts')).init,
        import: async () => (await import('./import.ts')).importFrom,
        check: async () => (await import('./check.ts')).check,
        serve: async () => (await import('./serve.ts')).serve,
      },
    },
    {
      title: 'Watch',
      commands: {
        status: async () => (await import('./status.ts')).status,
        'monitor list': async () => (await import('./monitor-list.ts')).monitorList,
        'monitor show': async () => (await import('./monitor-show.ts')).monitorShow,
        'monitor history': async () => (await import('./monitor-history.ts')).monitorHistory,
        'monitor run': async () => (await import('./monitor-run.ts')).monitorRun,
        'monitor types': async () => (await import('./monitor-types.ts')).monitorTypeList,
        'monitor set': async () => (await import('./monitor-set.ts')).monitorSet,
        'monitor add': async () => (await import('./monitor-add.ts')).monitorAdd,
        'monitor remove': async () => (await import('./monitor-remove.ts')).monitorRemove,
        'monitor pause': async () => (await import('./monitor-pause.ts')).monitorPause,
        'monitor resume': async () => (await import('./monitor-resume.ts')).monitorResume,
        'maintenance list': async () => (await import('./maintenance-list.ts')).maintenanceList,
        'maintenance start': async () => (await import('./maintenance-start.ts')).maintenanceStart,
        'maintenance end': async () => (await import('./maintenance-end.ts')).maintenanceEnd,
        'slo list': async () => (await import('./slo-list.ts')).sloList,
        'slo show': async () => (await import('./slo-show.ts')).sloShow,
        'threshold list': async () => (await import('./threshold-list.ts')).thresholdList,
        probe: async () => (await import('./probe.ts')).probe,
        export: async () => (await import('./export.ts')).exportData,
      },
    },
    {
      title: 'Tell',
      commands: {
        'alert list': async () => (await import('./alert-list.ts')).alertList,
        'alert deliveries': async () => (await import('./alert-deliveries.ts')).alertDeliveries,
      },
    },
    {
      title: 'Keep',
      commands: {
        'backup run': async () => (await import('./backup-run.ts')).backupRun,
        'backup list': async () => (await import('./backup-list.ts')).backupList,
        'backup verify': async () => (await import('./backup-verify.ts')).backupVerify,
        'backup restore': async () => (await import('./backup-restore.ts')).backupRestore,
        'key create': async () => (await import('./key-create.ts')).keyCreate,
        'key show': async () => (await import('./key-show.ts')).keyShow,
      },
    },
    {
      title: 'Access',
      commands: {
        'token create': async () => (await import('./token-create.ts')).tokenCreate,
        'token list': async () => (await import('./token-list.ts')).tokenList,
        'token revoke': async () => (await import('./token-revoke.ts')).tokenRevoke,
      },
    },
    {
      title: 'Evenkeel itself',
      commands: {
        health: async () => (await import('./health.ts')).health,
        doctor: async () => (await import('./doctor.ts')).doctor,
        'self status': async () => (await import('./self-status.ts')).selfStatus,
        'self migrate': async () => (await import('./self-migrate.ts')).selfMigrate,
        version: async () => (await import('./version.ts')).version,
        completion: async () => (await import('./completion.ts')).completion,
      },
    },
  ],
  {
    monitor: 'What is watched, and what the checks saw.',
    maintenance: 'Announced work: while it goes on, nobody is told of failures.',
    slo: 'What was promised, and what is left of the error budget.',
    threshold: 'Limits for what is measured, and what to do beyond them.',
    alert: 'What people were told, and whether it arrived.',
    backup: 'Backups, and what each of them is worth.',
    key: 'The keys that backups are encrypted for and signed with.',
    token: 'Keys for programs and people that use the API.',
    self: 'The running Evenkeel itself.',
  },
);
