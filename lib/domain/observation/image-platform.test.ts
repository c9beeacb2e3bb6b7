import { expect, test } from "vitest";
import { isOtherPlatform, taskPlatform } from "./image-platform.ts";

test.each([
  [null, null, true, "linux/amd64"],
  [null, "LINUX", true, "linux/amd64"],
  ["X86_64", "LINUX", false, "linux/amd64"],
  ["ARM64", "LINUX", false, "linux/arm64"],
  ["ARM64", null, true, "linux/arm64"],
  ["X86_64", "WINDOWS_SERVER_2022_CORE", true, "windows/amd64"],
  [null, "WINDOWS_SERVER_2025_FULL", true, "windows/amd64"],
  // On instances the machine decides.
  [null, null, false, null],
  [null, "LINUX", false, null],
])(
  "a task of %s, %s, on Fargate %s, runs on %s",
  (cpuArchitecture, operatingSystemFamily, requiresFargate, platform) => {
    expect(taskPlatform({ cpuArchitecture, operatingSystemFamily, requiresFargate })).toBe(platform);
  },
);

test.each<[string[] | null, string, boolean]>([
  [["linux/amd64", "linux/arm64"], "linux/arm64", false],
  [["linux/arm64"], "linux/amd64", true],
  [["linux/arm64", "windows/amd64"], "linux/amd64", true],
  [null, "linux/amd64", false],
  [[], "linux/amd64", false],
])("an image for %j where tasks run on %s is for another platform: %s", (platforms, wanted, isOther) => {
  expect(isOtherPlatform(platforms, wanted)).toBe(isOther);
});
