import {
  type Action,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { libraryConfig, startLibraryWorld } from "../testing/library-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { findUnusedGroup } from "./find-unused-group.ts";

test("a listener that forwards to one group alone is told before a release, with the command that adds the other at weight 0", async () => {
  const { aws, sandbox, application: whole, controller, controllers } = await startLibraryWorld();
  const elb = new ElasticLoadBalancingV2Client({
    endpoint: sandbox.url,
    region: sandbox.place.region,
    credentials: ADMINISTRATOR,
  });
  const scalar: Action[] = [{ Type: "forward", TargetGroupArn: whole.slots.blue.targetGroupArn }];
  const modify = (ListenerArn: string, DefaultActions: Action[]) =>
    elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
  await modify(whole.listener.arn, scalar);
  // The test listener leads to green, which is checked because of it.
  const runtime = { aws, controllers };
  expect(await findUnusedGroup(runtime, whole, await controller.observe(whole))).toBeNull();
  await modify(whole.testListener?.arn ?? "", scalar);

  const application = await resolveApplication(aws, libraryConfig({ testListener: null }));
  const before = await controller.observe(application);
  expect(before.traffic).toMatchObject({ live: "blue", weights: { blue: 1, green: 0 } });
  const found = await findUnusedGroup(runtime, application, before);
  expect(found).toMatchObject({ side: "green", weights: { blue: 1, green: 0 }, names: ["library-alb HTTP:80"] });
  expect(found?.blocker).toMatchObject({
    code: "STANDBY_NOT_HEALTHY",
    message: expect.stringContaining("names library-green-tg, so the load balancer would never check green's targets"),
    fix: expect.stringMatching(/with weight 0, which moves no request: aws elbv2 modify-listener --listener-arn arn:/),
  });
  const actions = /--default-actions '(\[.*\])'/.exec(found?.blocker.fix ?? "")?.[1] ?? "";
  await modify(application.listener.arn, JSON.parse(actions));

  const after = await controller.observe(application);
  expect(after.traffic).toMatchObject({ live: "blue", weights: { blue: 1, green: 0 } });
  expect(await findUnusedGroup(runtime, application, after)).toBeNull();
  elb.destroy();
});
