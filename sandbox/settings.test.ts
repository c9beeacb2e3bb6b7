import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";

describe("settings", () => {
  it("has a default for everything", () => {
    expect(readSettings({})).toEqual({
      settings: {
        port: 4566,
        listenerPort: 8080,
        speed: 1,
        visitorsPerSecond: 0,
        seed: "all",
        profile: "fast",
        policyFile: null,
      },
      problems: [],
    });
  });

  it("reads what is set", () => {
    const environment = {
      SANDBOX_PORT: "0",
      SANDBOX_LISTENER_PORT: "9000",
      SANDBOX_SPEED: "2.5",
      SANDBOX_VISITORS: "50",
      SANDBOX_SEED: "paired",
      SANDBOX_PROFILE: "aws",
      SANDBOX_POLICY: "deploy/iam-policy.json",
    };
    expect(readSettings(environment).settings).toEqual({
      port: 0,
      listenerPort: 9000,
      speed: 2.5,
      visitorsPerSecond: 50,
      seed: "paired",
      profile: "aws",
      policyFile: "deploy/iam-policy.json",
    });
  });

  it("reports every problem at once, each with its fix", () => {
    const { settings, problems } = readSettings({
      SANDBOX_PORT: "http",
      SANDBOX_SPEED: "0",
      SANDBOX_VISITORS: "-1",
      SANDBOX_SEED: "nothing",
      SANDBOX_PROFILE: "slow",
    });
    expect(settings).toBeNull();
    expect(problems).toEqual([
      'SANDBOX_PORT is "http": set a whole number from 0 to 65535',
      'SANDBOX_SPEED is "0": set a number from 0.1 to 100',
      'SANDBOX_VISITORS is "-1": set a number from 0 to 1000',
      'SANDBOX_SEED is "nothing": set all, task-sets, paired, driven or empty',
      'SANDBOX_PROFILE is "slow": set fast or aws',
    ]);
  });
});
