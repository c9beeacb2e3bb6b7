import { nameSaid } from "../access/person-name.ts";
import { type Freeze, freezeSaid } from "../rules/freeze.ts";
import { say } from "../sentence/sentence.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { oneLine } from "../text/one-line.ts";
import type { Notification } from "./notification.ts";
import { told } from "./notification-text.ts";

/** What people are told of it by now, oldest first; the same ids whoever looks. */
export function freezeNotifications(freeze: Freeze, now: number): Notification[] {
  const { application, id, startedAt, liftedAt, liftedBy, until } = freeze;
  const name = application ?? say("notice.everyApplication");
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
      ...told(say("notice.frozen", { application: name, by: nameSaid(freeze.startedBy) }), [
        freezeSaid(freeze),
        say("notice.frozenStays"),
      ]),
      at: startedAt,
    },
  ];
  const endedAt = liftedAt ?? (until !== null && until <= now ? until : null);
  if (endedAt !== null)
    found.push({
      ...base,
      id: `${id}:line.lifted:${fingerprint(String(endedAt))}`,
      kind: "line.lifted",
      ...(liftedBy
        ? told(say("notice.lifted", { application: name, by: nameSaid(liftedBy) }), [
            say("notice.liftedWas", { by: nameSaid(liftedBy), reason: oneLine(freeze.reason) }),
          ])
        : told(say("notice.liftedItself", { application: name }), [
            say("notice.endedWas", { reason: oneLine(freeze.reason) }),
          ])),
      at: endedAt,
    });
  return found;
}
