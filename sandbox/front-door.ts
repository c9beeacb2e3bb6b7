import type { IncomingMessage, RequestListener } from "node:http";
import { isIP } from "node:net";
import { type CallRecorder, createCallRecorder } from "./calls.ts";
import type { ControlPorts } from "./control-routes.ts";
import { createControls } from "./controls.ts";
import { createEarlierAnswers } from "./earlier-answers.ts";
import { createFaults, type Faults } from "./faults.ts";
import type { Authorizer } from "./iam/authorizer.ts";
import { createProtocol } from "./protocol/protocol.ts";
import type { SandboxBase, SimulatedService } from "./service.ts";
import { createThrottle } from "./throttle.ts";

/** What stands before the simulated services: the AWS protocol, throttling, faults, records and the controls. */
export interface FrontDoor {
  listener: RequestListener;
  faults: Faults;
  calls: CallRecorder;
  /** Ends every fault and forgets every call. */
  reset(): void;
}

/** The parts of the controls that the world behind the door answers. */
export type WorldControls = Omit<ControlPorts, "faults" | "calls" | "operations">;

/** Puts the parts in their order: what the client sees outermost, what takes effect innermost. */
export function createFrontDoor(
  base: SandboxBase,
  services: readonly SimulatedService[],
  world: WorldControls,
  options: { throttling: boolean; authorize?: Authorizer },
): FrontDoor {
  const calls = createCallRecorder(base.clock);
  const earlier = createEarlierAnswers(base.clock);
  const faults = createFaults(base, earlier);
  const throttle = options.throttling ? [createThrottle(base.clock)] : [];
  const interceptors = [calls.countCalls, faults.interceptor, ...throttle, earlier.remember, calls.keepJournal];
  const protocol = createProtocol({ services, interceptors, authorize: options.authorize });
  const operations = Object.fromEntries(services.map(({ name, operations }) => [name, Object.keys(operations)]));
  const controls = createControls({ ...world, operations, faults, calls });
  return {
    listener: (request, response) =>
      request.url?.startsWith("/_sandbox")
        ? controls(request, response)
        : isStrange(request)
          ? response.writeHead(403, { "content-type": "application/json" }).end(STRANGE)
          : protocol(request, response),
    faults,
    calls,
    reset() {
      faults.clear();
      earlier.reset();
      calls.reset();
      calls.resetJournal();
    },
  };
}

const STRANGE = JSON.stringify({
  __type: "AccessDeniedException",
  message: "The sandbox answers programs on this machine, not web pages: send no Origin, and its own address as Host",
});

/** A page of another site, or one whose name was made to lead here: both are a browser's, and no SDK's. */
function isStrange({ headers }: IncomingMessage): boolean {
  const host = URL.canParse(`http://${headers.host}`) ? new URL(`http://${headers.host}`).hostname : "";
  const isOwn =
    isIP(host.replace(/^\[|\]$/g, "")) !== 0 || !host.includes(".") || /\.(localhost|internal|local)$/.test(host);
  return headers.origin !== undefined || !isOwn;
}
