import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { runAwsCli, type Shell } from "./aws-cli.ts";

const run = promisify(execFile);

/** Somebody who pastes what a page or a guide shows into a shell. For tests. */
export interface Follower {
  /** What the pasted text printed. @throws when a command of it failed, with what it said */
  paste(script: string): Promise<string>;
  close(): Promise<void>;
}

const SWITCHYARD = new URL("../../scripts/switchyard.mjs", import.meta.url).pathname;

/**
 * A shell in this checkout with nothing exported: `aws` is the AWS CLI that `FOLLOWER_AWS_CLI` names, or does the same in this
 * process, and reaches nothing but the address that the pasted text exports; `npx switchyard` is the program itself.
 */
export async function createFollower(): Promise<Follower> {
  const real = process.env.FOLLOWER_AWS_CLI;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const words = Buffer.concat(chunks).toString("utf8").split("\0").slice(0, -1);
      const [endpoint = "", region = "", ...argv] = words;
      answer(request.url, argv, { endpoint, region }).then(
        (text) => response.writeHead(200).end(text),
        (error: unknown) => response.writeHead(400).end(String(error)),
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (path: string) =>
    `printf '%s\\0' "$AWS_ENDPOINT_URL" "$AWS_DEFAULT_REGION" "$@" | curl --silent --show-error --fail-with-body --data-binary @- ${address}/${path}`;
  const functions = [
    real ? `aws() { command ${real} "$@"; }` : `aws() { ${send("aws")}; }`,
    `npx() { shift; "${process.execPath}" "${SWITCHYARD}" "$@"; }`,
    // Docker's own work is left out; an image that it pushes is one that the registry has.
    `docker() { case "$1" in push) ${send("push")};; login) cat >/dev/null;; esac; }`,
  ].join("\n");
  return {
    async paste(script) {
      try {
        const { AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION, SWITCHYARD_CONFIG, ...env } = process.env;
        const options = { env: { ...env, AWS_MAX_ATTEMPTS: "1" } };
        return (await run("bash", ["-c", `set -e -o pipefail\n${functions}\n${script}`], options)).stdout;
      } catch (error) {
        const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
        throw new Error(`${script}\nfailed: ${stdout}\n${stderr}`);
      }
    },
    async close() {
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(path: string | undefined, argv: readonly string[], shell: Shell): Promise<string> {
  // Nothing of a test may reach a real account.
  if (shell.endpoint === "") throw new Error("nothing exported AWS_ENDPOINT_URL");
  if (shell.region === "")
    throw new Error('You must specify a region. You can also configure your region by running "aws configure".');
  return runAwsCli(path === "/push" ? putImage(argv[1] ?? "") : argv, shell);
}

/** What a push comes to for the registry's API. */
function putImage(image: string): string[] {
  const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^:]+)$/.exec(image) ?? [];
  return [
    "ecr",
    "put-image",
    "--repository-name",
    repository,
    "--image-tag",
    tag,
    "--image-manifest",
    `{"tag":"${tag}"}`,
  ];
}
