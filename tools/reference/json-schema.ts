import * as z from 'zod';
import { code } from './markdown.ts';

/** As much of JSON Schema as zod writes for our schemas. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
}

/** What a person may write where this schema reads. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { target: 'draft-07', io: 'input', unrepresentable: 'any' })),
  );
}

/** The alternatives a value may be. A `${VAR}` may stand nearly everywhere; saying so on each line tells nothing. */
export function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const either = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (either !== undefined) return either.flatMap(alternativesOf);
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => ({ ...schema, type }));
  return schema.$ref === undefined ? [schema] : [];
}

/** `text`, `1 to 20`, `` `daily` or `weekly` ``: what to write, in words. */
export function typeInWords(schema: JsonSchema): string {
  return [...new Set(alternativesOf(schema).map(oneInWords))].join(' or ') || 'anything';
}

const IN_WORDS: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  array: ({ items = {} }) => `list of ${typeInWords(items)}`,
  boolean: () => '`true` or `false`',
  integer: rangeInWords,
  null: () => 'nothing',
  number: rangeInWords,
  object: objectInWords,
  string: textInWords,
};

function oneInWords(schema: JsonSchema): string {
  const literals = schema.const === undefined ? schema.enum : [schema.const];
  if (literals !== undefined) return literals.map((each) => code(asWritten(each))).join(', ');
  return IN_WORDS[String(schema.type)]?.(schema) ?? 'anything';
}

function objectInWords({ properties, additionalProperties }: JsonSchema): string {
  if (properties !== undefined || typeof additionalProperties !== 'object') return 'keys of its own';
  return `map of ${typeInWords(additionalProperties)}`;
}

function rangeInWords({ minimum, maximum }: JsonSchema): string {
  if (isBounded(minimum) && isBounded(maximum)) return `${minimum} to ${maximum}`;
  return isBounded(minimum) ? `number from ${minimum}` : 'number';
}

/** Zod writes the largest safe integers where a schema sets no bound. */
function isBounded(bound: number | undefined): boolean {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}

function textInWords({ pattern = '', format }: JsonSchema): string {
  // The pattern of kernel/duration.ts is the one that names all the units.
  if (pattern.includes('ms|s|m|h|d')) return 'duration';
  return format === 'uri' ? 'address' : 'text';
}

/** Rows `key, what to write, meaning` for the keys of an object. */
export function keyRows(schema: JsonSchema): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const isRequired = schema.required?.includes(key) === true && value.default === undefined;
    return [code(key) + (isRequired ? ' (required)' : ''), typeInWords(value), meaningOf(value)];
  });
}

function meaningOf({ description = '', default: fallback }: JsonSchema): string {
  if (fallback === undefined || JSON.stringify(fallback) === '{}' || /default/i.test(description)) return description;
  return `${description} Default: ${code(asWritten(fallback))}.`.trimStart();
}

function asWritten(value: unknown): string {
  if (Array.isArray(value)) return value.map(asWritten).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
