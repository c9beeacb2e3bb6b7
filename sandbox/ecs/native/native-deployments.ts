import type { DeploymentLifecycleHookAction } from "@aws-sdk/client-ecs";
import type { LambdaHooks } from "../../lambda-hooks.ts";
import { startScript } from "../../script.ts";
import { findOpenDeployment, tellDeployment } from "../deployments.ts";
import { circuitBreakerThreshold } from "../rolling-limits.ts";
import { eventText } from "../service-events.ts";
import type { Deployment, EcsWorld, Service, ServiceDeployment } from "../world.ts";
import { triggeredAlarms } from "./alarms.ts";
import type { Course } from "./course.ts";
import { createHookRunner, tellHook } from "./hooks.ts";
import type { HookRun } from "./progress.ts";
import { release } from "./release.ts";
import { rollBackTo } from "./rollback.ts";

/** Carries blue/green, linear and canary deployments on. */
export interface NativeDeployments {
  /** Begins the service deployment that is open now; nothing for a rolling one. */
  begin(service: Service): void;
  /** Judges circuit breaker, alarms and the stage's longest time, then goes on as far as possible. */
  advance(service: Service): void;
  /** The service is being deleted: nothing is carried on, and its rules stay as they are. */
  abandon(service: Service): void;
  /** Turns back because somebody asked for it. */
  stop(open: ServiceDeployment): void;
  /** Somebody's answer to a pause hook that awaits it. */
  answer(open: ServiceDeployment, hook: HookRun, action: DeploymentLifecycleHookAction): void;
}

const ENDS_ON_ITS_OWN: ReadonlySet<string> = new Set(["STOP_REQUESTED", "STOPPED"]);

/** The deployments of one world. */
export function createNativeDeployments(world: EcsWorld, lambda: LambdaHooks): NativeDeployments {
  const { clock } = world.base;

  const createCourse = (service: Service, open: ServiceDeployment): Course | null => {
    const { native: progress } = open;
    if (!progress) return null;
    const hooks = createHookRunner(world, lambda, { service, open }, () => progress.run?.advance());
    return { world, service, open, progress, hooks };
  };

  const noteFailure = (service: Service, deployment: Deployment, reason: string) => {
    Object.assign(deployment, {
      rolloutState: "FAILED",
      rolloutStateReason: `ECS deployment ${deployment.id} failed: ${reason}`,
      isWatched: false,
      updatedAt: clock.now(),
    });
    service.events.add(eventText.failedBecause(service.name, deployment.id, reason));
    tellDeployment(world, service, deployment.id, "FAILED", reason);
  };

  const end = (open: ServiceDeployment, status: "ROLLBACK_FAILED" | "STOPPED", reason: string) => {
    const now = clock.now();
    const ended = status === "STOPPED" ? { stoppedAt: now } : {};
    Object.assign(open, { status, statusReason: reason, finishedAt: now, updatedAt: now, ...ended });
  };

  /** Failed on the way forward: back, or STOPPED where it has both revisions stay. Failed on the way back: that was it. */
  const fail = (course: Course, reason: string, { isRequested = false, withRollback = true } = {}) => {
    const { service, open, progress } = course;
    progress.run?.cancel();
    world.unsettled.add(service);
    if (open.rollback) {
      noteFailure(service, open.rollback.deployment, reason);
      return end(open, "ROLLBACK_FAILED", `${open.statusReason} ${reason}`);
    }
    noteFailure(service, open.target, reason);
    open.failureCount = open.target.failedTasks;
    if (open.circuitBreaker === "MONITORING") open.circuitBreaker = "MONITORING_COMPLETE";
    if (progress.alarms === "MONITORING") progress.alarms = "MONITORING_COMPLETE";
    if (!withRollback) return end(open, "STOPPED", reason.replace("rolled back", "stopped"));
    progress.run = startScript(world.agenda, rollBackTo(course, reason, isRequested), ({ message }) =>
      fail(course, message),
    );
    progress.run.advance();
  };

  const judgeCircuitBreaker = (course: Course): boolean => {
    const { service, open } = course;
    const breaker = open.configuration.deploymentCircuitBreaker;
    const watched = open.rollback?.deployment ?? open.target;
    if (!breaker?.enable || !watched.isWatched) return false;
    if (watched.failedTasks < circuitBreakerThreshold(service.desiredCount, open.configuration)) return false;
    open.circuitBreaker = "TRIGGERED";
    const reason = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    fail(course, reason, { withRollback: breaker.rollback === true });
    return true;
  };

  const judgeAlarms = (course: Course): boolean => {
    const { world: here, open } = course;
    if (open.rollback) return false;
    const triggered = triggeredAlarms(here, open);
    if (triggered.length === 0) return false;
    // Assumption: AWS's words for it could not be found out.
    const reason = `Service deployment rolled back because a CloudWatch alarm was detected: ${triggered.join(", ")}.`;
    fail(course, reason, { withRollback: open.configuration.alarms?.rollback === true });
    return true;
  };

  const courses = new WeakMap<ServiceDeployment, Course>();

  return {
    begin(service) {
      const open = findOpenDeployment(service);
      const course = open && createCourse(service, open);
      if (!open || !course) return;
      courses.set(open, course);
      // Nothing runs before SCALE_UP.
      open.target.isWanted = false;
      tellDeployment(world, service, open.target.id, "IN_PROGRESS", "");
      course.progress.run = startScript(world.agenda, release(course), ({ message }) => fail(course, message));
      course.progress.run.advance();
    },

    advance(service) {
      const open = findOpenDeployment(service);
      const course = open && courses.get(open);
      if (!open || !course || ENDS_ON_ITS_OWN.has(open.status)) return;
      if (judgeCircuitBreaker(course) || judgeAlarms(course)) return;
      const { progress } = course;
      if (clock.now() > progress.stageEndsAt)
        // Assumption: AWS's words for it could not be found out.
        return fail(course, `Service deployment rolled back because the stage ${progress.stage} took too long.`);
      progress.run?.advance();
    },

    abandon(service) {
      const open = findOpenDeployment(service);
      if (!open?.native || ENDS_ON_ITS_OWN.has(open.status)) return;
      open.native.run?.cancel();
      end(open, "STOPPED", "Service deployment stopped because the service was deleted.");
    },

    stop(open) {
      const course = courses.get(open);
      if (!course || open.rollback || open.status === "ROLLBACK_REQUESTED") return;
      const reason = "Service deployment rolled back because of a user request to stop the service deployment.";
      fail(course, reason, { isRequested: true });
    },

    answer(open, hook, action) {
      const course = courses.get(open);
      if (!course) return;
      hook.status = action === "ROLLBACK" ? "FAILED" : "SUCCEEDED";
      tellHook(world, course.service, open, hook);
      open.updatedAt = clock.now();
      if (action !== "ROLLBACK") return course.progress.run?.advance();
      // Assumption: AWS's words for a ROLLBACK answer could not be found out.
      const reason = `Service deployment rolled back because ${hook.stage} lifecycle hook(s) failed.`;
      fail(course, reason, { isRequested: true });
    },
  };
}
