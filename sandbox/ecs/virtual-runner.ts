import type { TargetRegistry } from "../service.ts";
import type { Agenda } from "./agenda.ts";
import type { TaskRunner } from "./task-runtime.ts";

const START_MS = 50;
const STOP_MS = 50;
const CRASH_MS = 1000;
const SLOW_MS = 20_000;

/** Tasks in memory: the same states as a process, an address in 10.0.0.0/8 where nobody listens. */
export function createVirtualRunner(agenda: Agenda, targets: TargetRegistry): TaskRunner {
  let lastAddress = 0;
  const nextAddress = () => {
    lastAddress = (lastAddress % 0xfffffe) + 1;
    return `10.${lastAddress >> 16}.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
  };
  return {
    start({ behaviour, containerPort }, events) {
      const address = nextAddress();
      let isOver = false;
      const exit = (exitCode: number, isKilledBySandbox = false) => {
        if (isOver) return;
        isOver = true;
        events.exited(exitCode, isKilledBySandbox);
      };
      const setHealth = (status: number | "hang") => {
        if (isOver) return;
        targets.setVirtualHealth(address, status);
        events.healthChanged(status);
      };
      agenda.after(START_MS, () => {
        if (isOver) return;
        if (behaviour.kind === "unhealthy" || behaviour.kind === "slow") setHealth(503);
        events.listening(address, containerPort);
        if (behaviour.kind === "crash") agenda.after(CRASH_MS, () => exit(1));
        if (behaviour.kind === "slow") agenda.after(SLOW_MS, () => setHealth(200));
      });
      return {
        terminate: () => void agenda.after(STOP_MS, () => exit(0)),
        kill: () => exit(137, true),
        async setHealth(status) {
          setHealth(status);
        },
      };
    },
    async killAll() {},
  };
}
