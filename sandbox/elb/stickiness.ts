import type { IncomingMessage } from "node:http";
import { isCandidate } from "./balancer.ts";
import type { RouteAction } from "./elb-state.ts";
import { type ListenerRecord, type TargetGroupRecord, type TargetRecord, targetKey } from "./elb-state.ts";

const GROUP_COOKIE = "AWSALBTG";
const TARGET_COOKIE = "AWSALB";
const APPLICATION_COOKIE = "AWSALBAPP-0";

/**
 * The group a request's cookie sticks it to, or null. A weight of 0 does not release it: that sessions stay on the
 * old group after a switch is the trap that group stickiness sets.
 */
export function stickyGroup(
  action: RouteAction & { kind: "forward" },
  request: IncomingMessage,
  now: number,
): TargetGroupRecord | null {
  const arn = readCookie(request, GROUP_COOKIE, now);
  return arn === null ? null : (action.groups.find((entry) => entry.group.arn === arn)?.group ?? null);
}

/** The target a request's cookie sticks it to, or null when there is none that may get requests. */
export function stickyTarget(group: TargetGroupRecord, request: IncomingMessage, now: number): TargetRecord | null {
  if (group.attributes.get("stickiness.enabled") !== "true") return null;
  const key = readCookie(request, cookieName(group), now);
  const target = key === null ? undefined : group.targets.get(key.slice(key.indexOf(" ") + 1));
  return target && key?.startsWith(`${group.name} `) && isCandidate(target) ? target : null;
}

/** The Set-Cookie header that sticks a client to a group for the action's duration. */
export function groupCookies(
  group: TargetGroupRecord,
  seconds: number,
  listener: ListenerRecord,
  now: number,
): string[] {
  return setCookies(GROUP_COOKIE, `${GROUP_COOKIE}CORS`, group.arn, seconds, listener, now);
}

/** The Set-Cookie headers that stick a client to a target; none where the group is not sticky. */
export function targetCookies(
  target: TargetRecord,
  response: IncomingMessage | null,
  request: IncomingMessage,
  listener: ListenerRecord,
  now: number,
): string[] {
  const { attributes, name } = target.group;
  if (attributes.get("stickiness.enabled") !== "true") return [];
  const value = `${name} ${targetKey(target.id, target.port)}`;
  if (attributes.get("stickiness.type") === "lb_cookie") {
    const seconds = Number(attributes.get("stickiness.lb_cookie.duration_seconds"));
    return setCookies(TARGET_COOKIE, `${TARGET_COOKIE}CORS`, value, seconds, listener, now);
  }
  const cookie = attributes.get("stickiness.app_cookie.cookie_name") ?? "";
  const isSet = response?.headers["set-cookie"]?.some((one) => one.startsWith(`${cookie}=`)) ?? false;
  if (!isSet && readCookie(request, APPLICATION_COOKIE, now) === null) return [];
  const seconds = Number(attributes.get("stickiness.app_cookie.duration_seconds"));
  return setCookies(APPLICATION_COOKIE, null, value, seconds, listener, now);
}

function cookieName(group: TargetGroupRecord): string {
  return group.attributes.get("stickiness.type") === "app_cookie" ? APPLICATION_COOKIE : TARGET_COOKIE;
}

function setCookies(
  name: string,
  corsName: string | null,
  subject: string,
  seconds: number,
  listener: ListenerRecord,
  now: number,
): string[] {
  const expiresAt = now + seconds * 1000;
  const value = Buffer.from(JSON.stringify([subject, expiresAt])).toString("base64url");
  const rest = `Expires=${new Date(expiresAt).toUTCString()}; Path=/`;
  const headers = ["Set-Cookie", `${name}=${value}; ${rest}`];
  const secure = listener.protocol === "HTTPS" ? "; Secure" : "";
  if (corsName) headers.push("Set-Cookie", `${corsName}=${value}; ${rest}; SameSite=None${secure}`);
  return headers;
}

/** What a cookie of ours names, or null when it is absent, foreign or expired. */
function readCookie(request: IncomingMessage, name: string, now: number): string | null {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [key = "", value = ""] = part.split("=");
    const own = key.trim();
    if (own !== name && own !== `${name}CORS`) continue;
    try {
      const content: unknown = JSON.parse(Buffer.from(value.trim(), "base64url").toString("utf8"));
      if (!Array.isArray(content)) continue;
      const [subject, expiresAt] = content;
      if (typeof subject === "string" && typeof expiresAt === "number" && expiresAt > now) return subject;
    } catch {
      // Not one of ours: any client may send what it likes under this name.
    }
  }
  return null;
}
