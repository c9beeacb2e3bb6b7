/** Several things in one sentence. */
export const list = {
  and: "{before} and {last}",
  or: "{before} or {last}",
  comma: "{before}, {last}",
  semicolon: "{before}; {last}",
  dot: "{before} · {last}",
  one: "{item}",
} as const;
