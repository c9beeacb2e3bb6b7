import { createServer } from "node:net";

/** Before this, certificates and signatures of AWS are not valid yet: the clock was never set. */
const FIRST_SENSIBLE_TIME = Date.UTC(2025, 0, 1);

/** What is wrong with where a program is to run, all at once, each with what to set. `dataDir` is null where none is needed. */
export async function findPlaceProblems({ dataDir, ports, host, now = Date.now() }) {
  const problems = [];
  if (now < FIRST_SENSIBLE_TIME)
    problems.push(`this machine's clock says ${new Date(now).toISOString()}: set it, or AWS refuses every request`);
  if (dataDir !== null) {
    const { prepareDirectory } = await import("../lib/store/data-directory.ts");
    await prepareDirectory(dataDir).catch((error) => problems.push(error.message));
  }
  for (const [name, text] of Object.entries(ports)) {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      problems.push(`${name} is "${text}", which is no port: set it to 1-65535`);
      continue;
    }
    const code = await listenCode(port, host);
    if (code === "EADDRINUSE") problems.push(`port ${port} is in use: set ${name} to another, or stop what uses it`);
    else if (code === "EACCES")
      problems.push(`port ${port} needs more rights than this user has: set ${name} to 1024 or more`);
    else if (code !== null)
      problems.push(
        `nothing can listen on ${host}:${port} (${code}): set SWITCHYARD_HOST to an address of this machine`,
      );
  }
  return problems;
}

/** Why nobody can listen there; null when one can. */
function listenCode(port, host) {
  return new Promise((done) => {
    const server = createServer()
      .once("error", (error) => done(error.code ?? error.message))
      .listen(port, host, () => server.close(() => done(null)));
  });
}
