import type { Timer } from "./clock.ts";

/** What a script waits for: sandbox milliseconds, or something to come true. */
type Wait = number | (() => boolean);

/** A course of events, written down in its order. */
export type Script = Generator<Wait, void, undefined>;

/** Thrown in a script when the deployment has failed; the message is the status reason. */
export class DeploymentFailed extends Error {
  override readonly name: string = "DeploymentFailed";
}

/** A script on its way. */
export interface ScriptRun {
  /** Goes on as far as it can. Conditions are looked at only then. */
  advance(): void;
  /** Goes on no more. */
  cancel(): void;
}

/** Runs a script on sandbox time; it begins with the first `advance`. */
export function startScript(
  agenda: { after(ms: number, fn: () => void): Timer },
  script: Script,
  onFailure: (failure: DeploymentFailed) => void,
): ScriptRun {
  let wait: Wait = 0;
  let timer: Timer | undefined;
  let isOver = false;
  let isAdvancing = false;

  const isReady = () => (typeof wait === "function" ? wait() : timer === undefined);
  const step = () => {
    const { done, value } = script.next();
    if (done) {
      isOver = true;
      return;
    }
    wait = value;
    if (typeof wait !== "number") return;
    timer = agenda.after(wait, () => {
      timer = undefined;
      run.advance();
    });
  };

  const run: ScriptRun = {
    advance() {
      if (isAdvancing) return;
      isAdvancing = true;
      try {
        while (!isOver && isReady()) step();
      } catch (error) {
        isOver = true;
        if (!(error instanceof DeploymentFailed)) throw error;
        onFailure(error);
      } finally {
        isAdvancing = false;
      }
    },
    cancel() {
      isOver = true;
      timer?.cancel();
    },
  };
  return run;
}
