import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import type { Proposal } from "../domain/discovery/discovery.ts";
import { type AddedToFile, addToFile } from "./add-to-file.ts";
import type { Config } from "./config.ts";
import type { ReloadOutcome } from "./config-difference.ts";

/** The switchyard.yaml of this process. */
export interface SettingsFile {
  readonly path: string;
  applications(): Config["applications"];
  /** Whether entries can be added: the file is replaced, so its folder has to be writable. */
  isWritable(): boolean;
  /** Adds what is not described yet; `whole` is what a file that is not there begins with. Then the file is read again. */
  add(whole: string, proposals: readonly Proposal[]): Promise<AddedToFile & { reload?: ReloadOutcome }>;
}

/** One a process. `reload` reads the file again. */
export function createSettingsFile(options: {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  reload: () => Promise<ReloadOutcome>;
}): SettingsFile {
  const { config, env, reload } = options;
  const path = config.configPath;
  return {
    path,
    applications: () => config.applications,
    isWritable() {
      try {
        const isThere = existsSync(path);
        if (isThere) accessSync(path, constants.W_OK);
        accessSync(dirname(isThere ? realpathSync(path) : path), constants.W_OK);
        return true;
      } catch {
        return false;
      }
    },
    async add(whole, proposals) {
      const result = write(path, whole, proposals, env);
      return result.ok && result.added.length > 0 ? { ...result, reload: await reload() } : result;
    },
  };
}

function write(...args: Parameters<typeof addToFile>): AddedToFile {
  try {
    return addToFile(...args);
  } catch (error) {
    if (error instanceof Error && "code" in error) return { ok: false, problem: error.message };
    throw error;
  }
}
