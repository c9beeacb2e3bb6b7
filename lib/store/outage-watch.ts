import { markStoreAway } from "./away-error.ts";
import { isConnectionFailure } from "./connection-failure.ts";

/** Writes one line of the log. */
export type LogLine = (level: "info" | "error", message: string, fields: Readonly<Record<string, unknown>>) => void;

/** Since when the database does not answer; epoch ms, null while it does. */
export interface OutageWatch {
  awaySince(): number | null;
}

/**
 * The same functions; the log has one line when the first of them finds the database away, and one when the first of them is
 * answered again. What was asked before either says nothing: it may have been on its way for long.
 */
export function watchOutage<T extends object>(store: T, line: LogLine, now: () => number): T & OutageWatch {
  let changes = 0;
  let awaySince: number | null = null;

  function noted(isAnswered: boolean, at: number, error?: unknown): void {
    if (at !== changes || isAnswered === (awaySince === null)) return;
    changes += 1;
    if (awaySince === null) {
      awaySince = now();
      line("error", "The database does not answer; what does not need it goes on", { reason: reasonOf(error) });
    } else {
      line("info", "The database answers again", { afterSeconds: Math.round((now() - awaySince) / 1000) });
      awaySince = null;
    }
  }

  const watched = Object.entries(store).map(([name, value]: [string, unknown]) => {
    if (typeof value !== "function" || name === "close") return [name, value];
    return [
      name,
      (...args: unknown[]) => {
        const at = changes;
        const answer: unknown = Reflect.apply(value, store, args);
        if (answer instanceof Promise)
          answer.then(
            () => noted(true, at),
            (error: unknown) => {
              const isAway = isConnectionFailure(error);
              if (isAway) markStoreAway(error);
              noted(!isAway, at, error);
            },
          );
        return answer;
      },
    ];
  });
  // Safe because every member is there under its name, and answers what it answered.
  return { ...(Object.fromEntries(watched) as T), awaySince: () => awaySince };
}

/** The driver's own words, which are in the innermost error: those around it quote the query with its values. */
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}
