import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const text = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const HEALTH = "http://127.0.0.1:8081/actuator/health";

test("the application's image is built in stages, run by a user of its own and checked as the task definition checks it", () => {
  const stages = text("Dockerfile")
    .split(/^FROM /m)
    .slice(1);
  expect(stages.length).toBeGreaterThanOrEqual(2);
  const last = stages.at(-1) ?? "";
  expect(last).toMatch(/-jre-alpine\n/);
  expect(last).toMatch(/^USER (?!0\b|root\b)\S+$/m);
  expect(last.indexOf("USER ")).toBeLessThan(last.indexOf("ENTRYPOINT"));
  expect(last).toMatch(new RegExp(`^HEALTHCHECK [\\s\\S]*${HEALTH}`, "m"));
  const definition = JSON.parse(text("../aws/ecs-task-definition.json"));
  expect(definition.containerDefinitions[0].healthCheck.command.join(" ")).toContain(HEALTH);
});

test("the local stack is the application beside MySQL 8, with the names that the task definition gives it", () => {
  const { services, volumes, networks } = parse(text("compose.yaml"));
  expect(services.database.image).toMatch(/^mysql:8\b/);
  expect(services.application.depends_on).toEqual({ database: { condition: "service_healthy" } });
  expect(services.application.healthcheck.test.join(" ")).toContain(HEALTH);
  expect(services.application.ports).toEqual(["127.0.0.1:8081:8081"]);
  expect(Object.keys(volumes)).toEqual(["database"]);
  for (const service of Object.values(services) as { networks: string[] }[])
    expect(Object.keys(networks)).toEqual(service.networks);
  const [container] = JSON.parse(text("../aws/ecs-task-definition.json")).containerDefinitions;
  const given = [...container.environment, ...container.secrets].map(({ name }: { name: string }) => name);
  expect(given.toSorted()).toEqual(Object.keys(services.application.environment).toSorted());
});
