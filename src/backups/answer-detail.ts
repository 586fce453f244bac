const CHARS_MAX = 200;

/** What a database said, for one line of a report. */
export function answerDetail(text: string): string {
  return text
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, CHARS_MAX);
}
