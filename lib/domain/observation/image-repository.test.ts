import { expect, test } from "vitest";
import { isSameRepository, parseRepository } from "./image-repository.ts";
import { findMalformed } from "./malformed-image.ts";

const OWN = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com";

test.each([
  [OWN, "ap-northeast-2"],
  ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["123456789012.dkr-ecr-fips.us-east-1.on.aws", "us-east-1"],
  ["123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"],
  ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
  ["123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
  ["123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"],
  ["123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"],
  ["123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"],
])("%s is a registry of ECR", (host, region) => {
  const expected = { kind: "ecr", accountId: "123456789012", region, name: "team/library" };
  expect(parseRepository(`${host}/team/library`)).toEqual(expected);
});

test.each([
  "123456789012.dkr.ecr.us-iso-east-1.amazonaws.com",
  "123456789012.dkr.ecr.us-east-1.c2s.ic.gov",
  "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com.evil.example",
  "public.ecr.aws",
])("%s is none", (host) => expect(parseRepository(`${host}/library`).kind).toBe("other"));

test.each([
  ["nginx", "docker.io/library/nginx", true],
  ["nginx", "docker.io/nginx", true],
  ["nginx", "index.docker.io/library/nginx", true],
  ["team/library", "index.docker.io/team/library", true],
  ["team/library", "docker.io/library/team/library", false],
  ["nginx", "ghcr.io/library/nginx", false],
  ["nginx", "docker.io.evil.example/library/nginx", false],
])("%s and %s are one repository: %s", (a, b, expected) => {
  expect(isSameRepository(parseRepository(a), parseRepository(b))).toBe(expected);
});

test.each([
  "library",
  "library:1.0.0",
  "team/library-api:v1",
  "localhost/library:1",
  "registry.example.com:5000/team/lib__rary.x:1",
  "[2001:db8::1]:5000/library:1",
  "GHCR.io/team/library:1",
  `${OWN}/library@sha256:${"a".repeat(64)}`,
  `library:1@sha256:${"a".repeat(64)}`,
])("%s can be pulled", (image) => expect(findMalformed(image)).toBeNull());

test.each([
  "Library:1",
  "ghcr.io/Team/library:1",
  `https://${OWN}/library:1`,
  "library:1:2",
  "team//library:1",
  "team/:1",
  "/library:1",
  "-team/library:1",
  "lib..rary:1",
  "lib___rary:1",
  "host_name.example.com/library:1",
  "도서관:1",
  `${"a".repeat(256)}:1`,
  `library@sha512:${"a".repeat(128)}`,
  `library@sha256:${"A".repeat(64)}`,
  `library:@sha256:${"a".repeat(64)}`,
])("%s can be pulled by nothing", (image) => expect(findMalformed(image)).not.toBeNull());
