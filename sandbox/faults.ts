import { setTimeout as sleep } from "node:timers/promises";
import { isRead } from "./calls.ts";
import type { EarlierAnswers } from "./earlier-answers.ts";
import { deniedError, ownAction } from "./iam/authorizer.ts";
import type { Answer } from "./protocol/answer.ts";
import { type ApiCall, ConnectionFault, type Interceptor } from "./protocol/api-call.ts";
import { AwsError, type Place, type SandboxBase } from "./service.ts";
import { throttlingError } from "./throttle.ts";

/** What can be made to go wrong with an API call. */
export const FAULT_KINDS = ["throttle", "error", "latency", "timeout", "reset", "stale"] as const;
type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that is switched on. */
export interface Fault {
  id: string;
  /** A simulated service's name, or `*` for all. */
  service: string;
  /** Null: every operation of the service. */
  operation: string | null;
  kind: FaultKind;
  /** The share of matching calls that it hits, 0 to 1. */
  rate: number;
  /**
   * latency: the wait before the call; timeout: how long the connection stays silent (both real time);
   * stale: the age of the answer in sandbox time.
   */
  ms: number;
  /** How many calls it still hits before it ends; null: any number. */
  remaining: number | null;
  /** For reset and timeout: whether the connection breaks before the call takes effect, or after it. */
  phase: "before" | "after";
  /** error: AWS's code for the refusal, such as AccessDeniedException; without it the service fails by itself. */
  code?: string;
  hits: number;
}

/** The faults that are on, and the interceptor that makes them happen. */
export interface Faults {
  interceptor: Interceptor;
  add(fault: Omit<Fault, "id" | "hits">): Fault;
  list(): Fault[];
  remove(id: string): boolean;
  clear(): void;
}

const SERVER_ERRORS: Readonly<Record<string, { code: string; status: number }>> = {
  ecs: { code: "ServerException", status: 500 },
  ecr: { code: "ServerException", status: 500 },
  logs: { code: "ServiceUnavailableException", status: 503 },
};

/** No faults on. The sandbox's `random` decides which calls a rate below 1 hits. */
export function createFaults(
  { random, place }: Pick<SandboxBase, "random" | "place">,
  earlier: EarlierAnswers,
): Faults {
  const faults = new Map<string, Fault>();
  let created = 0;

  const hits = (fault: Fault, call: ApiCall): boolean => {
    if (!faults.has(fault.id)) return false;
    if (fault.service !== "*" && fault.service !== call.service) return false;
    if (fault.operation !== null && fault.operation !== call.operation) return false;
    if (fault.kind === "stale" && !isRead(call.operation)) return false;
    if (fault.rate < 1 && random() >= fault.rate) return false;
    fault.hits += 1;
    if (fault.remaining !== null) {
      fault.remaining -= 1;
      if (fault.remaining === 0) faults.delete(fault.id);
    }
    return true;
  };

  const apply = async (fault: Fault, call: ApiCall, next: () => Promise<Answer>): Promise<Answer> => {
    switch (fault.kind) {
      case "throttle":
        throw throttlingError(call.service);
      case "error": {
        if (fault.code) throw refusal(call, fault.code, place);
        const { code, status } = SERVER_ERRORS[call.service] ?? { code: "InternalFailure", status: 500 };
        throw new AwsError(code, "The sandbox was told to fail this call", status);
      }
      case "latency":
        await sleep(fault.ms, undefined, { signal: call.signal, ref: false }).catch(() => undefined);
        return next();
      case "stale": {
        const fresh = await next();
        return earlier.find(call, fault.ms) ?? fresh;
      }
      case "timeout":
      case "reset":
        // A refusal is lost on the way as well as an answer.
        if (fault.phase === "after") await next().catch(() => undefined);
        throw new ConnectionFault(fault.kind === "timeout" ? fault.ms : 0);
    }
  };

  return {
    interceptor(call, next) {
      const run = (rest: readonly Fault[]): Promise<Answer> => {
        const [fault, ...others] = rest;
        if (!fault) return next();
        return hits(fault, call) ? apply(fault, call, () => run(others)) : run(others);
      };
      return run([...faults.values()]);
    },
    add(fault) {
      created += 1;
      const added: Fault = { ...fault, id: `fault-${created}`, hits: 0 };
      faults.set(added.id, added);
      return added;
    },
    list: () => [...faults.values()],
    remove: (id) => faults.delete(id),
    clear: () => faults.clear(),
  };
}

function refusal({ service, operation }: ApiCall, code: string, place: Place): AwsError {
  if (!/^AccessDenied/.test(code)) return new AwsError(code, "The sandbox was told to refuse this call");
  const { message, status } = deniedError(service, { action: ownAction(service, operation), resource: "*" }, place);
  return new AwsError(code, message, status);
}
