import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { ConfigError, type ConfigProblem } from "./problem.ts";

const APPLICATION = `applications:
  - name: library
    cluster: main
    listener: { loadBalancer: library-alb, port: 80 }
    blue: { service: library-blue, targetGroup: library-blue-tg }
    green: { service: library-green, targetGroup: library-green-tg }
`;

const directory = mkdtempSync(join(tmpdir(), "switchyard-config-"));
let files = 0;
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fileWith(text: string): string {
  const path = join(directory, `${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

const SECRET = "0123456789abcdef0123456789abcdef";
const production = (text = APPLICATION) => ({
  SWITCHYARD_CONFIG: fileWith(text),
  AWS_REGION: "eu-central-1",
  NEXTAUTH_SECRET: SECRET,
  NEXTAUTH_URL: "https://switchyard.example.com/",
  OIDC_ISSUER: "https://login.example.com",
  OIDC_CLIENT_ID: "switchyard",
  OIDC_CLIENT_SECRET: "hidden-client-secret",
});
const sandbox = () => ({
  SWITCHYARD_CONFIG: new URL("../../sandbox/switchyard.yaml", import.meta.url).pathname,
  AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
  NEXTAUTH_SECRET: "short",
  NEXTAUTH_URL: "http://127.0.0.1:3000",
});

function problemsOf(env: Record<string, string | undefined>): readonly ConfigProblem[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("loading the settings", () => {
  test("takes a complete production environment", () => {
    const config = loadConfig(production());
    expect(config.region).toBe("eu-central-1");
    expect(config.endpoint).toBeNull();
    expect(config.auth).toMatchObject({
      url: "https://switchyard.example.com",
      sandboxUsers: false,
      oidc: { name: null, scope: "openid profile email", roleClaim: null },
    });
  });

  test("starts on the sandbox with its file, its address, a secret and an address, and nothing else", () => {
    const config = loadConfig(sandbox());
    expect(config.auth.sandboxUsers).toBe(true);
    expect(config.region).toBe("ap-northeast-2");
  });

  test("reports everything that an empty environment lacks at once", () => {
    expect(problemsOf({}).map((problem) => problem.where)).toEqual([
      "NEXTAUTH_SECRET",
      "NEXTAUTH_URL",
      "SWITCHYARD_CONFIG",
      "OIDC_ISSUER",
      "AWS_REGION",
    ]);
    const broken = fileWith("applications: [");
    expect(problemsOf({ SWITCHYARD_CONFIG: broken }).map((problem) => problem.where)).toEqual([
      "NEXTAUTH_SECRET",
      "NEXTAUTH_URL",
      expect.stringContaining(broken),
      "OIDC_ISSUER",
      "AWS_REGION",
    ]);
    const file = fileWith(APPLICATION);
    expect(problemsOf({ SWITCHYARD_CONFIG: file }).map((problem) => problem.where)).toEqual([
      "NEXTAUTH_SECRET",
      "NEXTAUTH_URL",
      "OIDC_ISSUER",
      "AWS_REGION",
    ]);
  });

  test("asks for nothing that a file with mistakes may give itself", () => {
    const { OIDC_ISSUER: _1, OIDC_CLIENT_ID: _2, OIDC_CLIENT_SECRET: _3, AWS_REGION: _4, ...env } = production();
    const file = fileWith(`${APPLICATION}region: eu-central-1\naccess: { sandboxUsers: true, nonsense: 1 }\n`);
    const wheres = problemsOf({ ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:4566", SWITCHYARD_CONFIG: file });
    expect(wheres.map(({ where }) => where)).toEqual([expect.stringContaining(file)]);
  });

  test("takes a database's password of any characters apart from its address", () => {
    const password = "p@ss/w:rd?#[]%41 \\'\"$&=é";
    const env = {
      ...production(),
      DATABASE_URL: "postgres://switchyard_app@postgres:5432/switchyard",
      DATABASE_PASSWORD: password,
    };
    const { databaseUrl } = loadConfig(env);
    expect(new pg.Client(databaseUrl ?? "")).toMatchObject({ user: "switchyard_app", host: "postgres", password });
    expect(problemsOf({ ...env, DATABASE_URL: undefined })).toEqual([
      expect.objectContaining({ where: "DATABASE_PASSWORD" }),
    ]);
  });

  test("asks for the openid scope", () => {
    expect(problemsOf({ ...production(), OIDC_SCOPE: "profile email" })).toEqual([
      expect.objectContaining({ where: "OIDC_SCOPE" }),
    ]);
    expect(loadConfig({ ...production(), OIDC_SCOPE: "openid groups" }).auth.oidc?.scope).toBe("openid groups");
  });

  test("names the half of a provider that is missing", () => {
    const env = { ...production(), OIDC_CLIENT_SECRET: undefined };
    expect(problemsOf(env)).toEqual([expect.objectContaining({ where: "OIDC_CLIENT_SECRET" })]);
  });

  test("refuses sandbox users, by variable or by file, when AWS is not on this machine", () => {
    expect(problemsOf({ ...production(), SWITCHYARD_SANDBOX_USERS: "1" })).toHaveLength(1);
    expect(problemsOf(production(`${APPLICATION}access: { sandboxUsers: true }\n`))).toHaveLength(1);
    expect(
      problemsOf({ ...sandbox(), NEXTAUTH_SECRET: SECRET, AWS_ENDPOINT_URL: "http://10.0.0.7:4566" }),
    ).toHaveLength(1);
  });

  test("turns the file's sandbox users off by the variable", () => {
    expect(problemsOf({ ...sandbox(), SWITCHYARD_SANDBOX_USERS: "0" })).toEqual([
      expect.objectContaining({ where: "OIDC_ISSUER" }),
    ]);
  });

  test("refuses short secrets and tokens, unencrypted issuers and addresses that are none", () => {
    const wheres = problemsOf({
      ...production(),
      NEXTAUTH_SECRET: "short",
      SWITCHYARD_API_TOKEN: "short",
      OIDC_ISSUER: "http://login.example.com",
      DATABASE_URL: "mysql://user:hidden@host/db",
      AWS_ENDPOINT_URL: "localhost:4566",
    }).map((problem) => problem.where);
    expect(wheres.sort()).toEqual([
      "AWS_ENDPOINT_URL",
      "DATABASE_URL",
      "NEXTAUTH_SECRET",
      "OIDC_ISSUER",
      "SWITCHYARD_API_TOKEN",
    ]);
  });

  test("never prints a secret", () => {
    const problems = JSON.stringify(
      problemsOf({
        ...production("nonsense: 1"),
        NEXTAUTH_SECRET: "hidden-short",
        SWITCHYARD_API_TOKEN: "hidden-token",
        DATABASE_URL: "hidden-address",
      }),
    );
    expect(problems).not.toContain("hidden");
  });

  test("says everything in one message for the terminal", () => {
    expect(() => loadConfig({})).toThrow(/5 problems[\s\S]*NEXTAUTH_SECRET: it is not set[\s\S]*fix: run: node/);
  });
});
