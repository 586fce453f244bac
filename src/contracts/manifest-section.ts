import type * as z from 'zod';

/**
 * What an area adds to evenkeel.yaml: keys at the top level and keys of a service. `manifest/` joins the sections of
 * all areas into one schema; each `.describe()` becomes editor help, JSON Schema and reference page.
 */
export interface ManifestSection<Top extends z.ZodRawShape, Service extends z.ZodRawShape> {
  readonly topLevel: Top;
  readonly service: Service;
  /**
   * Keys this version reads and checks but does not act on yet, e.g. `deploy` or `services.*.backup`: whoever writes
   * them is told so.
   */
  readonly actsLater?: readonly string[];
}
