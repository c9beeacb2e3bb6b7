import { type SourceName, type SourceState, sourceSaid } from "../domain/observation/source.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";

/** Writes one line of the log. */
export type LogLine = (level: "info" | "warn", message: string, fields: Readonly<Record<string, unknown>>) => void;

/** Tells the log once when AWS stops and when it starts answering, and once for each reason why an application is not found. */
export interface OutageLog {
  /** How the sources of an application are doing now. */
  observed(application: string, sources: readonly SourceState[]): void;
  /** The application's names could not be found, and why. */
  unresolved(application: string, message: string): void;
  resolved(application: string): void;
}

/** One an observer. A source stops with the first application that it fails for, and answers again once it does for all. */
export function createOutageLog(line: LogLine): OutageLog {
  const troubled = new Map<SourceName, Set<string>>();
  const problems = new Map<string, string>();
  return {
    observed(application, sources) {
      for (const { name, state, message } of sources) {
        const names = troubled.get(name) ?? new Set<string>();
        troubled.set(name, names);
        if (state !== "ok") {
          if (names.size === 0)
            line("warn", `AWS does not answer as expected: ${inEnglish(sourceSaid(name))}`, {
              application,
              state,
              reason: message,
            });
          names.add(application);
        } else if (names.delete(application) && names.size === 0)
          line("info", `AWS answers again: ${inEnglish(sourceSaid(name))}`, { application });
      }
    },
    unresolved(application, message) {
      if (problems.get(application) === message) return;
      problems.set(application, message);
      line("warn", `${application} cannot be found in AWS`, { application, reason: message });
    },
    resolved(application) {
      if (problems.delete(application)) line("info", `${application} was found in AWS`, { application });
    },
  };
}
