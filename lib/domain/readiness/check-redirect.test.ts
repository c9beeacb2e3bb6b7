import { expect, test } from "vitest";
import { checkRedirect } from "./check-redirect.ts";
import type { LoadBalancerFact } from "./load-balancer-facts.ts";

type Listener = LoadBalancerFact["listeners"][number];

const SECURE: Listener = { arn: "a", port: 443, protocol: "HTTPS", certificates: ["c"], isForwarding: true };
const plain = (does: Partial<Listener>): Listener => ({
  ...{ arn: "b", port: 80, protocol: "HTTP", certificates: [] },
  ...does,
});
const to = (protocol: string, port: string, host = "#{host}") => plain({ redirect: { protocol, port, host } });

test.each<[string, Listener[], string | null]>([
  ["redirects to HTTPS", [SECURE, to("HTTPS", "443")], "pass check.redirectGood"],
  [
    "redirects to HTTPS on another port that speaks it",
    [{ ...SECURE, port: 8443 }, to("HTTPS", "8443")],
    "pass check.redirectGood",
  ],
  ["redirects to another host", [SECURE, to("HTTPS", "443", "www.example.com")], "pass check.redirectGood"],
  ["redirects to HTTPS on its own port", [SECURE, to("HTTPS", "#{port}")], "fail check.redirectNowhere"],
  ["redirects to HTTPS where nothing listens", [SECURE, to("HTTPS", "8443")], "fail check.redirectNowhere"],
  ["redirects to itself", [SECURE, to("#{protocol}", "#{port}")], "fail check.redirectCircle"],
  ["redirects to another port in the clear", [SECURE, to("HTTP", "8080")], "fail check.redirectPlain"],
  ["serves", [SECURE, plain({ isForwarding: true })], "warn check.plainServes"],
  ["answers by itself", [SECURE, plain({ isForwarding: false })], null],
  ["is not there", [SECURE], null],
  ["is the only one", [plain({ isForwarding: true })], null],
])("HTTP:80 that %s", (_, listeners, expected) => {
  const [point] = checkRedirect({ listeners });
  expect(point ? `${point.outcome} ${point.said?.code}` : null).toBe(expected);
});
