export const VERBS = ["deploy", "switch", "rollback", "approve", "reject", "abort", "extend", "retire"] as const;

export type Verb = (typeof VERBS)[number];
