import type { Clock } from "./clock.ts";
import type { CloudwatchOptions } from "./cloudwatch/cloudwatch.ts";
import type { EcsOptions } from "./ecs/ecs.ts";
import type { EcsProfile } from "./ecs/timings.ts";
import type { LogsOptions } from "./logs/create-logs.ts";
import type { TaskShape } from "./seed-task-definition.ts";
import type { LogSink, Place } from "./service.ts";
import type { RoleSessions } from "./sts/sessions.ts";

/** What may differ from one sandbox to another; every default is the one of `npm run sandbox`, but for free ports. */
export interface SandboxOptions {
  /** Port of the AWS API on 127.0.0.1; 0 takes a free one. */
  port?: number;
  /**
   * Real port of `library-alb`'s port 80, the test listener's is the next one; 0 takes free ones. The two of each other seeded
   * load balancer follow, or are free ones where somebody has those.
   */
  listenerPort?: number;
  /**
   * True starts with `library` and `catalog`; "all" with the applications whose traffic AWS moves as well; "driven" with
   * `orders` and `members` of those alone; "paired" with `library` alone, which then has a service for each side; "bridge" and "host" the same on EC2 instances, in that network
   * mode; "empty" with nothing at all; false as well, and then any id of a network goes.
   */
  seed?: boolean | "all" | "driven" | "paired" | "bridge" | "host" | "empty";
  /** How the tasks of the seed "paired" are; on Fargate, by IPv4, with awslogs and a prefix when left out. */
  shape?: TaskShape;
  /** How many times faster than real time; means nothing with a `clock`. */
  speed?: number;
  clock?: Clock;
  /** AWS's token buckets; on by default. */
  throttling?: boolean;
  /** Account and Region; 123456789012 in ap-northeast-2 without it. */
  place?: Place;
  /** Roles that can be assumed from here, and their sessions; none without it. */
  sessions?: RoleSessions;
  /** Makes ids and chances repeatable; without it they differ in every run. */
  randomSeed?: number;
  /** Shown by GET /_sandbox beside the rest. */
  describe?: () => Record<string, unknown>;
  /** An identity policy that judges every call but the administrator's; without it every call may do everything. */
  policy?: unknown;
  /** "aws" takes the times that people have measured of AWS; "fast", the default, is what a demo can wait for. */
  profile?: EcsProfile;
  ecs?: EcsOptions;
  logs?: LogsOptions;
  /** Where tasks write to in a Region that has a world of its own; null where none has. */
  logsElsewhere?: (region: string) => LogSink | null;
  cloudwatch?: CloudwatchOptions;
}
