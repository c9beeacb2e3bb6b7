/** An EC2 instance of a cluster, with the ports of it that tasks have. */
export interface ContainerInstance {
  readonly arn: string;
  readonly order: number;
  /** EC2's id. */
  readonly instanceId: string;
  readonly registeredAt: number;
  readonly ports: Set<number>;
}

/** A port of an instance that leads to a task's container. */
export interface HostPort {
  container: string;
  containerPort: number;
  hostPort: number;
  protocol: "tcp" | "udp";
}
