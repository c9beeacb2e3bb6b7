import { expect, test } from "vitest";
import { clientAddressOf, trustedProxies } from "./trusted-proxies.ts";

const LOAD_BALANCERS = trustedProxies(["10.0.0.0/8", "2001:db8:1::/48"]);

test.each([
  ["a stranger who claims to be another", "203.0.113.9", "192.0.2.1", "203.0.113.9"],
  ["a stranger who claims to be this machine", "203.0.113.9", "127.0.0.1", "203.0.113.9"],
  ["a proxy of this machine", "127.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["a proxy of this machine, asked from this machine", "127.0.0.1", "203.0.113.66, 127.0.0.1", "127.0.0.1"],
  ["its IPv6 form", "::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["a load balancer", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
  ["a load balancer behind another", "10.1.2.3", "203.0.113.9, 10.9.9.9", "203.0.113.9"],
  ["a load balancer that was lied to", "10.1.2.3", "192.0.2.1, 203.0.113.9", "203.0.113.9"],
  ["a load balancer that was lied to about itself", "10.1.2.3", "10.7.7.7, 203.0.113.9", "203.0.113.9"],
  ["a load balancer that adds ports", "10.1.2.3", "203.0.113.9:51234", "203.0.113.9"],
  ["a load balancer with IPv6", "2001:db8:1::7", "[2001:DB8:2::9]:443", "2001:db8:2::9"],
  ["a proxy that says nothing", "127.0.0.1", undefined, "127.0.0.1"],
  ["a proxy that says nonsense", "10.1.2.3", "unknown", "10.1.2.3"],
  ["a proxy that hides it", "10.1.2.3", "203.0.113.9, _hidden", "10.1.2.3"],
  ["a proxy with an empty header", "10.1.2.3", "", "10.1.2.3"],
  ["a closed connection", undefined, "203.0.113.9", null],
])("%s", (_name, remote, forwarded, expected) => {
  expect(clientAddressOf(remote, forwarded, LOAD_BALANCERS)).toBe(expected);
});
