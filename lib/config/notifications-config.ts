// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax that people are told to write.

import { z } from "zod";
import { NOTIFICATION_KINDS, USUAL_NOTIFICATION_KINDS } from "../domain/notification/notification.ts";
import { LANGUAGES } from "../messages/language.ts";
import { isLoopback } from "./environment.ts";

const LEAST_SECRET = 16;

const events = z
  .array(
    z.enum(NOTIFICATION_KINDS, `choose from ${NOTIFICATION_KINDS.join(", ")}`),
    "give a list of events, or leave it out for all",
  )
  .min(1, "name one event or more, or leave it out for all")
  .default([...USUAL_NOTIFICATION_KINDS]);

/** What recipients read. */
const language = z.enum(LANGUAGES, `choose from ${LANGUAGES.join(", ")}`).default("en");

const ADDRESS_FIX = "give an e-mail address such as kim@example.com";
// Nothing that could end a header or name a second recipient.
const address = z.string(ADDRESS_FIX).regex(/^[^\s@<>",;:\\()[\]]+@[^\s@<>",;:\\()[\]]+$/, ADDRESS_FIX);

const URL_FIX = "give an https:// address, from the environment if it holds a secret: ${SLACK_WEBHOOK_URL}";
const webhook = z
  .strictObject(
    {
      name: z
        .string("give a name")
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and single hyphens")
        .max(64, "use 64 characters or fewer"),
      url: z.url({ protocol: /^https?$/, error: URL_FIX }),
      format: z.enum(["slack", "generic"], "choose slack or generic"),
      /** Signs each request; a Slack address is its own secret. */
      secret: z
        .string("give the signing secret from the environment, as ${NAME}")
        .min(LEAST_SECRET, `use ${LEAST_SECRET} characters or more`)
        .nullable()
        .default(null),
      language,
      events,
    },
    "give { name, url, format: slack|generic, secret, language, events }",
  )
  .superRefine((hook, context) => {
    if (hook.format === "generic" && hook.secret === null)
      context.addIssue({
        code: "custom",
        path: ["secret"],
        message:
          "give a signing secret from the environment, as ${NAME}: receivers cannot tell forged requests otherwise",
      });
    if (hook.format === "slack" && hook.url.startsWith("http:") && !isLoopback(hook.url))
      context.addIssue({ code: "custom", path: ["url"], message: URL_FIX });
  });

const SMTP_FIX = "give smtp://user:password@host:587 or smtps://..., from the environment: ${SMTP_URL}";
const email = z.strictObject(
  {
    to: z.array(address, "give a list of e-mail addresses").min(1, "name one address or more"),
    from: address,
    /** Where mail is handed in; holds the password. */
    smtp: z.url({ protocol: /^smtps?$/, error: SMTP_FIX }),
    language,
    events,
  },
  "give { to: [...], from, smtp, language, events }",
);

/** `notifications:` of switchyard.yaml, for every application or for one: who is told of what. */
export const notificationsSchema = z
  .strictObject(
    {
      webhooks: z.array(webhook, "give a list of { name, url, format, secret, language, events }").default([]),
      email: email.nullable().default(null),
    },
    "give { webhooks: [...], email: {...} }",
  )
  .superRefine(({ webhooks }, context) => {
    webhooks.forEach(({ name }, index) => {
      if (webhooks.findIndex((other) => other.name === name) < index)
        context.addIssue({
          code: "custom",
          path: ["webhooks", index, "name"],
          message: "choose another name: an earlier webhook has it",
        });
    });
  });
export type NotificationsConfig = z.infer<typeof notificationsSchema>;
export type WebhookConfig = NotificationsConfig["webhooks"][number];
export type EmailConfig = NonNullable<NotificationsConfig["email"]>;

/** What is said when nothing is: nobody is told. */
export const NO_NOTIFICATIONS: NotificationsConfig = notificationsSchema.parse({});

/** Whether a setting at this place holds a secret, so that its value must not be shown. */
export function isSecretSetting(path: readonly (string | number)[]): boolean {
  return path.includes("notifications") && ["url", "secret", "smtp"].includes(String(path.at(-1)));
}
