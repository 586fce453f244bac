import { Secret } from '../../../kernel/secret.ts';
import { asText, type Fields, fieldsIn, listIn } from '../../fields.ts';
import { composeReferences, withReferences } from '../../reference-text.ts';
import { Reference, type TextPart, TextWithSecrets } from '../../written.ts';

export type Environment = ReadonlyMap<string, string>;

/** Written as a map or as `NAME=value`. One without a value is passed on from the shell, and is a variable here too. */
export function environmentOf(service: Fields): Environment {
  return new Map(pairsIn(service, 'environment').map(([name, value]) => [name, value ?? `\${${name}}`] as const));
}

export function labelsOf(service: Fields): ReadonlyMap<string, string> {
  return new Map(pairsIn(service, 'labels').map(([name, value]) => [name, value ?? ''] as const));
}

function pairsIn(service: Fields, key: string): readonly (readonly [string, string | undefined])[] {
  const listed = listIn(service, key).flatMap((each): readonly (readonly [string, string | undefined])[] => {
    const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(asText(each) ?? '') ?? [];
    return name === undefined ? [] : [[name, value]];
  });
  const mapped = Object.entries(fieldsIn(service, key) ?? {}).map(([name, value]) => [name, asText(value)] as const);
  return [...listed, ...mapped];
}

/** A name for an address: a variable stays one, and nothing in it may end the name. */
export function plainPart(text: string): readonly TextPart[] {
  return partsOf(text).map((part) => (typeof part === 'string' ? encodeURIComponent(part.toWellFormed()) : part));
}

/** The same for a password. */
export function secretPart(text: string): readonly TextPart[] {
  const parts = partsOf(text);
  if (parts.some((part) => part instanceof Reference)) return plainPart(text);
  return [new Secret(encodeURIComponent(parts.join('').toWellFormed()), 'password')];
}

function partsOf(text: string): readonly TextPart[] {
  const written = withReferences(text, composeReferences);
  if (written instanceof TextWithSecrets) return written.parts;
  return written instanceof Reference || typeof written === 'string' ? [written] : [];
}
