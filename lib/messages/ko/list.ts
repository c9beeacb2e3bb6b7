export const list = {
  and: "{before}, {last}",
  or: "{before} 또는 {last}",
  comma: "{before}, {last}",
  semicolon: "{before}; {last}",
  dot: "{before} · {last}",
  one: "{item}",
} as const;
