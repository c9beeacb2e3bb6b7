import { Agent } from "node:http";

/** The connections to a target, made when first asked for. */
export function connectionsOf(target: { connections: TargetConnections | null }): TargetConnections {
  target.connections ??= new TargetConnections();
  return target.connections;
}

/** Something the proxy runs on a target, which can be cut off. */
export interface Cuttable {
  cut(): void;
}

/** The kept-alive connections to one target and what runs on them. */
export class TargetConnections {
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: "lifo" });
  readonly #running = new Set<Cuttable>();

  /** Requests sent and not yet answered in full. */
  get active(): number {
    return this.#running.size;
  }

  begin(work: Cuttable): void {
    this.#running.add(work);
  }

  end(work: Cuttable): void {
    this.#running.delete(work);
  }

  /** Closes what is idle: what one stale connection tells of is true of the others too. */
  closeIdle(): void {
    for (const sockets of Object.values(this.agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  /** Cuts running requests off and closes every connection. */
  close(): void {
    for (const work of [...this.#running]) work.cut();
    this.agent.destroy();
  }
}
