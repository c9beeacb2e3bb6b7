// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import { describe, expect, test } from "vitest";
import { USUAL_NOTIFICATION_KINDS } from "../domain/notification/notification.ts";
import { parseConfigFile } from "./config-file.ts";

const APPLICATION = `applications:
  - name: library
    cluster: main
    listener: { loadBalancer: library-alb, port: 80 }
    blue: { service: library-blue, targetGroup: library-blue-tg }
    green: { service: library-green, targetGroup: library-green-tg }
`;
const ENV = { SLACK: "https://hooks.slack.com/services/T0/B0/hidden-path", KEY: "hidden-0123456789abcdef" };

function parse(notifications: string, env: Record<string, string> = ENV) {
  return parseConfigFile(`${APPLICATION}notifications:\n${notifications}`, "switchyard.yaml", env);
}
function problemsOf(notifications: string, env?: Record<string, string>) {
  const parsed = parse(notifications, env);
  return parsed.ok ? [] : parsed.problems;
}

describe("notifications in switchyard.yaml", () => {
  test("takes webhooks with secrets from the environment and e-mail, for the usual events unless some are named", () => {
    const parsed = parse(`
  webhooks:
    - { name: releases, url: "\${SLACK}", format: slack, events: [approval.wanted, traffic.drifted] }
    - { name: pager, url: https://pager.example.com/in, format: generic, secret: "\${KEY}" }
  email: { to: [kim@example.com], from: switchyard@example.com, smtp: "smtp://u:p@mail.example.com:587" }
`);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { webhooks, email } = parsed.file.notifications;
    expect(webhooks[0]).toMatchObject({ url: ENV.SLACK, secret: null, events: ["approval.wanted", "traffic.drifted"] });
    expect(webhooks[1]).toMatchObject({ secret: ENV.KEY, events: USUAL_NOTIFICATION_KINDS });
    expect(email?.events).toEqual(USUAL_NOTIFICATION_KINDS);
  });

  test("belongs to one application as well", () => {
    const text = `${APPLICATION}    notifications: { webhooks: [{ name: team, url: "\${SLACK}", format: slack }] }\n`;
    const parsed = parseConfigFile(text, "switchyard.yaml", ENV);
    expect(parsed.ok && parsed.file.applications[0]?.notifications.webhooks[0]?.name).toBe("team");
  });

  test.each([
    ["a generic webhook without a secret", "  webhooks: [{ name: a, url: https://x.io, format: generic }]", /forged/],
    ["a short secret", "  webhooks: [{ name: a, url: https://x.io, format: generic, secret: short }]", /16 characters/],
    ["a Slack address in the clear", "  webhooks: [{ name: a, url: http://x.io/s, format: slack }]", /https/],
    ["an address of another kind", "  webhooks: [{ name: a, url: file:///etc/passwd, format: slack }]", /https/],
    [
      "an unknown event",
      `  webhooks: [{ name: a, url: "\${SLACK}", format: slack, events: [switched] }]`,
      /choose from/,
    ],
    ["no event at all", `  webhooks: [{ name: a, url: "\${SLACK}", format: slack, events: [] }]`, /one event/],
    [
      "two webhooks of one name",
      `  webhooks: [{ name: a, url: "\${SLACK}", format: slack }, { name: a, url: "\${SLACK}", format: slack }]`,
      /another name/,
    ],
    [
      "a second header in an address",
      '  email: { to: ["a@x.io\\r\\nBcc: b@x.io"], from: a@x.io, smtp: smtp://h }',
      /e-mail/,
    ],
    ["a mail server that is none", "  email: { to: [a@x.io], from: a@x.io, smtp: https://h }", /smtp:\/\//],
    ["an unknown setting", "  webhook: []", /webhooks/],
  ])("refuses %s and says what to give", (_what, text, fix) => {
    const problems = problemsOf(text);
    expect(problems[0]?.fix).toMatch(fix);
    expect(problems).toHaveLength(1);
  });

  test("never shows an address or a secret in a problem", () => {
    const problems = problemsOf(
      `  webhooks: [{ name: a, url: "\${BAD}", format: generic, secret: "\${SHORT}" }]
  email: { to: [a@x.io], from: a@x.io, smtp: "\${BAD}" }`,
      { BAD: "hidden-address", SHORT: "hidden" },
    );
    expect(problems).toHaveLength(3);
    expect(JSON.stringify(problems)).not.toContain("hidden");
  });
});
