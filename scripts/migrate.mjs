// npm run db:migrate: brings the schema up to date as its owner (DATABASE_MIGRATION_URL) and gives the runtime's role
// (DATABASE_URL) its rights, so that the program itself can run without the owner's password.
import { onProjectNode, say } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { readEnvironment } = await import("../lib/config/environment.ts");
const { createStore } = await import("../lib/store/create-store.ts");

// Only the two addresses are asked for: secrets need not be set here.
const { environment, problems } = readEnvironment(process.env);
for (const { where, message, fix } of problems.filter(({ where }) => where.startsWith("DATABASE_")))
  giveUp(`${where}: ${message}; ${fix}`);
const { databaseUrl, migrationUrl } = environment;
if (databaseUrl === null || migrationUrl === null) giveUp("set DATABASE_URL and DATABASE_MIGRATION_URL");
try {
  const store = await createStore({ databaseUrl, migrationUrl });
  await store.close();
  say("the schema is up to date, and the runtime's role has its rights");
} catch (error) {
  giveUp(error instanceof Error ? error.message : String(error));
}

function giveUp(text) {
  say(text);
  process.exit(2);
}
