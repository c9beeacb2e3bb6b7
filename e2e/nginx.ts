import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../bench/local-process.ts";

const NGINX = "/usr/sbin/nginx";

/** Whether Debian's nginx is installed. */
export const hasNginx = existsSync(NGINX);

/** The nginx configuration of docs/proxy.md, on our ports, for one replica or several, and with a certificate of our own. */
export async function documentedConfiguration(
  port: number,
  upstreams: readonly string[],
  folder: string,
): Promise<string> {
  const text = await readFile(new URL("../docs/proxy.md", import.meta.url), "utf8");
  const block = /```nginx\n([\s\S]*?)```/.exec(text)?.[1];
  if (!block) throw new Error("docs/proxy.md has no nginx configuration");
  const [certificate, key] = [join(folder, "switchyard.crt"), join(folder, "switchyard.key")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate, ...subject],
    { stdio: "ignore" },
  );
  return block
    .replace("server 127.0.0.1:3000 max_fails=0;", upstreams.map((each) => `server ${each} max_fails=0;`).join(" "))
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace("/etc/nginx/switchyard.crt", certificate)
    .replace("/etc/nginx/switchyard.key", key);
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** One nginx in a folder of its own, once it listens, and what ends both. */
export async function startNginx(
  makeServers: (folder: string) => string | Promise<string>,
): Promise<{ stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-nginx-"));
  const bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const path = join(folder, "nginx.conf");
  const servers = await makeServers(folder);
  await writeFile(
    path,
    `daemon off; pid ${join(folder, "pid")}; error_log stderr crit; worker_processes 1;
events { worker_connections 2048; }
http { access_log off; ${bodies.join(" ")}
${servers}
}
`,
  );
  const child: ChildProcess = spawn(NGINX, ["-p", folder, "-c", path], { stdio: ["ignore", "ignore", "inherit"] });
  const port = Number(/listen 127\.0\.0\.1:(\d+)/.exec(servers)?.[1]);
  await until(`nginx listens on ${port}`, () => accepts(port), 30_000);
  return {
    async stop() {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
