export const way = {
  default: "{place, select, start {{listener}의} other {{listener}의}} 기본 액션",
  rule: "{place, select, start {{listener}의} other {{listener}의}} 규칙 {priority} ({takes})",
  through: "{way}({groups} 경유)",
} as const;
