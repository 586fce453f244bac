import type { YAMLError } from 'yaml';

interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

/** What the most frequent mistakes are in plain words; the rest keeps the parser's own sentence, which is good. */
const EXPLAINED: Partial<Record<YAMLError['code'], Explanation>> = {
  TAB_AS_INDENT: {
    message: 'A tab stands where the line is indented.',
    hint: 'Indent with spaces; most editors can convert the file.',
  },
  BAD_INDENT: {
    message: 'The indentation does not fit the lines above, or a bracket is not closed.',
    hint: 'Keys of one level start in the same column, and `[` and `{` need their `]` and `}`.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A second `key: value` stands on the same line.',
    hint: 'Put it on a line of its own, or in quotes when the colon belongs to a text.',
  },
  MISSING_CHAR: { message: 'A quote or bracket is opened here and never closed.' },
  BAD_SCALAR_START: {
    message: 'A text cannot start with this character.',
    hint: 'Put the text in quotes.',
  },
  BAD_DQ_ESCAPE: {
    message: 'This backslash sequence means nothing.',
    hint: "Write \\\\ for a backslash, or use single quotes: in '…' it stands for itself.",
  },
  NON_STRING_KEY: { message: 'A key has to be a word.' },
  TAG_RESOLVE_FAILED: {
    message: 'Tags that start with `!` mean nothing in this file.',
    hint: 'Remove the tag; if the text starts with an exclamation mark, put it in quotes.',
  },
  BAD_COLLECTION_TYPE: { message: 'Tags that start with `!` mean nothing in this file.', hint: 'Remove the tag.' },
  RESOURCE_EXHAUSTION: { message: 'This is nested too deep.' },
};

const UNQUOTED_REFERENCE: Explanation = {
  message: 'Within braces a reference has to be in quotes.',
  hint: 'Write "${…}"; only on a line of its own, as in `port: ${PORT}`, may the quotes be left out.',
};

export function explainSyntax({ code, message, pos }: YAMLError, text: string): Explanation {
  if (code === 'UNEXPECTED_TOKEN' && text.startsWith('${', pos[0] - 1)) return UNQUOTED_REFERENCE;
  return EXPLAINED[code] ?? { message: `This is not YAML: ${message}${message.endsWith('.') ? '' : '.'}` };
}
