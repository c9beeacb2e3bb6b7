import type { ControllerName } from "../application/controller-name.ts";
import type { ServiceFact } from "../readiness/service-facts.ts";
import type { Sentence } from "../sentence/sentence.ts";

/** A service as an inventory of the account has it. */
export interface FoundService extends ServiceFact {
  cluster: string;
  /** Where tasks register, and under which container and port; of its task sets too. */
  groups: readonly { arn: string; container: string; port: number }[];
  /** What ECS moves the traffic of a service with; null for services whose traffic it does not move. */
  native: { alternateGroupArn: string } | null;
}

/** A listener's default action or a rule, with what it forwards to. */
export interface FoundEntrance {
  loadBalancer: string;
  port: number;
  /** Null for the listener's default action. */
  priority: number | null;
  groups: readonly { arn: string; weight: number }[];
}

/** What a task definition says of its container. */
interface FoundDefinition {
  /** Of ECR, by name; null where the image is in another registry. */
  repository: string | null;
  logGroup: string | null;
}

/** What there is in an account and Region. */
export interface Discovery {
  region: string;
  services: readonly FoundService[];
  entrances: readonly FoundEntrance[];
  /** By what services call them; those that were not read are left out. */
  definitions: ReadonlyMap<string, FoundDefinition>;
  /** What could not be looked at, and why. */
  notSeen: readonly Sentence[];
}

/** One side of a proposal. */
interface ProposedSide {
  service: string | null;
  targetGroup: string;
}

/** An application that services form, as switchyard.yaml would name it. */
export interface Proposal {
  name: string;
  cluster: string;
  controller: ControllerName;
  service: string | null;
  listener: Pick<FoundEntrance, "loadBalancer" | "port" | "priority"> | null;
  testListener: Pick<FoundEntrance, "loadBalancer" | "port"> | null;
  sides: { blue: ProposedSide; green: ProposedSide } | null;
  container: string | null;
  repository: string | null;
  logGroup: string | null;
  /** What it rests on. */
  notes: readonly Sentence[];
  /** What could not be decided from what AWS says, and why; what was taken instead stands in the proposal. */
  open: readonly Sentence[];
}

/** A service that forms no application, and why. */
export interface Undecided {
  service: string;
  cluster: string;
  why: Sentence;
}
