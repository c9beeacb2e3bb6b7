export const list = {
  and: "{before}, {last}",
  comma: "{before}, {last}",
  one: "{item}",
} as const;
