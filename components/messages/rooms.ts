import type { Namespace } from "@/lib/messages/types.ts";

/* Which sentences go to the browser; lib/messages/catalogues.test.ts holds these lists against the code. */

/** The rooms whose sentences the console's components say in the browser. */
export const CONSOLE_ROOMS: readonly Namespace[] = [
  "access",
  "approval",
  "approvals",
  "audit",
  "board",
  "deliveries",
  "deploy",
  "deployments",
  "discovery",
  "doing",
  "freezes",
  "gate",
  "health",
  "incident",
  "layout",
  "list",
  "live",
  "logs",
  "manualCommands",
  "overview",
  "plain",
  "readiness",
  "scaling",
  "source",
  "told",
  "tokens",
  "ui",
  "wait",
  "way",
];

/** The same for the page of somebody who is not signed in. */
export const SIGN_IN_ROOMS: readonly Namespace[] = ["signIn"];

/** The rooms whose sentences rules say. In English they come with their text, so other languages alone need them in the browser. */
export const SAID_ROOMS: readonly Namespace[] = [
  "alarm",
  "awsError",
  "blocker",
  "breach",
  "condition",
  "caution",
  "check",
  "codeDeploy",
  "decision",
  "delivery",
  "drift",
  "finding",
  "fit",
  "freeze",
  "input",
  "limit",
  "logGap",
  "proof",
  "readinessStep",
  "refusal",
  "smoke",
  "step",
];

/** The rooms of lib that the server alone puts into words: mail, exports, problem details, pages without a script of their own. */
export const SERVER_ROOMS: readonly Namespace[] = [
  "auditRow",
  "config",
  "handover",
  "happened",
  "incidentFile",
  "manual",
  "moving",
  "notice",
  "problem",
  "resolve",
  "rest",
  "secretRule",
];
