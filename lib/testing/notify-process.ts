/* A process that tells of one deployment and is then killed, for the test of that. Arguments: data directory, address, "tell"
   for the first one; the next only goes on, a minute later by its clock. */
import { notificationsSchema } from "../config/notifications-config.ts";
import { createNotifier } from "../notify/notifier.ts";
import { createStore } from "../store/create-store.ts";
import { deploymentRow } from "./test-rows.ts";

const [dataDir = "", url = "", mode = ""] = process.argv.slice(2);
const now = mode === "tell" ? Date.now : () => Date.now() + 60_000;
const store = await createStore({ dataDir });
const notifier = createNotifier({
  store,
  config: {
    notifications: notificationsSchema.parse({
      webhooks: [{ name: "hook", url, format: "generic", secret: "0123456789abcdef" }],
    }),
    applications: [],
  },
  now,
  baseUrl: "https://switchyard.example.com",
  log: () => undefined,
});
if (mode === "tell")
  notifier.deploymentChanged(
    deploymentRow({
      id: "killed",
      application: "library",
      status: "STOPPED",
      startedAt: Date.now(),
      finishedAt: Date.now(),
    }),
  );
await notifier.recorded();
// Delivered from here on; the test ends the process in the middle of it.
notifier.start();
