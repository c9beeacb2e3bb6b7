/** One call of the account's history, in our words. Every text in it is a stranger's. */
export interface TrailCall {
  /** CloudTrail's event id. */
  id: string;
  /** The operation: "UpdateService". */
  name: string;
  /** When it was made, in whole seconds, as epoch ms. */
  at: number;
  /** Who made it: a user's name, or "role/session"; null where CloudTrail does not tell. */
  who: string | null;
  /** AWS refused it, so that it changed nothing. */
  isRefused: boolean;
  /** Switchyard made it, as its user agent says. */
  isOwn: boolean;
  /** What it named, by the request's own members: cluster, service, listenerArn; `deploymentId` also from the answer. */
  subject: Readonly<Record<string, string>>;
}

/**
 * Who did something in AWS outside Switchyard, as CloudTrail says; without one it is still looked for. "unknown": CloudTrail has
 * no such call; "denied" and "away": it could not be asked.
 */
export type OutsideCaller =
  | { state: "known"; who: string; call: string; at: number; event: string }
  | { state: "unknown" }
  | { state: "denied"; permission: string }
  | { state: "away" };
