import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { isLoopback } from "../config/environment.ts";
import type { EmailConfig } from "../config/notifications-config.ts";
import type { Delivery } from "../domain/notification/notification.ts";
import { say } from "../domain/sentence/sentence.ts";
import { oneLine } from "../domain/text/one-line.ts";
import type { Language } from "../messages/language.ts";
import type { Outcome } from "./outcome.ts";
import { linkOf, openWords } from "./payload.ts";

/** What sending leans on. `timeoutMs` bounds each step; the whole takes no longer than four of them. */
export interface EmailDeps {
  baseUrl: string;
  timeoutMs: number;
}

const MAX_ERROR = 200;

/** Hands one notification for one recipient to the mail server, once, as plain text and as HTML. */
export async function sendEmail(deps: EmailDeps, email: EmailConfig, to: string, delivery: Delivery): Promise<Outcome> {
  const { notification } = delivery;
  const transport = createTransport(transportOptions(email.smtp, deps.timeoutMs));
  const link = linkOf(notification, deps.baseUrl);
  const sent = transport.sendMail({
    from: { name: "Switchyard", address: email.from },
    to: { name: "", address: to },
    // A line break in a stranger's text must not begin another header.
    subject: `[Switchyard] ${oneLine(notification.title, 200)}`,
    text: `${notification.title}\n\n${notification.text}\n\n${link}\n`,
    html: htmlOf(notification, link, email.language),
    date: new Date(notification.at),
    // The same for every try, so that mail programs show it once.
    messageId: messageIdOf(notification.id, deps.baseUrl),
    // Nobody has that mail; mails that name it are one conversation.
    ...(notification.deploymentId === null ? {} : threadOf(notification.deploymentId, deps.baseUrl)),
    headers: {
      "X-Switchyard-Id": notification.id,
      "X-Switchyard-Event": notification.kind,
      "Auto-Submitted": "auto-generated",
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error("late"), { code: "ETIMEDOUT" })), deps.timeoutMs * 4);
  });
  try {
    await Promise.race([sent, late]);
    return { kind: "delivered" };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    clearTimeout(timer);
    sent.catch(() => undefined);
    transport.close();
  }
}

/** As RFC 5322 wants it, whatever is in the id: before the @ letters and digits alone. */
function messageIdOf(id: string, baseUrl: string): string {
  return `<${createHash("sha256").update(id).digest("hex").slice(0, 32)}@${new URL(baseUrl).hostname}>`;
}

function threadOf(deploymentId: string, baseUrl: string) {
  const thread = messageIdOf(`deployment ${deploymentId}`, baseUrl);
  return { references: thread, inReplyTo: thread };
}

/** Nothing is loaded and nothing but the link leads anywhere. */
function htmlOf({ title, text }: Delivery["notification"], link: string, language: Language): string {
  const lines = text.split("\n").map(escapeHtml).join("<br>");
  return `<!doctype html><html><body style="font-family:sans-serif"><p><strong>${escapeHtml(title)}</strong></p><p>${lines}</p><p><a href="${escapeHtml(link)}">${escapeHtml(openWords(language))}</a></p></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function transportOptions(address: string, timeoutMs: number) {
  const url = new URL(address);
  const isSecure = url.protocol === "smtps:";
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 465 : 587) : Number(url.port),
    secure: isSecure,
    // A password is never sent in the clear, except to a server on this machine.
    ...(user === "" ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    requireTLS: user !== "" && !isSecure && !isLoopback(`http://${url.host}`),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  };
}

/** A 5xx answer to the recipient or the message is final; a failed sign-in or connection may be put right. */
function outcomeOf(error: unknown): Outcome {
  const { code, responseCode, response } = error as { code?: unknown; responseCode?: unknown; response?: unknown };
  const words = typeof response === "string" ? oneLine(response, MAX_ERROR) : "";
  if (typeof responseCode === "number") {
    const isFinal = responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
    return {
      kind: isFinal ? "refused" : "retry",
      error: `SMTP ${words.startsWith(String(responseCode)) ? words : responseCode}`,
    };
  }
  return {
    kind: "retry",
    error: say("delivery.noMailServer", { code: typeof code === "string" ? code : say("delivery.noCode") }),
  };
}
