import { createCatalogue } from '../command-catalogue.ts';
import { alertDeliveries } from './alert-deliveries.ts';
import { alertList } from './alert-list.ts';
import { backupList } from './backup-list.ts';
import { backupRestore } from './backup-restore.ts';
import { backupRun } from './backup-run.ts';
import { backupVerify } from './backup-verify.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { exportData } from './export.ts';
import { health } from './health.ts';
import { init } from './init.ts';
import { keyCreate } from './key-create.ts';
import { keyShow } from './key-show.ts';
import { maintenanceEnd } from './maintenance-end.ts';
import { maintenanceList } from './maintenance-list.ts';
import { maintenanceStart } from './maintenance-start.ts';
import { monitorAdd } from './monitor-add.ts';
import { monitorHistory } from './monitor-history.ts';
import { monitorList } from './monitor-list.ts';
import { monitorPause } from './monitor-pause.ts';
import { monitorRemove } from './monitor-remove.ts';
import { monitorResume } from './monitor-resume.ts';
import { monitorRun } from './monitor-run.ts';
import { monitorShow } from './monitor-show.ts';
import { probe } from './probe.ts';
import { selfMigrate } from './self-migrate.ts';
import { selfStatus } from './self-status.ts';
import { serve } from './serve.ts';
import { sloList } from './slo-list.ts';
import { sloShow } from './slo-show.ts';
import { status } from './status.ts';
import { thresholdList } from './threshold-list.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';
import { version } from './version.ts';

/** Every command, in the order a newcomer meets them. */
export const catalogue = createCatalogue(
  [
    { title: 'Begin', commands: [demo, init, check, serve] },
    {
      title: 'Watch',
      commands: [
        status,
        monitorList,
        monitorShow,
        monitorHistory,
        monitorRun,
        monitorAdd,
        monitorRemove,
        monitorPause,
        monitorResume,
        maintenanceList,
        maintenanceStart,
        maintenanceEnd,
        sloList,
        sloShow,
        thresholdList,
        probe,
        exportData,
      ],
    },
    { title: 'Tell', commands: [alertList, alertDeliveries] },
    { title: 'Keep', commands: [backupRun, backupList, backupVerify, backupRestore, keyCreate, keyShow] },
    { title: 'Access', commands: [tokenCreate, tokenList, tokenRevoke] },
    { title: 'Evenkeel itself', commands: [health, doctor, selfStatus, selfMigrate, version, completion] },
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
