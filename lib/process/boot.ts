import { flushCompileCache } from "node:module";
import { currentConfig } from "../config/current-config.ts";
import { ConfigError } from "../config/problem.ts";
import { log } from "../log.ts";
import { sendStreamsElsewhere } from "../streams/event-stream.ts";
import { type Drain, watchRequests } from "./drain.ts";
import { watchIncoming } from "./incoming.ts";
import { START_AGENT } from "./proxy-look.ts";
import { getRuntime, stopRuntime } from "./runtime.ts";
import { cutStuckConnections } from "./stuck-connections.ts";

/** However long something hangs, the process ends within this. */
const STOP_WITHIN_MS = 8000;
const IMPATIENT_MS = 1000;
const LOOK_WITHIN_MS = 10_000;
/** Next loads every page after this module has started; what comes later is merely compiled again. */
const PAGES_LOADED_MS = 2000;

/** A load balancer that asks each second has seen by then that this process stops. */
const SEEN_WITHIN_MS = 1200;
/** What was asked before the end is answered within this, or never. */
const ANSWERED_WITHIN_MS = 3000;
/** Connections that do not end by themselves, such as streams that nobody reads, are left behind after this. */
const CLOSED_WITHIN_MS = 500;

/** Starts everything long-lived and ends it with the process. What forbids a start is said in full, and the process ends with 1. */
export async function boot(): Promise<void> {
  endWithSignals(watchRequests());
  cutStuckConnections();
  // What this process writes is for its own user alone.
  process.umask(0o077);
  try {
    watchIncoming(currentConfig());
    await getRuntime();
    lookThroughProxy(currentConfig().auth.url);
    // A process that is killed keeps nothing by itself, and the one after it is to start fast as well.
    setTimeout(flushCompileCache, PAGES_LOADED_MS).unref();
  } catch (error) {
    sayWhyNot(error);
    process.exit(1);
  }
}

/** Asks ourselves by the address that people open, so that what a proxy on the way does wrong is said at the start. */
function lookThroughProxy(url: string): void {
  const headers = { "user-agent": START_AGENT, origin: new URL(url).origin };
  // No answer says nothing: the address may not lead here from here.
  fetch(`${url}/api/health/live`, { headers, signal: AbortSignal.timeout(LOOK_WITHIN_MS) }).catch(() => undefined);
}

function sayWhyNot(error: unknown): void {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && ["DirectoryLocked", "DirectoryUnusable", "MigrationRefused"].includes(error.name))
    process.stderr.write(`Switchyard cannot start: ${error.message}\n`);
  else log.error("Switchyard cannot start", { error });
}

/**
 * Next's own handlers wait for open requests, and event streams never end by themselves: these refuse what is new, send streams to
 * another replica, answer what was asked before and end the process.
 * The parent that started us with a channel counts as a signal when it is gone.
 */
function endWithSignals(drain: Drain): void {
  let stoppingSince: number | null = null;
  const stop = (cause: string) => {
    if (stoppingSince !== null) {
      // A terminal and npm both send the same Ctrl-C; a later one is a person who cannot wait.
      if (Date.now() - stoppingSince > IMPATIENT_MS) process.exit(1);
      return;
    }
    stoppingSince = Date.now();
    log.info("Switchyard is stopping", { cause });
    setTimeout(() => {
      log.error("Switchyard did not stop in time", {});
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    drain.begin();
    sendStreamsElsewhere();
    drain
      .answered(cause === "SIGTERM" ? SEEN_WITHIN_MS : 0, ANSWERED_WITHIN_MS)
      .then(() => drain.close(CLOSED_WITHIN_MS))
      .then(stopRuntime)
      .then(() => process.exit(0));
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => stop(signal));
  }
  process.on("disconnect", () => stop("disconnect"));
}
