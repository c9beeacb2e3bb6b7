import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { FixedResponseActionConfig, RedirectActionConfig } from "@aws-sdk/client-elastic-load-balancing-v2";
import { splitTarget } from "./condition-match.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  405: "Not Allowed",
  408: "Request Time-out",
  414: "Request-URI Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

/** An answer of the load balancer itself. */
export interface Answer {
  status: number;
  reason: string;
  headers: string[];
  body: string;
}

/** The load balancer's own error page. */
export function errorAnswer(status: number): Answer {
  const reason = TITLES[status] ?? "Error";
  const title = `${status} ${reason}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, reason, headers: answerHeaders("text/html", body), body };
}

/** The answer of a fixed-response action. */
export function fixedAnswer(config: FixedResponseActionConfig): Answer {
  const status = Number(config.StatusCode);
  const text = config.MessageBody ?? "";
  const type = config.ContentType ?? "text/plain";
  const withCharset = type.startsWith("application/") ? type : `${type}; charset=utf-8`;
  return { status, reason: STATUS_CODES[status] ?? "", headers: answerHeaders(withCharset, text), body: text };
}

/** The answer of a redirect action, its `#{...}` keywords filled from the request. */
export function redirectAnswer(config: RedirectActionConfig, request: IncomingMessage, listener: ListenerFace): Answer {
  const { path, query } = splitTarget(request.url);
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const fill = (template: string) =>
    template
      .replaceAll("#{protocol}", listener.protocol.toLowerCase())
      .replaceAll("#{host}", host)
      .replaceAll("#{port}", String(listener.port))
      .replaceAll("#{path}", path.replace(/^\//, ""))
      .replaceAll("#{query}", query);
  const filledQuery = fill(config.Query ?? "#{query}");
  const protocol = fill(config.Protocol ?? "#{protocol}").toLowerCase();
  const location = `${protocol}://${fill(config.Host ?? "#{host}")}:${fill(config.Port ?? "#{port}")}${fill(config.Path ?? "/#{path}")}${filledQuery ? `?${filledQuery}` : ""}`;
  const status = config.StatusCode === "HTTP_301" ? 301 : 302;
  const reason = status === 301 ? "Moved Permanently" : "Found";
  const title = `${status} ${reason}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, reason, headers: [...answerHeaders("text/html", body), "Location", location], body };
}

/** The listener as its clients know it: AWS's port, not the one it has on this machine. */
export interface ListenerFace {
  protocol: string;
  port: number;
}

function answerHeaders(contentType: string, body: string): string[] {
  return ["Server", "awselb/2.0", "Content-Type", contentType, "Content-Length", String(Buffer.byteLength(body))];
}
