import type { Look } from "./look.ts";

export interface TargetGroupFact {
  arn: string;
  name: string;
  targetType: string;
  protocol: string;
  port: number;
  vpcId: string;
  healthCheckPath: string;
  /** "traffic-port" is the one that a target registers with. */
  healthCheckPort: string;
  /** The statuses that count as healthy, "200-299". */
  matcher: string;
  deregistrationDelaySeconds: number | null;
  /** Of the load balancers whose listeners or rules lead to it. */
  loadBalancerArns: readonly string[];
  healthyTargets: number;
  targets: number;
  /** Why targets are not healthy, in ELB's words, each once. */
  failing: readonly { reason: string; description: string }[];
}

export interface LoadBalancerFact {
  arn: string;
  name: string;
  scheme: string;
  /** "active" when it serves. */
  state: string;
  vpcId: string;
  zones: readonly string[];
  securityGroupIds: readonly string[];
  listeners: readonly {
    arn: string;
    port: number;
    protocol: string;
    certificates: readonly string[];
    /** Where its default action redirects to, variables as AWS writes them ("#{port}"); left out where it does not. */
    redirect?: { protocol: string; port: string; host: string };
    /** Whether its default action forwards to target groups. */
    isForwarding?: boolean;
    /** Why those beside the default certificate are not among them; left out where they are. */
    unread?: Look<readonly string[]>;
  }[];
}

/** What a listener identifies itself with. */
export interface CertificateFact {
  arn: string;
  domain: string;
  /** Every name that it is for, the domain among them; left out where nobody says. */
  names?: readonly string[];
  /** "ISSUED" when it is good. */
  status: string;
  /** Epoch ms; null where it was not issued. */
  endsAt: number | null;
}
