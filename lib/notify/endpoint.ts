import type { ApplicationConfig } from "../config/application-config.ts";
import type { EmailConfig, NotificationsConfig, WebhookConfig } from "../config/notifications-config.ts";
import type { NotificationKind } from "../domain/notification.ts";

/** One place that notifications go to. `host` is all of its address that may be shown or logged. */
export type Endpoint = { id: string; host: string; events: readonly NotificationKind[] } & (
  | { type: "webhook"; webhook: WebhookConfig }
  | { type: "email"; to: string; email: EmailConfig }
);

/** Every endpoint by its id, and those that a notification goes to. */
export interface Endpoints {
  isEmpty: boolean;
  find(id: string): Endpoint | null;
  idsFor(application: string, kind: NotificationKind): string[];
}

/** The configured endpoints. Every recipient of mail is one of its own, so that a refused one holds up nobody else. */
export function createEndpoints(config: {
  notifications: NotificationsConfig;
  applications: readonly Pick<ApplicationConfig, "name" | "notifications">[];
}): Endpoints {
  const forAll = endpointsOf(config.notifications, "");
  const forOne = new Map(config.applications.map((a) => [a.name, endpointsOf(a.notifications, `${a.name}/`)]));
  const byId = new Map([...forAll, ...[...forOne.values()].flat()].map((endpoint) => [endpoint.id, endpoint]));
  return {
    isEmpty: byId.size === 0,
    find: (id) => byId.get(id) ?? null,
    idsFor: (application, kind) =>
      [...forAll, ...(forOne.get(application) ?? [])].filter((e) => e.events.includes(kind)).map((e) => e.id),
  };
}

function endpointsOf({ webhooks, email }: NotificationsConfig, prefix: string): Endpoint[] {
  return [
    ...webhooks.map(
      (webhook): Endpoint => ({
        type: "webhook",
        id: `${prefix}webhook:${webhook.name}`,
        host: new URL(webhook.url).host,
        events: webhook.events,
        webhook,
      }),
    ),
    ...[...new Set(email?.to)].flatMap((to): Endpoint[] =>
      email
        ? [
            {
              type: "email",
              id: `${prefix}email:${to}`,
              host: new URL(email.smtp).host,
              events: email.events,
              to,
              email,
            },
          ]
        : [],
    ),
  ];
}
