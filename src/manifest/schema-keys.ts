import type * as z from 'zod';
import type { Path } from './problem.ts';

type Schema = z.core.$ZodType;
type Definition = z.core.$ZodTypes['_zod']['def'];

/** Every schema that `path` may lead to; several where a union on the way leaves it open. */
export function schemasAt(root: Schema, path: Path): readonly Schema[] {
  let schemas: readonly Schema[] = [peel(root)];
  for (const step of path) {
    schemas = schemas.flatMap(variantsOf).flatMap((schema) => childrenOf(schema, String(step)).map(peel));
  }
  return schemas;
}

/** The keys that may stand in the map at `path`, where `present` ones help to tell variants apart. */
export function knownKeys(root: Schema, path: Path, present: readonly string[]): readonly string[] {
  const variants = schemasAt(root, path).flatMap(variantsOf);
  const shapes = variants.map(shapeOf).filter((shape) => shape !== undefined);
  const meant = shapes.filter((shape) => requiredKeys(shape).every((key) => present.includes(key)));
  const keys = (meant.length > 0 ? meant : shapes).flatMap((shape) => Object.keys(shape));
  return [...new Set([...keys, ...variants.flatMap(wordsOfKeys)])];
}

export type Shape = Readonly<Record<string, Schema>>;

export function shapeOf(schema: Schema): Shape | undefined {
  const def = definitionOf(schema);
  return def.type === 'object' ? def.shape : undefined;
}

export function requiredKeys(shape: Shape): readonly string[] {
  return Object.keys(shape).filter((key) => !isOptional(shape[key]));
}

/** Looks through what changes a value or lets it be missing, down to what says how it looks. */
function peel(schema: Schema): Schema {
  const def = definitionOf(schema);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- these few are wrappers, of many kinds
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return peel(def.innerType);
    case 'pipe':
      return peel(def.in);
    default:
      return schema;
  }
}

/** The options of a union, of unions within it too; anything else is its own only variant. */
function variantsOf(schema: Schema): readonly Schema[] {
  return optionsOf(schema)?.flatMap(variantsOf) ?? [schema];
}

/** The options as the union lists them, which is the order of its issues. */
export function optionsOf(schema: Schema): readonly Schema[] | undefined {
  const def = definitionOf(schema);
  return def.type === 'union' ? def.options.map(peel) : undefined;
}

/** What kind of node a schema reads. */
export function kindOf(schema: Schema): 'map' | 'list' | 'scalar' {
  const def = definitionOf(schema);
  if (def.type === 'object' || def.type === 'record') return 'map';
  return def.type === 'array' ? 'list' : 'scalar';
}

/** The words a record takes as keys, where they are a closed list. */
function wordsOfKeys(schema: Schema): readonly string[] {
  const def = definitionOf(schema);
  const keys = def.type === 'record' ? definitionOf(def.keyType) : undefined;
  return keys?.type === 'enum' ? Object.values(keys.entries).map(String) : [];
}

function childrenOf(schema: Schema, key: string): readonly Schema[] {
  const def = definitionOf(schema);
  if (def.type === 'array') return [def.element];
  if (def.type === 'record') return [def.valueType];
  if (def.type !== 'object') return [];
  const child = def.shape[key] ?? def.catchall;
  return child === undefined || definitionOf(child).type === 'never' ? [] : [child];
}

function isOptional(schema: Schema | undefined): boolean {
  if (schema === undefined) return true;
  const def = definitionOf(schema);
  if (def.type === 'pipe') return isOptional(def.in);
  if (def.type === 'nullable') return isOptional(def.innerType);
  return def.type === 'optional' || def.type === 'default';
}

function definitionOf(schema: Schema): Definition {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every schema zod makes has one of these
  return (schema as Schema & { readonly def: Definition }).def;
}
