import type { Notification } from "../domain/notification/notification.ts";
import { inEnglish, inLanguage } from "../domain/sentence/in-language.ts";
import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import type { Language } from "../messages/language.ts";

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

/** Below Slack's limit for a message's text. */
const MOST_TEXT = 2900;

/**
 * What Slack and those compatible with it take: `text` for the banner, blocks for the channel. Rich text is never parsed
 * (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block), so that nothing in strangers' words becomes bold, a link, a mention
 * or code.
 */
export function slackPayload(notification: Notification, baseUrl: string, language: Language): string {
  const { title, text } = notification;
  const words = (content: string, style?: object) => ({ type: "text", text: content, ...(style ? { style } : {}) });
  return JSON.stringify({
    text: escapeSlack(title),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              words(title, { bold: true }),
              words(`\n${cut(text, MOST_TEXT - title.length)}\n`),
              { type: "link", url: linkOf(notification, baseUrl), text: openWords(language) },
            ],
          },
        ],
      },
    ],
  });
}

/** What the link to the page says. */
export function openWords(language: Language): string {
  const said = say("notice.open");
  return inLanguage(said, language) ?? inEnglish(said);
}

/** The page to act on. */
export function linkOf(notification: Pick<Notification, "deepLinkPath">, baseUrl: string): string {
  return `${baseUrl.replace(/\/+$/, "")}${notification.deepLinkPath}`;
}

/** Slack's three: without them a banner could mention a whole channel or dress a link up. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${cutText(text, limit - 1).toWellFormed()}…`;
}
