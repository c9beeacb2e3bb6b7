import type { LogSink } from "./service.ts";

/** What the function behind a hook does when it is called. */
export const LAMBDA_OUTCOMES = [
  "SUCCEEDED",
  "FAILED",
  "IN_PROGRESS",
  /** It throws: ECS gets an answer without `hookStatus`. */
  "ERROR",
  "NOT_INVOKED",
  "ROLE_REFUSED",
] as const;

/** How one call of a function ends, after `ms` of sandbox time. */
interface LambdaScript {
  outcome: (typeof LAMBDA_OUTCOMES)[number];
  ms: number;
  /** Of IN_PROGRESS: when ECS asks again. */
  callBackDelaySeconds: number;
}

/** What ECS or CodeDeploy sent to a function. */
export interface LambdaInvocation {
  at: number;
  /** The function's ARN, or the name by which an AppSpec calls it. */
  targetArn: string;
  payload: object;
}

/** The functions behind lifecycle hooks: no code runs, their outcomes are scripted. */
export interface LambdaHooks {
  /** The next `count` calls of the function, or all further ones, end so; scripts are used up in their order. */
  script(targetArn: string, script: LambdaScript, count: number | null): void;
  /** Records the call and answers how it ends: SUCCEEDED after half a second where nothing is scripted. */
  invoke(invocation: LambdaInvocation): LambdaScript;
  /** Oldest first; the last thousand. */
  invocations(): readonly LambdaInvocation[];
  clear(): void;
}

const KEPT = 1000;
const DEFAULT: LambdaScript = { outcome: "SUCCEEDED", ms: 500, callBackDelaySeconds: 30 };

const SAID: Readonly<Record<LambdaScript["outcome"], string | null>> = {
  SUCCEEDED: "hookStatus SUCCEEDED",
  FAILED: "hookStatus FAILED",
  IN_PROGRESS: "hookStatus IN_PROGRESS",
  ERROR: "[ERROR] AssertionError: the new version answered 500",
  // A function that is not called writes nothing.
  NOT_INVOKED: null,
  ROLE_REFUSED: null,
};

/** "check" of the function's ARN, with or without a version behind it. */
function functionName(targetArn: string): string {
  return targetArn.split(":")[6] ?? targetArn;
}

/** Functions that succeed. They write to their log groups what Lambda's runtime does. */
export function createLambdaHooks(sink?: LogSink): LambdaHooks {
  const scripts = new Map<string, { script: LambdaScript; remaining: number | null }[]>();
  const calls: LambdaInvocation[] = [];
  return {
    script(targetArn, script, count) {
      scripts.set(targetArn, [...(scripts.get(targetArn) ?? []), { script, remaining: count }]);
    },
    invoke(invocation) {
      calls.push(invocation);
      if (calls.length > KEPT) calls.shift();
      const script = next(invocation.targetArn);
      const said = SAID[script.outcome];
      if (said !== null) log(invocation, said);
      return script;
    },
    invocations: () => calls,
    clear() {
      scripts.clear();
      calls.length = 0;
    },
  };

  function next(targetArn: string): LambdaScript {
    const queue = scripts.get(targetArn) ?? [];
    // A script without an end gives way to one that was given later.
    while (queue.length > 1 && (queue[0]?.remaining === null || queue[0]?.remaining === 0)) queue.shift();
    const first = queue[0];
    if (!first || first.remaining === 0) return DEFAULT;
    if (first.remaining !== null) first.remaining -= 1;
    return first.script;
  }

  function log({ at, targetArn, payload }: LambdaInvocation, said: string): void {
    const id = "executionId" in payload ? String(payload.executionId) : "unknown";
    const lines = [`START RequestId: ${id} Version: $LATEST`, said, `END RequestId: ${id}`];
    const day = new Date(at).toISOString().slice(0, 10).replaceAll("-", "/");
    sink?.write(
      `/aws/lambda/${functionName(targetArn)}`,
      `${day}/[$LATEST]${id}`,
      lines.map((message) => ({ timestamp: at, message })),
    );
  }
}
