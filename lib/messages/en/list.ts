/** Several things in one sentence. */
export const list = {
  and: "{before} and {last}",
  comma: "{before}, {last}",
  one: "{item}",
} as const;
