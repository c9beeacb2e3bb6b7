// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NO_ROLE_RULES } from "./access-config.ts";
import { parseConfigFile } from "./config-file.ts";

const GOOD = `applications:
  - name: library
    cluster: main
    listener: { loadBalancer: library-alb, port: 80 }
    blue: { service: library-blue, targetGroup: library-blue-tg }
    green: { service: library-green, targetGroup: library-green-tg }
`;

function problemsOf(text: string, env: Record<string, string> = {}) {
  const parsed = parseConfigFile(text, "switchyard.yaml", env);
  return parsed.ok ? [] : parsed.problems;
}

describe("switchyard.yaml", () => {
  test("fills in every default of an application", () => {
    const parsed = parseConfigFile(GOOD, "switchyard.yaml", {});
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.file.applications[0]).toEqual({
      name: "library",
      team: null,
      account: null,
      access: NO_ROLE_RULES,
      afterWindow: "keep",
      windowMinutes: 60,
      region: null,
      cluster: "main",
      controller: "paired-services",
      codeDeploy: null,
      listener: { loadBalancer: "library-alb", port: 80 },
      rule: null,
      listeners: [],
      rules: [],
      testListener: null,
      testRule: null,
      blue: { service: "library-blue", targetGroup: "library-blue-tg" },
      green: { service: "library-green", targetGroup: "library-green-tg" },
      container: null,
      containers: [],
      repository: null,
      imageRepositories: [],
      taskDefinitionFamilies: [],
      logGroup: null,
      github: null,
      logs: null,
      minimumHealthy: null,
      service: null,
      stableChecks: 3,
      suspendScaleIn: false,
      healthCheckPaths: [],
      bakeMinutes: 10,
      requestLine: null,
      url: null,
      testUrl: null,
      notifications: { webhooks: [], email: null },
      approvals: { release: null, switch: null },
      quietHours: [],
      freezeWindows: [],
      pipelines: [],
      alarms: [],
      checks: {
        maxErrorShare: 0.5,
        errorShareMargin: 0.05,
        responseTimeFactor: 3,
        minimumSamples: 20,
        requestLines: true,
        errorKinds: null,
      },
      metricPeriodSeconds: 60,
      rollout: { strategy: "ALL_AT_ONCE" },
      smoke: null,
      timeouts: { becomeHealthyMinutes: 15, awaitSwitchMinutes: 1440, rollbackMinutes: 15 },
    });
  });

  test("takes some checks, turns others off and leaves the rest at their defaults", () => {
    const parsed = parseConfigFile(
      `${GOOD}\n    checks: { maxErrorShare: null, minimumSamples: 100 }\n    alarms: [library-5xx]\n`,
      "switchyard.yaml",
      {},
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.file.applications[0]).toMatchObject({
      checks: {
        maxErrorShare: null,
        errorShareMargin: 0.05,
        responseTimeFactor: 3,
        minimumSamples: 100,
        requestLines: true,
      },
      alarms: ["library-5xx"],
    });
  });

  test.each([
    ["{}", { atLeast: 1, blockSwitch: true, rollBack: false }],
    ["{ atLeast: 3, blockSwitch: false, rollBack: true }", { atLeast: 3, blockSwitch: false, rollBack: true }],
    ["null", null],
  ])("takes error kinds as a blocker and a trigger where they are asked for: %s", (text, errorKinds) => {
    const parsed = parseConfigFile(`${GOOD}    checks: { errorKinds: ${text} }\n`, "f", {});
    expect(parsed.ok ? parsed.file.applications[0]?.checks.errorKinds : parsed.problems).toEqual(errorKinds);
  });

  test.each([
    ["{ strategy: CANARY }", { strategy: "CANARY", percent: 5, bakeMinutes: 10 }],
    ["{ strategy: CANARY, percent: 0.1, bakeMinutes: 0 }", { strategy: "CANARY", percent: 0.1, bakeMinutes: 0 }],
    ["{ strategy: LINEAR, stepPercent: 33.3 }", { strategy: "LINEAR", stepPercent: 33.3, stepBakeMinutes: 6 }],
    ["{ strategy: ALL_AT_ONCE }", { strategy: "ALL_AT_ONCE" }],
  ])("takes the rollout %s with ECS's numbers for what is left out", (text, rollout) => {
    const parsed = parseConfigFile(`${GOOD}    rollout: ${text}\n`, "f", {});
    expect(parsed.ok ? parsed.file.applications[0]?.rollout : parsed.problems).toEqual(rollout);
  });

  test.each([
    ["{ strategy: CANARY, percent: 0.05 }", ":43 applications[0].rollout.percent", "0.05", "0.1 to 100 percent"],
    ["{ strategy: CANARY, percent: 5.55 }", ":43 applications[0].rollout.percent", "5.55", "in steps of 0.1"],
    ["{ strategy: CANARY, bakeMinutes: 1441 }", ".rollout.bakeMinutes", "1441", "give 0 to 1440 minutes"],
    ["{ strategy: LINEAR, stepPercent: 2.9 }", ".rollout.stepPercent", "2.9", "give 3 to 100 percent"],
    ["{ strategy: LINEAR, percent: 5 }", ".rollout.percent", "5", "LINEAR has stepPercent and stepBakeMinutes"],
    ["{ strategy: ALL_AT_ONCE, percent: 5 }", ".rollout.percent", "5", "ALL_AT_ONCE has no steps"],
    ["{ strategy: BLUE_GREEN }", ".rollout.strategy", "BLUE_GREEN", "ALL_AT_ONCE, CANARY, LINEAR"],
    ["CANARY", ":14 applications[0].rollout", "CANARY", "{ strategy: CANARY, percent, bakeMinutes }"],
    ["{ strategy: CANARY, percnt: 5 }", ".rollout.percnt", "no such setting", "did you mean percent?"],
  ])("refuses the rollout %s at its line, with the value and the fix", (text, where, value, fix) => {
    const [problem] = problemsOf(`${GOOD}    rollout: ${text}\n`);
    expect(problem?.where).toMatch(/^switchyard\.yaml:7:/);
    expect(problem?.where).toContain(where);
    expect(problem?.message).toContain(value);
    expect(problem?.fix).toContain(fix);
  });

  test("takes a smoke check beside a test listener with its address, and its path is one of that origin", () => {
    const tested = `${GOOD}    testListener: { loadBalancer: library-alb, port: 81 }\n    testUrl: http://127.0.0.1:81\n`;
    const parsed = parseConfigFile(`${tested}    smoke: { path: "/health?deep=1" }\n`, "f", {});
    expect(parsed.ok && parsed.file.applications[0]?.smoke).toEqual({
      path: "/health?deep=1",
      status: 200,
      text: null,
      timeoutSeconds: 10,
    });
    for (const path of ["//evil.example/x", "/\\\\evil.example", "http://evil.example/", "health", "/a b", "/a\\r\\nb"])
      expect(problemsOf(`${tested}    smoke: { path: "${path}" }\n`)[0]?.where).toContain("smoke.path");
    expect(problemsOf(`${GOOD}    smoke: { path: / }\n`).map(({ fix }) => fix)).toEqual([
      expect.stringContaining("give testListener: or testRule: too"),
      expect.stringContaining("give testUrl: too"),
    ]);
  });

  test("takes longest times within their ranges", () => {
    const parsed = parseConfigFile(`${GOOD}    timeouts: { becomeHealthyMinutes: 30 }\n`, "f", {});
    expect(parsed.ok && parsed.file.applications[0]?.timeouts).toEqual({
      becomeHealthyMinutes: 30,
      awaitSwitchMinutes: 1440,
      rollbackMinutes: 15,
    });
    expect(problemsOf(`${GOOD}    timeouts: { awaitSwitchMinutes: 20161 }\n`)[0]).toMatchObject({
      where: expect.stringContaining("timeouts.awaitSwitchMinutes"),
      fix: "give 1 to 20160 minutes",
    });
  });

  test("the sandbox's own file is valid and tells its request lines", () => {
    const text = readFileSync(new URL("../../sandbox/switchyard.yaml", import.meta.url), "utf8");
    const parsed = parseConfigFile(text, "sandbox/switchyard.yaml", { SANDBOX_LISTENER_URL: "http://127.0.0.1:9999" });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.file.applications.map(({ name, controller }) => [name, controller])).toEqual([
      ["library", "task-set"],
      ["catalog", "paired-services"],
      ["orders", "ecs-native"],
      ["payments", "ecs-native"],
      ["members", "code-deploy"],
    ]);
    const library = parsed.file.applications[0];
    expect(library?.url).toBe("http://127.0.0.1:9999");
    const match = new RegExp(library?.requestLine ?? "").exec("INFO  GET /books?page=2 200 14 ms");
    expect(match?.groups?.status).toBe("200");
  });

  test("reports every problem at once, each with line, value and fix", () => {
    const problems = problemsOf(`applications:
  - name: Library!
    cluster: main
    listener: { loadBalancer: library-alb, port: 99999 }
    bakeMinutes: 5000
    blue: { service: one, targetGroup: tg }
    green: { service: two, targetGroup: tg-2 }
`);
    expect(problems).toMatchObject([
      {
        where: "switchyard.yaml:2:11 applications[0].name",
        message: '"Library!" is not valid',
        fix: "use lower-case letters, digits and single hyphens",
      },
      {
        where: "switchyard.yaml:4:50 applications[0].listener.port",
        message: "99999 is not valid",
        fix: "give 1 to 65535",
      },
      {
        where: "switchyard.yaml:5:18 applications[0].bakeMinutes",
        message: "5000 is not valid",
        fix: "give 0 to 1440 minutes",
      },
    ]);
  });

  test("refuses a listener that is neither an ARN nor a name with a port", () => {
    for (const value of ["library-alb", "{ loadBalancer: library-alb }", "80"])
      expect(problemsOf(GOOD.replace("{ loadBalancer: library-alb, port: 80 }", value))[0]).toMatchObject({
        where: expect.stringMatching(/^switchyard.yaml:4:\d+ applications\[0\].listener/),
      });
  });

  test("refuses an unknown setting at its own line and names the nearest one", () => {
    expect(problemsOf(GOOD.replace("    cluster: main", "    cluster: main\n    bakeMinuts: 3"))).toMatchObject([
      {
        where: "switchyard.yaml:4:5 applications[0].bakeMinuts",
        message: "there is no such setting",
        fix: "did you mean bakeMinutes?",
      },
    ]);
    expect(problemsOf(`${GOOD}whatever: 1\n`)[0]?.fix).toContain(
      "known here: region, accounts, rateLimits, events, access, notifications, audit, pipelines, applications",
    );
  });

  test("points at the application where a setting is missing", () => {
    expect(problemsOf(GOOD.replace("    cluster: main\n", ""))).toMatchObject([
      {
        where: "switchyard.yaml:2:5 applications[0].cluster",
        message: "it is missing",
        fix: "give the ECS cluster's name or ARN",
      },
    ]);
  });

  test("refuses sides that share a service or a target group, or lack a service", () => {
    expect(problemsOf(GOOD.replace("library-green-tg", "library-blue-tg"))[0]?.where).toContain("green.targetGroup");
    expect(problemsOf(GOOD.replace("service: library-green, ", ""))[0]?.fix).toContain("paired-services");
  });

  test("task sets have one service for both sides", () => {
    const taskSets = GOOD.replace(
      "    cluster: main",
      "    cluster: main\n    controller: task-set\n    service: library",
    )
      .replace("service: library-blue, ", "")
      .replace("service: library-green, ", "");
    const parsed = parseConfigFile(taskSets, "f", {});
    expect(parsed.ok && parsed.file.applications[0]).toMatchObject({
      controller: "task-set",
      service: "library",
      blue: { service: null },
      green: { service: null },
    });
    expect(problemsOf(taskSets.replace("    service: library\n", ""))[0]).toMatchObject({
      where: expect.stringContaining("applications[0]"),
      fix: expect.stringContaining("one for both sides"),
    });
    expect(problemsOf(taskSets.replace("blue: { ", "blue: { service: library-blue, "))[0]?.where).toContain(
      "blue.service",
    );
    expect(problemsOf(taskSets.replace("task-set", "paired-services")).map(({ where }) => where)).toContainEqual(
      expect.stringContaining("applications[0].service"),
    );
  });

  test("refuses two applications of one name, and names that pages have", () => {
    const twice = `${GOOD}${GOOD.split("\n").slice(1).join("\n")}`;
    expect(problemsOf(twice)[0]).toMatchObject({ where: "switchyard.yaml:7:11 applications[1].name" });
    expect(problemsOf(GOOD.replace("name: library", "name: audit"))[0]?.fix).toContain("choose another name");
  });

  test("refuses a service or target group that another application has, by name or by ARN", () => {
    const group = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/library-blue-tg/0a";
    const other = GOOD.split("\n")
      .slice(1)
      .join("\n")
      .replace("name: library", "name: books")
      .replace("cluster: main", "cluster: arn:aws:ecs:eu-west-1:1:cluster/main")
      .replace("library-blue-tg", group)
      .replaceAll("library-green", "books-green");
    expect(problemsOf(`${GOOD}${other}`)).toMatchObject([
      {
        where: expect.stringContaining("applications[1].blue.targetGroup"),
        fix: expect.stringContaining("library has it"),
      },
      { where: expect.stringContaining("applications[1].blue.service") },
    ]);
    expect(problemsOf(`${GOOD}${other.replace("cluster:", "region: us-east-1\n    cluster:")}`)).toEqual([]);
    expect(
      problemsOf(`${GOOD}${other.replaceAll(/library-blue(?!-tg\/)/g, "books-blue").replace(group, "books-blue-tg")}`),
    ).toEqual([]);
  });

  test("refuses a request line without its status group, and one that is no regular expression", () => {
    for (const source of ["GET .* 200", "(?<status>"])
      expect(problemsOf(`${GOOD}    requestLine: '${source}'\n`)[0]?.fix).toContain("(?<status>...)");
  });

  test("says which variable a value needs, and where", () => {
    const text = `${GOOD}    url: \${PUBLIC_URL}\n`;
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({
        where: "switchyard.yaml:7:10",
        message: "the environment has no PUBLIC_URL",
        fix: "set PUBLIC_URL, or write ${PUBLIC_URL:-default}",
      }),
    );
    expect(problemsOf(text, { PUBLIC_URL: "https://library.example.com" })).toEqual([]);
  });

  test("reports broken YAML, duplicate keys and an empty file as problems, not as exceptions", () => {
    expect(problemsOf("applications: [")[0]?.where).toMatch(/^switchyard\.yaml:1:/);
    expect(problemsOf("region: eu-west-1\nregion: eu-west-2\n")[0]?.where).toBe("switchyard.yaml:2:1");
    expect(problemsOf("")).toHaveLength(1);
    expect(parseConfigFile("applications: []", "switchyard.yaml", {})).toMatchObject({
      ok: true,
      file: { applications: [] },
    });
  });

  test("takes addresses in any case, whole domains, and refuses what is neither", () => {
    const parsed = parseConfigFile(`${GOOD}access: { admin: { addresses: ["*@Example.com", Kim@x.io] } }\n`, "f", {});
    expect(parsed.ok && parsed.file.access.admin.addresses).toEqual(["*@example.com", "kim@x.io"]);
    expect(problemsOf(`${GOOD}access: { admin: { addresses: ["*"] } }\n`)).toHaveLength(1);
    expect(problemsOf(`${GOOD}access: { admn: {} }\n`)[0]?.fix).toBe("did you mean admin?");
  });
});

test("a variable whose default is a number is one; digits of a secret stay text", () => {
  const file = (line: string) => `${GOOD}    ${line}\n`;
  expect(problemsOf(file("stableChecks: ${CHECKS:-3}"))).toEqual([]);
  expect(problemsOf(file("stableChecks: ${CHECKS:-3}"), { CHECKS: "5" })).toEqual([]);
  expect(problemsOf(file("stableChecks: ${CHECKS:-3}"), { CHECKS: "many" })).toHaveLength(1);
  expect(problemsOf(file("logGroup: ${GROUP}"), { GROUP: "12345" })).toEqual([]);
});
