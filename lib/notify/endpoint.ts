import type { ApplicationConfig } from "../config/application-config.ts";
import type { EmailConfig, NotificationsConfig, WebhookConfig } from "../config/notifications-config.ts";
import type { NotificationKind } from "../domain/notification/notification.ts";

/** What may be shown of an endpoint; `application` is null where it serves all of them. */
export interface EndpointFacts {
  id: string;
  host: string;
  application: string | null;
  events: readonly NotificationKind[];
}

/** One place that notifications go to. `host` is all of its address that may be shown or logged. */
export type Endpoint = EndpointFacts &
  ({ type: "webhook"; webhook: WebhookConfig } | { type: "email"; to: string; email: EmailConfig });

/** Every endpoint by its id, and those that a notification goes to. */
export interface Endpoints {
  isEmpty: boolean;
  list: readonly EndpointFacts[];
  find(id: string): Endpoint | null;
  idsFor(application: string, kind: NotificationKind): string[];
}

type EndpointConfig = Parameters<typeof createEndpoints>[0];

/** The endpoints as the settings have them by now: whoever takes over others replaces members of `config`. */
export function createLiveEndpoints(config: EndpointConfig): Endpoints {
  let made = { ...config, endpoints: createEndpoints(config) };
  const current = () => {
    const { notifications, applications } = config;
    if (made.notifications !== notifications || made.applications !== applications)
      made = { notifications, applications, endpoints: createEndpoints(config) };
    return made.endpoints;
  };
  return {
    get isEmpty() {
      return current().isEmpty;
    },
    get list() {
      return current().list;
    },
    find: (id) => current().find(id),
    idsFor: (application, kind) => current().idsFor(application, kind),
  };
}

/** The configured endpoints. Every recipient of mail is one of its own, so that a refused one holds up nobody else. */
function createEndpoints(config: {
  notifications: NotificationsConfig;
  applications: readonly Pick<ApplicationConfig, "name" | "notifications">[];
}): Endpoints {
  const forAll = endpointsOf(config.notifications, null);
  const forOne = new Map(config.applications.map((a) => [a.name, endpointsOf(a.notifications, a.name)]));
  const byId = new Map([...forAll, ...[...forOne.values()].flat()].map((endpoint) => [endpoint.id, endpoint]));
  return {
    isEmpty: byId.size === 0,
    list: [...byId.values()].map(({ id, host, application, events }) => ({ id, host, application, events })),
    find: (id) => byId.get(id) ?? null,
    idsFor: (application, kind) =>
      [...forAll, ...(forOne.get(application) ?? [])].filter((e) => e.events.includes(kind)).map((e) => e.id),
  };
}

function endpointsOf({ webhooks, email }: NotificationsConfig, application: string | null): Endpoint[] {
  const prefix = application === null ? "" : `${application}/`;
  return [
    ...webhooks.map(
      (webhook): Endpoint => ({
        type: "webhook",
        id: `${prefix}webhook:${webhook.name}`,
        host: new URL(webhook.url).host,
        application,
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
              application,
              events: email.events,
              to,
              email,
            },
          ]
        : [],
    ),
  ];
}
