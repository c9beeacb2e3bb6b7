import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAcm } from "./acm/acm.ts";
import { createAutoscaling } from "./autoscaling/autoscaling.ts";
import { autoscalingPorts } from "./autoscaling/ports.ts";
import type { CallRecorder } from "./calls.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createCloudtrail } from "./cloudtrail/cloudtrail.ts";
import { createCloudwatch } from "./cloudwatch/cloudwatch.ts";
import { createCodedeploy } from "./codedeploy/codedeploy.ts";
import { createEc2 } from "./ec2/ec2.ts";
import { createEcr, type EcrSimulator } from "./ecr/ecr.ts";
import { createEcs, type SimulatedEcs } from "./ecs/ecs.ts";
import { TIMINGS } from "./ecs/timings.ts";
import { createElb, type Elb } from "./elb/elb.ts";
import { createEventBus } from "./events/event-bus.ts";
import type { Faults } from "./faults.ts";
import { createFrontDoor } from "./front-door.ts";
import { createGithubStandIn } from "./github.ts";
import { createAuthorizer } from "./iam/authorizer.ts";
import { createIam } from "./iam/iam.ts";
import { createLambdaHooks } from "./lambda-hooks.ts";
import { AWSLOGS_DELAY } from "./logs/awslogs-delivery.ts";
import { createRegionalLogs, type RegionalLogs } from "./logs/regional-logs.ts";
import { createOtherRegions } from "./other-regions.ts";
import { findFirstPorts, listen } from "./ports.ts";
import { createRandom } from "./random.ts";
import { createRds } from "./rds/rds.ts";
import type { SandboxOptions } from "./sandbox-options.ts";
import { createSecretsManager } from "./secretsmanager/secretsmanager.ts";
import { SEEDED_APPLICATIONS } from "./seed.ts";
import { seedAs } from "./seed-as.ts";
import { findSeedSubnet } from "./seed-network.ts";
import type { Place, SandboxBase, SimulatedService } from "./service.ts";
import { createSqs, type SqsSimulator } from "./sqs/sqs.ts";
import { createSsm } from "./ssm/ssm.ts";
import { createSts } from "./sts/sts.ts";

/** A running local AWS. */
export interface Sandbox {
  /** Where SDK clients are pointed at. */
  url: string;
  clock: Clock;
  place: Place;
  /** "library-alb:80" to "http://127.0.0.1:8080". */
  listenerUrls(): Record<string, string>;
  /** @throws when no listener has the name. */
  listenerUrl(name: string): string;
  faults: Faults;
  calls: CallRecorder;
  /** Every simulated service. */
  services: readonly SimulatedService[];
  /** The services themselves, for their own controls. */
  ecs: SimulatedEcs;
  elb: Elb;
  logs: RegionalLogs;
  ecr: EcrSimulator;
  codedeploy: SimulatedService;
  autoscaling: SimulatedService;
  cloudwatch: SimulatedService;
  ec2: SimulatedService;
  ssm: SimulatedService;
  secretsmanager: SimulatedService;
  acm: SimulatedService;
  sqs: SqsSimulator;
  rds: SimulatedService;
  iam: SimulatedService;
  /** Back to the world it started with; faults end, records are empty. */
  reset(): Promise<void>;
  /** Ends every task and frees every port. */
  close(): Promise<void>;
}

const USUAL_PLACE: Place = { accountId: "123456789012", region: "ap-northeast-2" };
const SEEDED_ARNS = 1;
/** Gets what ECS tells EventBridge, as deploy/aws/events.yaml makes it. */
const EVENTS_QUEUE = "library-events";

