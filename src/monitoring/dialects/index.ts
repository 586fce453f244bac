import type { Dialect } from '../parts/dialect.ts';

/**
 * The ways in which programs say how they are. To add one: write `<name>.ts` beside this file, then add its line here.
 * Each is loaded when an answer is to be read. Whoever leaves it to us gets the first that recognises the answer.
 */
export const dialects = {
  'health-json': async () => (await import('./health-json.ts')).healthJson,
  microprofile: async () => (await import('./microprofile.ts')).microprofile,
  spring: async () => (await import('./spring.ts')).spring,
  aspnet: async () => (await import('./aspnet.ts')).aspnet,
  terminus: async () => (await import('./terminus.ts')).terminus,
} as const satisfies Readonly<Record<string, () => Promise<Dialect>>>;

export type DialectName = keyof typeof dialects;
