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
  further: readonly (readonly string[])[] = [],
) =>
  readLink(
    {
      certificates: {
        async describe(arn) {
          if (domain === null) throw new Error("AccessDenied");
          const names = further[Number(arn.split("/further-")[1] ?? "none")] ?? [domain];
          return { arn, domain: names[0] ?? "", names, status: "ISSUED", endsAt: null };
        },
      },
      inventory: {
        elb: {
          async listCertificates() {
            return [
              listener.certificateArn ?? "",
              ...further.map((_, index) => `arn:aws:acm:eu-central-1:123456789012:certificate/further-${index}`),
            ];
          },
        },
      },
    },
    DNS,
    { arn: "arn:listener", ...listener },
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

test("certificates beside the default one (SNI) tell the host where it tells none, and which host of a rule they are for", async () => {
  const https = { protocol: "HTTPS", port: 443, certificateArn: ACM };
  const sni = [["*.shop.example.com"], ["books.example.com", "www.books.example.com"]];
  expect(await linkOf(https, [], "*.example.com", sni)).toBe("https://books.example.com");
  expect(await linkOf(https, host("www.*"), "*.example.com", sni)).toBe("https://www.books.example.com");
  // Of several hosts, the one that a browser accepts.
  const several = host("old.example.org", "a.shop.example.com");
  expect(await linkOf(https, several, "library.example.com", sni)).toBe("https://a.shop.example.com");
  expect(await linkOf(https, host("old.example.org", "library.example.com"))).toBe("https://library.example.com");
  // A wildcard stands for one part alone, and a name that no certificate has is still the rule's.
  expect(await linkOf(https, host("a.b.shop.example.com", "x.example.net"), "library.example.com", sni)).toBe(
    "https://a.b.shop.example.com",
  );
});
