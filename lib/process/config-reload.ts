import { readFileSync, unwatchFile, watchFile } from "node:fs";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Config } from "../config/config.ts";
import { compareConfigs, differenceSaid, type ReloadOutcome } from "../config/config-difference.ts";
import { ConfigError, problemsSaid } from "../config/problem.ts";
import { say } from "../domain/sentence/sentence.ts";
import { englishOf, saidOf, type Told } from "../domain/sentence/told.ts";

/** Reads switchyard.yaml again without a restart. */
export interface ConfigReload {
  /** Takes the file over as it is now, or refuses all of it and goes on with what holds. Never rejects. */
  reload(): Promise<ReloadOutcome>;
  /** The last outcome; null when the file was read at the start alone. */
  last(): ReloadOutcome | null;
  start(): void;
  stop(): void;
}

/** A look costs one stat; a file that is replaced by renaming, as Kubernetes does, is seen too. */
const WATCH_MS = 1000;
/** A file that is still being written is read once it has stayed the same this long. */
const SETTLED_MS = 250;

/** Settings that say what an application is: under a deployment in flight they stay, so that it ends on what it began with. */
const WHAT_IT_IS: ReadonlySet<string> = new Set<keyof ApplicationConfig>([
  "account",
  "region",
  "cluster",
  "controller",
  "service",
  "blue",
  "green",
  "container",
  "containers",
  "codeDeploy",
  "listener",
  "listeners",
  "rule",
  "rules",
  "testListener",
]);

/** One a process. `config` is what everybody reads: its members are replaced. `load` reads anew. @throws nothing */
export function createConfigReload(options: {
  config: Config;
  load: () => Config;
  /** Names of applications that something is in flight for: these do not go, and stay what they are. */
  inFlight: () => Promise<readonly string[]>;
  /** Told once the new settings hold. */
  changed: (config: Config) => void;
  log: (level: "info" | "error", message: string, fields: Record<string, unknown>) => void;
  now: () => number;
}): ConfigReload {
  const { config, load, inFlight, changed, log, now } = options;
  let last: ReloadOutcome | null = null;
  let lastText = textOf(config.configPath);
  let turn: Promise<unknown> = Promise.resolve();

  async function take(): Promise<ReloadOutcome> {
    lastText = textOf(config.configPath);
    try {
      const next = load();
      const difference = compareConfigs(config, next);
      const moved = difference.changed.filter(({ settings }) => settings.some((setting) => WHAT_IT_IS.has(setting)));
      const touched = [...difference.removed, ...moved.map(({ name }) => name)];
      const busy = touched.length === 0 ? [] : (await inFlight()).filter((name) => touched.includes(name));
      if (busy.length > 0) return refused(say("config.inFlight", { names: busy.join(", ") }));
      const { applications, access, notifications, pipelines } = next;
      Object.assign(config, { applications, access, notifications, pipelines });
      changed(config);
      const outcome = outcomeOf(true, differenceSaid(difference));
      log("info", "switchyard.yaml was read again", { difference: outcome.words });
      return outcome;
    } catch (error) {
      if (!(error instanceof ConfigError)) return refused(error instanceof Error ? error.message : String(error));
      return refused(problemsSaid(error.problems));
    }
  }

  function refused(why: Told): ReloadOutcome {
    const outcome = outcomeOf(false, why);
    log("error", "switchyard.yaml was refused, and what held before goes on", { problem: outcome.words });
    return outcome;
  }

  function outcomeOf(isTaken: boolean, told: Told): ReloadOutcome {
    const wordsSaid = saidOf(told);
    return { at: now(), isTaken, words: englishOf(told), ...(wordsSaid ? { wordsSaid } : {}) };
  }

  const reload = () => {
    const outcome = turn.then(take).then((taken) => {
      last = taken;
      return taken;
    });
    turn = outcome;
    return outcome;
  };
  const onHangUp = () => void reload();
  let settling: NodeJS.Timeout | null = null;
  const onStat = () => {
    const text = textOf(config.configPath);
    if (settling) clearTimeout(settling);
    settling = null;
    // A file that was only touched changes nothing.
    if (text === lastText) return;
    settling = setTimeout(() => (textOf(config.configPath) === text ? void reload() : onStat()), SETTLED_MS);
    settling.unref();
  };
  return {
    reload,
    last: () => last,
    start() {
      process.on("SIGHUP", onHangUp);
      watchFile(config.configPath, { interval: WATCH_MS, persistent: false }, onStat);
    },
    stop() {
      process.off("SIGHUP", onHangUp);
      unwatchFile(config.configPath, onStat);
      if (settling) clearTimeout(settling);
    },
  };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(/* turbopackIgnore: true */ path, "utf8");
  } catch {
    return null;
  }
}
