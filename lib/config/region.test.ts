import { expect, test } from "vitest";
import { fixesOf } from "../testing/fixes-of.ts";
import { regionSchema } from "./region.ts";

test.each([
  ...["us-east-1", "eu-central-2", "ap-southeast-7", "il-central-1", "mx-central-1", "me-central-1", "af-south-1"],
  ...[
    "cn-north-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "eusc-de-east-1",
    "eu-west-12",
  ],
])("%s is a Region", (region) => {
  expect(regionSchema.safeParse(region).success).toBe(true);
});

test.each([
  "",
  "eu",
  "eu-central",
  "eu-central-1a",
  "EU-CENTRAL-1",
  "eu_central_1",
  "https://eu-central-1",
  "eu-central-123",
  " eu-central-1",
])("%j is none", (region) => {
  const { error } = regionSchema.safeParse(region);
  expect(fixesOf(error)).toBe("give a Region such as eu-central-1");
});
