import type { Route } from '../route.ts';
import { type AlertDeps, alertRoutes } from './alerts.ts';
import { type AuditDeps, auditRoutes } from './audit.ts';
import { type BackupDeps, backupRoutes } from './backups.ts';
import { type ExportDeps, exportRoutes } from './export.ts';
import { type HealthRouteDeps, healthRoutes } from './health.ts';
import { type KumaPushDeps, kumaPushRoutes } from './kuma-push.ts';
import { type MaintenanceDeps, maintenanceRoutes } from './maintenance.ts';
import { type ManifestDeps, manifestRoutes } from './manifest.ts';
import { type MetricsRouteDeps, metricsRoutes } from './metrics.ts';
import { type MonitorPartDeps, monitorPartRoutes } from './monitor-parts.ts';
import { type MonitorPastDeps, monitorPastRoutes } from './monitor-past.ts';
import { type MonitorDeps, monitorRoutes } from './monitors.ts';
import { type ObjectiveDeps, objectiveRoutes } from './objectives.ts';
import { type OpenApiDeps, openApiRoutes } from './openapi.ts';
import { type PictureDeps, pictureRoutes } from './pictures.ts';
import { type PingDeps, pingRoutes } from './pings.ts';
import { type ProbeDeps, probeRoutes } from './probes.ts';
import { type SelfDeps, selfRoutes } from './self.ts';
import { type StatusDeps, statusRoutes } from './status.ts';
import { type ThresholdDeps, thresholdRoutes } from './thresholds.ts';
import { type TokenDeps, tokenRoutes } from './tokens.ts';

export type RouteDeps = AlertDeps &
  AuditDeps &
  BackupDeps &
  ExportDeps &
  HealthRouteDeps &
  KumaPushDeps &
  MaintenanceDeps &
  ManifestDeps &
  MetricsRouteDeps &
  MonitorDeps &
  MonitorPastDeps &
  MonitorPartDeps &
  ObjectiveDeps &
  OpenApiDeps &
  PictureDeps &
  PingDeps &
  ProbeDeps &
  SelfDeps &
  StatusDeps &
  ThresholdDeps &
  TokenDeps;

/** Everything that can be asked, in the order of the reference. A new noun is a file beside and a line here. */
export const routes: readonly Route<RouteDeps>[] = [
  ...healthRoutes,
  ...statusRoutes,
  ...monitorRoutes,
  ...monitorPastRoutes,
  ...pictureRoutes,
  ...monitorPartRoutes,
  ...objectiveRoutes,
  ...thresholdRoutes,
  ...maintenanceRoutes,
  ...alertRoutes,
  ...backupRoutes,
  ...pingRoutes,
  ...kumaPushRoutes,
  ...probeRoutes,
  ...manifestRoutes,
  ...tokenRoutes,
  ...auditRoutes,
  ...exportRoutes,
  ...selfRoutes,
  ...metricsRoutes,
  ...openApiRoutes,
];
