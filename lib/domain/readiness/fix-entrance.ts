import { takeGroup, takeSubnets, takeVpc } from "./fix-network.ts";
import type { Fix } from "./readiness.ts";
import { byCommands, type Shell, shellFor, variable } from "./shell.ts";
import type { Subject } from "./subject.ts";

/** Long enough for open requests, short enough for a rollback to wait for. */
const DELAY_SECONDS = 30;

/** The two groups' names, blue's first: switchyard.yaml's, or those that are proposed. */
export function groupNames({ application, targetGroups }: Subject): readonly [blue: string, green: string] {
  const [blue = `${application}-blue-tg`, green = `${application}-green-tg`] = targetGroups;
  return [blue, green];
}

/** Takes the ARNs of the two groups into `BLUE` and `GREEN`. */
export function takeTargetGroups({ take }: Shell, subject: Subject): string[] {
  return groupNames(subject).map((name, index) =>
    take(
      ...([index === 0 ? "BLUE" : "GREEN", "TargetGroups[0].TargetGroupArn"] as const),
      ...(["elbv2", "describe-target-groups"] as const),
      ...(name.startsWith("arn:") ? (["--target-group-arns", name] as const) : (["--names", name] as const)),
    ),
  );
}

/** Takes the ARN of the load balancer into `BALANCER` and that of its listener into `LISTENER`. */
export function takeListener({ take }: Shell, { application, loadBalancer, listenerPort }: Subject): string[] {
  const name = loadBalancer ?? `${application}-alb`;
  return [
    take("BALANCER", "LoadBalancers[0].LoadBalancerArn", "elbv2", "describe-load-balancers", "--names", name),
    take(
      ...(["LISTENER", `Listeners[?Port==\`${listenerPort ?? 80}\`].ListenerArn | [0]`, "elbv2"] as const),
      ...(["describe-listeners", "--load-balancer-arn", variable("BALANCER")] as const),
    ),
  ];
}

/** Two groups for tasks that register by address, with a short wait for leaving targets. */
export function fixTargetGroups(subject: Subject): Fix {
  const shell = shellFor(subject.region);
  const { run, take } = shell;
  const create = (name: string, into: string) => [
    take(
      ...([into, "TargetGroups[0].TargetGroupArn", "elbv2", "create-target-group", "--name", name] as const),
      ...(["--vpc-id", variable("VPC"), "--target-type", "ip", "--protocol", "HTTP", "--port"] as const),
      ...([String(subject.port), "--health-check-path", "/actuator/health"] as const),
      ...(["--health-check-interval-seconds", "10", "--healthy-threshold-count", "2"] as const),
    ),
    run(
      ...["elbv2", "modify-target-group-attributes", "--target-group-arn", variable(into)],
      ...["--attributes", `Key=deregistration_delay.timeout_seconds,Value=${DELAY_SECONDS}`],
    ),
  ];
  const [blue, green] = groupNames(subject).map(nameOf);
  return byCommands("load-balancer.yaml", [
    takeVpc(shell, subject),
    ...create(blue ?? "", "BLUE"),
    ...create(green ?? "", "GREEN"),
  ]);
}

/** Of a group that may be given by its ARN, which ends with its name and an id. */
export function nameOf(group: string): string {
  return group.startsWith("arn:") ? (group.split("/")[1] ?? group) : group;
}

/** A load balancer for everybody, and a listener that sends everything to blue. */
export function fixLoadBalancer(subject: Subject): Fix {
  const shell = shellFor(subject.region);
  const { loadBalancer, application, listenerPort } = subject;
  return byCommands("load-balancer.yaml", [
    takeVpc(shell, subject),
    ...takeSubnets(shell, subject),
    takeGroup(shell, subject, "alb", "BALANCER_GROUP"),
    ...takeTargetGroups(shell, subject),
    shell.take(
      ...(["BALANCER", "LoadBalancers[0].LoadBalancerArn", "elbv2", "create-load-balancer", "--name"] as const),
      ...([loadBalancer ?? `${application}-alb`, "--scheme", "internet-facing", "--subnets"] as const),
      ...([variable("SUBNET_1"), variable("SUBNET_2"), "--security-groups", variable("BALANCER_GROUP")] as const),
    ),
    shell.run(
      ...["elbv2", "create-listener", "--load-balancer-arn", variable("BALANCER"), "--protocol", "HTTP"],
      ...["--port", String(listenerPort ?? 80), "--default-actions"],
      [
        ...["Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=", variable("BLUE"), ",Weight=100},"],
        ...["{TargetGroupArn=", variable("GREEN"), ",Weight=0}]}"],
      ],
    ),
  ]);
}
