/** What `app/` and the tools that write the reference need of this face. */
export { accessMatrix } from './access-matrix.ts';
export { type ClientOf, createClientOf } from './client-address.ts';
export type { Lifecycle } from './health.ts';
export type { GaugeSource } from './metrics.ts';
export { openApiDocument } from './openapi.ts';
export type { HistoryReader } from './routes/export.ts';
export { routes } from './routes/index.ts';
export type { ManifestReload, ManifestStatus } from './routes/manifest.ts';
export type { MonitorParts } from './routes/monitor-parts.ts';
export type { SelfFacts } from './routes/self.ts';
export { createHttpFace, type HttpFace, type HttpFaceDeps, type HttpFaceOptions } from './server.ts';
export type { Snapshots } from './snapshots.ts';
