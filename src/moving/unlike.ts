/** There is nothing like it here; the message says what, in a sentence. */
export class Unlike extends Error {}

/** Throws `Unlike` for what is missing. */
export function demand<Value>(value: Value | undefined, otherwise: string): Value {
  if (value === undefined) throw new Unlike(otherwise);
  return value;
}

/** What `map` makes, or why it cannot. */
export function attempt<Value>(map: () => Value): Value | Unlike {
  try {
    return map();
  } catch (error) {
    if (error instanceof Unlike) return error;
    throw error;
  }
}
