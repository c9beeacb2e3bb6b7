import { say } from "../sentence/sentence.ts";
import type { LoadBalancerFact } from "./load-balancer-facts.ts";
import { fail, pass, warn } from "./point.ts";
import type { Point } from "./readiness.ts";

const PLAIN_PORT = 80;

/** Where a load balancer speaks HTTPS, who comes by HTTP is sent there: to a port that speaks it, and not in a circle. */
export function checkRedirect({ listeners }: Pick<LoadBalancerFact, "listeners">): readonly Point[] {
  const secure = listeners.filter(({ protocol }) => protocol === "HTTPS");
  const plain = listeners.find(({ protocol, port }) => protocol === "HTTP" && port === PLAIN_PORT);
  if (secure.length === 0 || !plain) return [];
  const { redirect, isForwarding } = plain;
  if (!redirect) return isForwarding ? [warn(say("check.plainServes", { port: secure[0]?.port ?? 0 }))] : [];
  // What is left out, or written as a variable, stays as the request has it.
  const protocol = redirect.protocol === "#{protocol}" ? "HTTP" : redirect.protocol;
  const port = redirect.port === "#{port}" ? String(PLAIN_PORT) : redirect.port;
  const isHere = redirect.host === "#{host}";
  if (protocol === "HTTPS" && (!isHere || secure.some((one) => String(one.port) === port)))
    return [pass(say("check.redirectGood", { port }))];
  if (protocol === "HTTPS") return [fail(say("check.redirectNowhere", { port }))];
  return [fail(say(isHere && port === String(PLAIN_PORT) ? "check.redirectCircle" : "check.redirectPlain", { port }))];
}
