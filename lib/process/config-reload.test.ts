import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../config/load-config.ts";
import { inLanguage } from "../domain/sentence/in-language.ts";
import { until } from "../testing/library-world.ts";
import { createConfigReload } from "./config-reload.ts";

const application = (name: string, more = "") => `  - name: ${name}
    cluster: main
    listener: { loadBalancer: ${name}-alb, port: 80 }
    blue: { service: ${name}-blue, targetGroup: ${name}-blue-tg }
    green: { service: ${name}-green, targetGroup: ${name}-green-tg }
${more}`;
const file = (...applications: string[]) => `applications:\n${applications.join("")}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-reload-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(text: string, busy: string[] = []) {
  const path = join(folder, "switchyard.yaml");
  const write = (next: string) => {
    writeFileSync(`${path}.new`, next);
    renameSync(`${path}.new`, path);
  };
  write(text);
  const env = {
    SWITCHYARD_CONFIG: path,
    AWS_REGION: "eu-central-1",
    NEXTAUTH_SECRET: "0123456789abcdef0123456789abcdef",
    NEXTAUTH_URL: "https://switchyard.example.com",
    OIDC_ISSUER: "https://login.example.com",
    OIDC_CLIENT_ID: "switchyard",
    OIDC_CLIENT_SECRET: "hidden-client-secret",
  };
  const config = loadConfig(env);
  const told: string[][] = [];
  const lines: string[] = [];
  const reload = createConfigReload({
    config,
    load: () => loadConfig(env),
    inFlight: async () => busy,
    changed: ({ applications }) => told.push(applications.map(({ name }) => name)),
    log: (level, message, fields) => lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
    now: () => 7,
  });
  return { config, write, told, lines, busy, reload };
}

test("what is new, changed and gone holds at once and is said by name, not by value", async () => {
  const world = start(file(application("library"), application("catalog")));
  world.write(
    `access: { admin: { addresses: [kim@example.com] } }\n${file(application("library", "    bakeMinutes: 3\n"), application("orders"))}`,
  );
  const outcome = await world.reload.reload();
  expect(outcome).toMatchObject({
    at: 7,
    isTaken: true,
    words: "added orders; removed catalog; changed library (bakeMinutes); changed access",
  });
  expect(outcome.wordsSaid && inLanguage(outcome.wordsSaid, "ko")).toBe(
    "추가: orders; 삭제: catalog; 변경: library(bakeMinutes); 변경: access",
  );
  expect(world.config.applications.map(({ name }) => name)).toEqual(["library", "orders"]);
  expect(world.config.access.admin.addresses).toEqual(["kim@example.com"]);
  expect(world.told).toEqual([["library", "orders"]]);
  expect(world.lines.join("\n")).not.toContain("kim@example.com");
});

test.each([
  ["a mistake", file(application("library", "    bakeMinuts: 3\n")), "did you mean bakeMinutes?"],
  ["no YAML", "applications: [", "correct the YAML"],
  ["nothing", "", "applications"],
])("a file with %s is refused whole, says why, and the old one goes on", async (_, text, words) => {
  const world = start(file(application("library")));
  world.write(text);
  const outcome = await world.reload.reload();
  expect(outcome.isTaken).toBe(false);
  expect(outcome.words).toContain(words);
  expect(world.reload.last()).toEqual(outcome);
  expect(world.config.applications.map(({ name }) => name)).toEqual(["library"]);
  expect(world.told).toEqual([]);
});

test("an application that something is in flight for does not go and stays what it is; a freeze of it may change", async () => {
  const world = start(file(application("library")), ["library"]);
  world.write(file(application("orders")));
  expect(await world.reload.reload()).toMatchObject({
    isTaken: false,
    words: expect.stringContaining("a deployment of library is in flight"),
  });
  world.write(file(application("library").replace("cluster: main", "cluster: other")));
  expect((await world.reload.reload()).isTaken).toBe(false);
  world.write(file(application("library", "    bakeMinutes: 3\n"), application("orders")));
  expect(await world.reload.reload()).toMatchObject({
    isTaken: true,
    words: "added orders; changed library (bakeMinutes)",
  });
});

test("what holds from the next start only is said, and does not hold yet", async () => {
  const world = start(file(application("library")));
  world.write(`region: us-west-2\n${file(application("library"))}`);
  expect((await world.reload.reload()).words).toBe("region changed as well and holds from the next start");
  expect(world.config.region).toBe("eu-central-1");
});

test("SIGHUP and a changed file are both noticed, until the end", async () => {
  const world = start(file(application("library")));
  world.reload.start();
  process.emit("SIGHUP");
  await until(async () => world.reload.last()?.words === "nothing is different");
  world.write(file(application("library"), application("orders")));
  await until(async () => world.reload.last()?.words === "added orders");
  world.reload.stop();
  expect(process.listenerCount("SIGHUP")).toBe(0);
});
