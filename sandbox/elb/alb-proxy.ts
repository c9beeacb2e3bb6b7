import type { Timer } from "../clock.ts";
import { AwsError } from "../service.ts";
import type { ElbState, ListenerRecord, TargetRecord } from "./elb-state.ts";
import type { Exchange, ExchangeFloor } from "./exchange.ts";
import { type ListenerDoor, openDoor } from "./listener-door.ts";

/** The load balancers' data plane: a real HTTP proxy with one port on 127.0.0.1 for each listener. */
export class AlbProxy {
  readonly #floor: ExchangeFloor;
  readonly #listenerPort: (loadBalancerName: string, port: number) => number;
  readonly #doors = new Map<ListenerRecord, ListenerDoor>();
  readonly #closing = new Set<ListenerDoor>();
  readonly #secondHand: Timer;

  constructor(state: ElbState, listenerPort: (loadBalancerName: string, port: number) => number) {
    this.#floor = { state, tick: 0, running: new Set<Exchange>() };
    this.#listenerPort = listenerPort;
    this.#secondHand = state.base.clock.every(1000, () => this.#onSecond());
  }

  /** Opens the listener's port, or moves it when its AWS port changed. */
  async open(listener: ListenerRecord): Promise<void> {
    const wanted = this.#listenerPort(listener.loadBalancer.name, listener.port);
    try {
      const door = await openDoor(this.#floor, listener, wanted);
      this.shut(listener);
      this.#doors.set(listener, door);
      listener.realPort = door.port;
    } catch {
      throw new AwsError(
        "OperationNotPermitted",
        `Port ${wanted} of 127.0.0.1 is in use by another program; the sandbox needs it for listener '${listener.loadBalancer.name}:${listener.port}'`,
      );
    }
  }

  /** Takes no further connection on the listener; requests under way may finish. */
  shut(listener: ListenerRecord): void {
    const door = this.#doors.get(listener);
    if (!door) return;
    this.#doors.delete(listener);
    this.#closing.add(door);
    door.shut(() => this.#closing.delete(door));
  }

  /** A draining target keeps what runs on it and loses its idle connections. */
  drain(target: TargetRecord): void {
    target.connections?.closeIdle();
  }

  /** Cuts off whatever still runs on a target that is gone. */
  drop(target: TargetRecord): void {
    target.connections?.close();
    target.connections = null;
  }

  /** Closes every port and connection; resolves when the ports are free. The proxy can go on after it. */
  async clear(): Promise<void> {
    const doors = [...this.#doors.values(), ...this.#closing];
    this.#doors.clear();
    this.#closing.clear();
    await Promise.all(doors.map((door) => door.slam()));
    for (const group of this.#floor.state.targetGroups.values())
      for (const target of group.targets.values()) this.drop(target);
  }

  /** As `clear`, for good. */
  async close(): Promise<void> {
    this.#secondHand.cancel();
    await this.clear();
  }

  #onSecond(): void {
    this.#floor.tick++;
    for (const exchange of [...this.#floor.running]) exchange.checkIdle();
  }
}
