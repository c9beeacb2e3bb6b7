import type { ApplicationConfig } from "../config/application-config.ts";
import type { SettingsFile } from "../config/settings-file.ts";

/** A switchyard.yaml that cannot be written. For tests. */
export function noSettings(applications: ApplicationConfig[]): SettingsFile {
  return {
    path: "switchyard.yaml",
    applications: () => applications,
    isWritable: () => false,
    add: async () => ({ ok: false, problem: "switchyard.yaml cannot be written" }),
  };
}
