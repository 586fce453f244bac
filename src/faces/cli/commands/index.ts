import { createCatalogue } from '../command-catalogue.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { exportData } from './export.ts';
import { health } from './health.ts';
import { init } from './init.ts';
import { monitorCheck } from './monitor-check.ts';
import { monitorHistory } from './monitor-history.ts';
import { monitorList } from './monitor-list.ts';
import { monitorShow } from './monitor-show.ts';
import { selfMigrate } from './self-migrate.ts';
import { selfStatus } from './self-status.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';
import { version } from './version.ts';

/** Every command, in the order a newcomer meets them. */
export const catalogue = createCatalogue(
  [
    { title: 'Begin', commands: [demo, init, check, serve] },
    { title: 'Watch', commands: [status, monitorList, monitorShow, monitorHistory, monitorCheck, exportData] },
    { title: 'Access', commands: [tokenCreate, tokenList, tokenRevoke] },
    { title: 'Evenkeel itself', commands: [health, doctor, selfStatus, selfMigrate, version, completion] },
  ],
  {
    monitor: 'What is watched, and what the checks saw.',
    token: 'Keys for programs and people that use the API.',
    self: 'The running Evenkeel itself.',
  },
);
