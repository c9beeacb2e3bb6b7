import { expect, test } from "vitest";
import type { RuleMatch } from "../domain/observation/rule-match.ts";
import { readLink } from "./listener-link.ts";

const DNS = "library-alb-1.eu-central-1.elb.amazonaws.com";
const ACM = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
const host = (...texts: string[]): RuleMatch => [
  { on: "host", values: texts.map((text) => ({ kind: "pattern", text, isCaseSensitive: false })) },
];

const linkOf = (
  listener: { protocol: string; port: number; certificateArn?: string },
  match: RuleMatch = [],
  domain: string | null = "library.example.com",
) =>
  readLink(
    {
      async describe(arn) {
        if (domain === null) throw new Error("AccessDenied");
        return { arn, domain, status: "ISSUED", endsAt: null };
      },
    },
    DNS,
    listener,
    match,
  );

test("people come by the host that a rule takes, else by the certificate's, else by the load balancer's name", async () => {
  const https = { protocol: "HTTPS", port: 443, certificateArn: ACM };
  expect(await linkOf({ protocol: "HTTP", port: 80 })).toBe(`http://${DNS}`);
  expect(await linkOf({ protocol: "HTTP", port: 8080 })).toBe(`http://${DNS}:8080`);
  expect(await linkOf(https)).toBe("https://library.example.com");
  expect(await linkOf({ ...https, port: 8443 })).toBe("https://library.example.com:8443");
  // One load balancer with certificates of several hosts: the rule says which.
  expect(await linkOf(https, host("books.example.com"))).toBe("https://books.example.com");
  expect(await linkOf(https, host("*.example.com", "app.example.com"))).toBe("https://app.example.com");
  expect(await linkOf({ protocol: "HTTP", port: 80 }, host("books.example.com"))).toBe("http://books.example.com");
});

test("a certificate of many hosts, one that nobody may look at and one of IAM's tell no host", async () => {
  const https = { protocol: "HTTPS", port: 443, certificateArn: ACM };
  expect(await linkOf(https, host("*.example.com"), "*.example.com")).toBe(`https://${DNS}`);
  expect(await linkOf(https, [], null)).toBe(`https://${DNS}`);
  expect(await linkOf({ ...https, certificateArn: "arn:aws:iam::123456789012:server-certificate/a" })).toBe(
    `https://${DNS}`,
  );
});
