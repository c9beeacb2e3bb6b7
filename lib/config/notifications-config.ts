// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax that people are told to write.

import { z } from "zod";
import { NOTIFICATION_KINDS, USUAL_NOTIFICATION_KINDS } from "../domain/notification/notification.ts";
import { say } from "../domain/sentence/sentence.ts";
import { LANGUAGES } from "../messages/language.ts";
import { isLoopback } from "./environment.ts";
import { fix } from "./fix.ts";

const LEAST_SECRET = 16;

const events = z
  .array(
    z.enum(NOTIFICATION_KINDS, fix(say("input.chooseFrom", { values: NOTIFICATION_KINDS.join(", ") }))),
    fix(say("config.events")),
  )
  .min(1, fix(say("config.eventsSome")))
  .default([...USUAL_NOTIFICATION_KINDS]);

/** What recipients read. */
const language = z.enum(LANGUAGES, fix(say("input.chooseFrom", { values: LANGUAGES.join(", ") }))).default("en");

const ADDRESS_FIX = fix(say("config.address"));
// Nothing that could end a header or name a second recipient.
const address = z.string(ADDRESS_FIX).regex(/^[^\s@<>",;:\\()[\]]+@[^\s@<>",;:\\()[\]]+$/, ADDRESS_FIX);

const URL_FIX = fix(say("config.hookUrl", { name: "${SLACK_WEBHOOK_URL}" }));
const webhook = z
  .strictObject(
    {
      name: z
        .string(fix(say("input.name")))
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, fix(say("input.lowerCase")))
        .max(64, fix(say("input.atMost", { count: 64 }))),
      url: z.url({ protocol: /^https?$/, error: URL_FIX }),
      format: z.enum(["slack", "generic"], fix(say("config.hookFormat"))),
      /** Signs each request; a Slack address is its own secret. */
      secret: z
        .string(fix(say("config.signingSecretAs", { name: "${NAME}" })))
        .min(LEAST_SECRET, fix(say("input.atLeast", { count: LEAST_SECRET })))
        .nullable()
        .default(null),
      language,
      events,
    },
    fix(say("input.shape", { shape: "{ name, url, format: slack|generic, secret, language, events }" })),
  )
  .superRefine((hook, context) => {
    if (hook.format === "generic" && hook.secret === null)
      context.addIssue({
        code: "custom",
        path: ["secret"],
        message: fix(say("config.signingSecretNeeded", { name: "${NAME}" })),
      });
    if (hook.format === "slack" && hook.url.startsWith("http:") && !isLoopback(hook.url))
      context.addIssue({ code: "custom", path: ["url"], message: URL_FIX });
  });

const SMTP_FIX = fix(say("config.smtp", { form: "smtp://user:password@host:587", name: "${SMTP_URL}" }));
const email = z.strictObject(
  {
    to: z
      .array(address, fix(say("input.listOf", { what: say("config.noun.emails") })))
      .min(1, fix(say("config.addressesSome"))),
    from: address,
    /** Where mail is handed in; holds the password. */
    smtp: z.url({ protocol: /^smtps?$/, error: SMTP_FIX }),
    language,
    events,
  },
  fix(say("input.shape", { shape: "{ to: [...], from, smtp, language, events }" })),
);

/** `notifications:` of switchyard.yaml, for every application or for one: who is told of what. */
export const notificationsSchema = z
  .strictObject(
    {
      webhooks: z
        .array(webhook, fix(say("input.listOf", { what: "{ name, url, format, secret, language, events }" })))
        .default([]),
      email: email.nullable().default(null),
    },
    fix(say("input.shape", { shape: "{ webhooks: [...], email: {...} }" })),
  )
  .superRefine(({ webhooks }, context) => {
    webhooks.forEach(({ name }, index) => {
      if (webhooks.findIndex((other) => other.name === name) < index)
        context.addIssue({
          code: "custom",
          path: ["webhooks", index, "name"],
          message: fix(say("config.nameOfWebhook")),
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