/** Starts a sandbox. Rejects when a port is taken, with nothing left running. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? systemClock(options.speed ?? 1);
  const { place = USUAL_PLACE } = options;
  const chance = createRandom(options.randomSeed);
  let random = chance;
  const base: SandboxBase = { clock, place, random: () => random() };
  const { listenerPort = 0 } = options;
  const authorize = options.policy === undefined ? undefined : createAuthorizer(options.policy, place);
  const firstPorts = await findFirstPorts(listenerPort, options.seed === "all" ? SEEDED_APPLICATIONS.length : 2);
  const ec2 = createEc2(base, (id) => ecs.hasTasksIn(id));
  let isSeeding = false;
  const elb = createElb(base, {
    network:
      options.seed === false
        ? undefined
        : {
            // The seeded load balancers come before their network, which is drawn last so that ids stay what they are.
            findSubnet: (id) => ec2.network.findSubnet(id) ?? (isSeeding ? findSeedSubnet(id, place.region) : null),
            hasVpc: (id) => isSeeding || ec2.network.hasVpc(id),
            hasSecurityGroup: (id) => isSeeding || ec2.network.hasSecurityGroup(id),
          },
    listenerPort: (loadBalancerName, port) => {
      const first = firstPorts.get(loadBalancerName) ?? 0;
      return first > 0 && (port === 80 || port === 81) ? first + port - 80 : 0;
    },
    dataPlaneLagMs: TIMINGS[options.profile ?? "fast"].dataPlaneLagMs,
  });
  const logs = createRegionalLogs(
    base,
    { ...(options.profile === "aws" ? { delay: AWSLOGS_DELAY } : {}), ...options.logs },
    options.logsElsewhere,
  );
  const ecr = createEcr(base);
  const ports = { elb: elb.traffic, services: () => ecs.listServices(), logs: logs.incoming };
  const cloudwatch = createCloudwatch(base, ports, options.cloudwatch);
  const lambda = createLambdaHooks(logs.sink);
  const sqs = createSqs(base);
  const events = createEventBus(base, (event) => sqs.send(EVENTS_QUEUE, event));
  const ecs = createEcs(
    base,
    {
      ...{ targets: elb.targets, rules: elb.rules, alarms: cloudwatch.alarms, lambda, logs: logs.sink, images: ecr },
      mayRole: (...asked) => iam.mayRole(...asked),
      // What surrounds the seeded applications comes after them; a world of nothing knows nothing of them.
      hasRole: (arn) => isSeeding || options.seed === false || iam.hasRole(arn),
      hasParameter: (name) => isSeeding || options.seed === false || ssm.hasParameter(name),
      findSecretProblem: (from) => (isSeeding || options.seed === false ? null : secretsmanager.findProblem(from)),
      hasSubnet: (id) => isSeeding || options.seed === false || ec2.network.findSubnet(id) !== null,
      hasSecurityGroup: (id) => isSeeding || options.seed === false || ec2.network.hasSecurityGroup(id),
      tell: events.ecs,
    },
    { profile: options.profile, ...options.ecs },
  );
  const codedeploy = createCodedeploy(
    base,
    {
      ...{ ecs: ecs.codeDeploy, rules: elb.rules, alarms: cloudwatch.alarms, lambda },
      ...{ findTargetGroup: elb.findTargetGroup, tell: events.codeDeploy },
    },
    options.profile,
  );
  const autoscaling = createAutoscaling(base, autoscalingPorts(ecs.service, cloudwatch));
  const sts = createSts(base, options.sessions);
  const ssm = createSsm(base);
  const secretsmanager = createSecretsManager(base);
  const acm = createAcm(base);
  const rds = createRds(base, { vpcOfGroup: ec2.network.vpcOfGroup });
  const github = createGithubStandIn(options.seed === "empty");
  const iam = createIam(base);
  const cloudtrail = createCloudtrail(base, options.sessions, options.profile);
  const elsewhere = createOtherRegions(place.region, (region) =>
    createSandbox({ clock, seed: "empty", throttling: false, ecs: options.ecs, place: { ...place, region } }),
  );
  // Of the others IAM and STS are one for all Regions; logs and images know of Regions themselves.
  const regional = [autoscaling, codedeploy, ecs, elb, ec2, ssm, secretsmanager, acm, rds].map(({ service }) =>
    elsewhere.apart(service),
  );
  const others = [logs, ecr, cloudwatch, sts, iam, cloudtrail, sqs].map(({ service }) => service);
  const services = [...regional, ...others].map(cloudtrail.recording);
  const seed = async () => {
    if (options.seed === false || options.seed === "empty") return;
    sqs.addQueue(EVENTS_QUEUE);
    // The seeded load balancer and target groups keep their ARNs over a reset, or whoever resolved their names would be lost.
    random = createRandom(SEEDED_ARNS);
    isSeeding = true;
    try {
      await seedAs(options, base, {
        traffic: { ecs: ecs.service, elb: elb.service, logs: logs.service, codedeploy: codedeploy.service, ecr },
        surroundings: {
          ec2,
          ssm: ssm.service,
          secretsmanager: secretsmanager.service,
          iam: iam.service,
          rds: rds.service,
        },
      });
    } finally {
      isSeeding = false;
      random = chance;
    }
  };

  let resetting: Promise<void> = Promise.resolve();
  const resetOnce = async () => {
    autoscaling.reset();
    codedeploy.reset();
    await ecs.reset();
    await Promise.all([elsewhere.clear(), elb.reset(), logs.reset(), ecr.reset()]);
    cloudwatch.reset();
    for (const one of [ec2, ssm, secretsmanager, iam, acm, rds, cloudtrail, sqs]) one.reset();
    lambda.clear();
    github.reset();
    door.reset();
    await seed();
  };
  const reset = () => {
    // Two resets at a time would seed two worlds into one.
    resetting = resetting.catch(() => undefined).then(resetOnce);
    return resetting;
  };

  const door = createFrontDoor(
    base,
    services,
    {
      describe: () => ({
        listeners: elb.controls.listenerUrls(),
        images: ecr.listImages(),
        now: new Date(clock.now()).toISOString(),
        ...options.describe?.(),
      }),
      findBlob: (digest) => ecr.findBlob(digest),
      traffic: () => elb.controls.stats(),
      listTasks: () => ecs.controls.listTasks(),
      killTask: (id) => ecs.controls.kill(id),
      setTaskHealth: (id, status) => ecs.controls.setHealth(id, status),
      lambda,
      github,
      generateLogs: (lines) => logs.controls.generate(lines),
      listeners: () => Object.keys(elb.controls.listenerUrls()),
      targetGroupsFor: (listener) => elb.controls.targetGroupsFor(listener),
      setWeights: (listener, weights) => elb.controls.setWeights(listener, weights),
      reset,
    },
    { throttling: options.throttling ?? true, authorize },
  );

  const server = createServer({ keepAliveTimeout: 75_000 }, door.listener);
  const close = async () => {
    server.closeAllConnections();
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
    await resetting.catch(() => undefined);
    autoscaling.close();
    cloudwatch.close();
    codedeploy.close();
    await Promise.all([ecs.close(), elsewhere.clear()]);
    await Promise.all([elb.close(), logs.close(), ecr.close(), sts.close()]);
    await closed;
  };
  try {
    await listen(server, options.port ?? 0);
    await seed();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock,
    place,
    listenerUrls: () => elb.controls.listenerUrls(),
    listenerUrl(name) {
      const urls = elb.controls.listenerUrls();
      const url = urls[name];
      if (url) return url;
      throw new Error(`No listener is named ${name}; there are ${Object.keys(urls).join(", ") || "none"}`);
    },
    faults: door.faults,
    calls: door.calls,
    services,
    ecs,
    elb,
    logs,
    ecr,
    codedeploy: codedeploy.service,
    autoscaling: autoscaling.service,
    cloudwatch: cloudwatch.service,
    ec2: ec2.service,
    ssm: ssm.service,
    secretsmanager: secretsmanager.service,
    acm: acm.service,
    sqs,
    rds: rds.service,
    iam: iam.service,
    reset,
    close,
  };
}
