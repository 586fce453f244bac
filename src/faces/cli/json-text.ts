/**
 * JSON that is safe to look at on a terminal: it escapes the lower control characters itself, but not the upper ones,
 * nor the marks that turn the reading direction around. Whoever parses it gets them as they were.
 */
export function encodeJson(document: unknown, indent?: number): string {
  return JSON.stringify(document, null, indent).replaceAll(STEERING, escaped);
}

const STEERING = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
