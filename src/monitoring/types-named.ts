import { typeFor } from './type-of-address.ts';
import { monitorTypes } from './types/index.ts';

/**
 * Loads what a manifest names, before it is held against the schema. An entry without any type is somebody's mistake, and
 * all types are loaded then, to say what could have been meant.
 */
export async function loadTypesNamed(manifest: unknown): Promise<void> {
  const { monitors, services } = mapOf(manifest);
  const named = Object.values(mapOf(monitors)).map((entry) => Object.keys(mapOf(entry)).filter(isType));
  if (named.some((types) => types.length === 0)) await monitorTypes.loadAll();
  else await monitorTypes.load([...named.flat(), ...Object.values(mapOf(services)).flatMap(typesOfService)]);
}

function isType(key: string): boolean {
  return monitorTypes.has(key);
}

function typesOfService(service: unknown): readonly string[] {
  const { url, health, engine } = mapOf(service);
  return [url, health].flatMap((address) => {
    // As it is read later: spaces before it and line breaks in it are no part of an address.
    const scheme = typeof address === 'string' ? (URL.parse(address)?.protocol ?? '') : '';
    return typeFor(scheme, typeof engine === 'string' ? engine : null) ?? [];
  });
}

/** Whatever was written: what is no map names nothing. */
function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
