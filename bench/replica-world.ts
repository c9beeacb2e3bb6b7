import { findPostgres, startPostgres } from "../lib/testing/test-postgres.ts";
import { createServerProcess, libraryConfiguration, type ServerProcess } from "../torture/server.ts";
import { type SandboxProcess, startSandbox } from "../torture/world.ts";
import { type JsonCall, jsonClient } from "./local-process.ts";

/** Built servers on one PostgreSQL and one local AWS, as replicas; none runs before its first `start`. */
export interface ReplicaWorld {
  sandbox: SandboxProcess;
  replicas: ServerProcess[];
  stop(): Promise<void>;
}

/** Null where no PostgreSQL server is installed. */
export async function startReplicaWorld(count: number): Promise<ReplicaWorld | null> {
  const bin = findPostgres();
  if (bin === null) return null;
  const postgres = await startPostgres(bin);
  const sandbox = await startSandbox("paired", 1);
  const configuration = libraryConfiguration(sandbox, { bakeMinutes: 0, secondPort: null });
  const record = { settings: async () => ({ DATABASE_URL: postgres.url }) };
  const replicas = await Promise.all(
    Array.from({ length: count }, () => createServerProcess(sandbox, { configuration, record })),
  );
  return {
    sandbox,
    replicas,
    async stop() {
      for (const replica of replicas) await replica.remove();
      await sandbox.stop();
      await postgres.stop();
    },
  };
}

/** Asks one replica itself, with nothing in between. */
export function askReplica({ url, token }: ServerProcess): JsonCall {
  return jsonClient(url, { authorization: `Bearer ${token}` });
}
