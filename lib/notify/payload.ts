import type { Notification } from "../domain/notification/notification.ts";

/** The generic webhook's body: documented in docs/notifications.md and only ever added to. */
export function genericPayload(notification: Notification, baseUrl: string): string {
  const { id, kind, application, deploymentId, title, text, at } = notification;
  return JSON.stringify({
    version: 1,
    id,
    event: kind,
    application,
    deployment: deploymentId,
    title,
    text,
    url: linkOf(notification, baseUrl),
    at,
  });
}

/** Slack's limit of a section is 3000 characters, escapes included. */
const MAX_SECTION = 2900;

/** What Slack and those compatible with it take: `text` for the banner, blocks for the channel. */
export function slackPayload(notification: Notification, baseUrl: string): string {
  const title = escapeSlack(notification.title);
  const text = escapeSlack(notification.text);
  const body = `*${title}*\n${cut(text, MAX_SECTION - title.length)}`;
  return JSON.stringify({
    text: title,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      // `verbatim`: names and addresses in strangers' texts become neither mentions nor links.
      { type: "section", text: { type: "mrkdwn", text: body, verbatim: true } },
      {
        type: "context",
        elements: [{ type: "mrkdwn", text: `<${linkOf(notification, baseUrl)}|Open in Switchyard>`, verbatim: true }],
      },
    ],
  });
}

/** The page to act on. */
export function linkOf(notification: Pick<Notification, "deepLinkPath">, baseUrl: string): string {
  return `${baseUrl.replace(/\/+$/, "")}${notification.deepLinkPath}`;
}

/** Slack's three: without them a text could mention a whole channel or dress a link up. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Cuts without leaving half an escape. */
function cut(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text
        .slice(0, limit - 1)
        .replace(/&[a-z]{0,4}$/, "")
        .toWellFormed()}…`;
}
