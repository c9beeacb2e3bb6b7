import { type Freeze, freezeWords } from "../rules/freeze.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { oneLine } from "../text/one-line.ts";
import type { Notification } from "./notification.ts";

/** What people are told of it by now, oldest first; the same ids whoever looks. */
export function freezeNotifications(freeze: Freeze, now: number): Notification[] {
  const { application, id, startedAt, liftedAt, liftedBy, until } = freeze;
  const name = application ?? "every application";
  const base = {
    application: application ?? "*",
    deploymentId: null,
    deepLinkPath: application === null ? "/freezes" : `/${encodeURIComponent(application)}`,
  };
  const found: Notification[] = [
    {
      ...base,
      id: `${id}:line.frozen`,
      kind: "line.frozen",
      title: oneLine(`${name}: the line is stopped by ${freeze.startedBy}`, 200),
      text: `${freezeWords(freeze)}.\nRollback and abort stay possible.`,
      at: startedAt,
    },
  ];
  const endedAt = liftedAt ?? (until !== null && until <= now ? until : null);
  if (endedAt !== null)
    found.push({
      ...base,
      id: `${id}:line.lifted:${fingerprint(String(endedAt))}`,
      kind: "line.lifted",
      title: oneLine(`${name}: the line runs again${liftedBy ? `, lifted by ${liftedBy}` : ""}`, 200),
      text: `${liftedBy ? `${liftedBy} lifted the freeze` : "The freeze came to its end"}; it was: ${oneLine(freeze.reason)}.`,
      at: endedAt,
    });
  return found;
}
