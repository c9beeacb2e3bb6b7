import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readForward, withWeights } from "./forward-action.ts";

const BLUE = "arn:aws:elasticloadbalancing:r:1:targetgroup/blue/1";
const GREEN = "arn:aws:elasticloadbalancing:r:1:targetgroup/green/2";
const SHIFT = [
  { targetGroupArn: BLUE, weight: 0 },
  { targetGroupArn: GREEN, weight: 100 },
];

const OIDC: Action = {
  Type: "authenticate-oidc",
  Order: 1,
  AuthenticateOidcConfig: {
    Issuer: "https://issuer.example",
    AuthorizationEndpoint: "https://issuer.example/authorize",
    TokenEndpoint: "https://issuer.example/token",
    UserInfoEndpoint: "https://issuer.example/me",
    ClientId: "switchyard",
    SessionTimeout: 3600,
    OnUnauthenticatedRequest: "authenticate",
  },
};

function weighted(blue: number, green: number, order = 2): Action {
  return {
    Type: "forward",
    Order: order,
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: BLUE, Weight: blue },
        { TargetGroupArn: GREEN, Weight: green },
      ],
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}

test("reads a scalar target group as the whole weight", () => {
  expect(readForward([{ Type: "forward", TargetGroupArn: BLUE }]).groups).toEqual([
    { targetGroupArn: BLUE, weight: 1 },
  ]);
});

test("reads AWS's answer that has both shapes once", () => {
  const action: Action = {
    Type: "forward",
    TargetGroupArn: BLUE,
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: BLUE, Weight: 1 }] },
  };
  expect(readForward([action]).groups).toEqual([{ targetGroupArn: BLUE, weight: 1 }]);
});

test("reads the action with the highest order, wherever it stands in the list", () => {
  expect(readForward([weighted(100, 0), OIDC]).groups).toHaveLength(2);
  expect(readForward([{ Type: "fixed-response", Order: 3 }, weighted(100, 0)]).groups).toEqual([]);
  expect(readForward([]).groups).toEqual([]);
});

test("a weight of 0 is not 1", () => {
  expect(readForward([weighted(0, 100)]).groups.map((group) => group.weight)).toEqual([0, 100]);
});

test("authentication stays, and keeps the secret that AWS never tells", () => {
  const actions = withWeights([OIDC, weighted(100, 0)], SHIFT);
  expect(actions?.[0]).toEqual({
    ...OIDC,
    AuthenticateOidcConfig: { ...OIDC.AuthenticateOidcConfig, UseExistingClientSecret: true },
  });
  expect(actions?.[1]).toEqual(weighted(0, 100));
});

test("the scalar shape becomes two groups, without the member that AWS would refuse beside them", () => {
  const actions = withWeights([{ Type: "forward", TargetGroupArn: BLUE, Order: 1 }], SHIFT);
  expect(actions).toEqual([
    {
      Type: "forward",
      Order: 1,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: BLUE, Weight: 0 },
          { TargetGroupArn: GREEN, Weight: 100 },
        ],
      },
    },
  ]);
});

test("stickiness between groups stays as it is; a duration beside off is left out", () => {
  const sticky = weighted(100, 0);
  sticky.ForwardConfig = {
    ...sticky.ForwardConfig,
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
  };
  expect(readForward([sticky]).stickinessSeconds).toBe(600);
  expect(withWeights([sticky], SHIFT)?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toEqual({
    Enabled: true,
    DurationSeconds: 600,
  });
  const off = weighted(100, 0);
  off.ForwardConfig = { ...off.ForwardConfig, TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 600 } };
  expect(withWeights([off], SHIFT)?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toEqual({ Enabled: false });
});

test("nothing to move where nothing is forwarded", () => {
  expect(withWeights([{ Type: "redirect", Order: 1 }], SHIFT)).toBeNull();
});

test("moving the weights changes the weights and nothing else, and moving back gives the same list", () => {
  const weight = fc.integer({ min: 0, max: 999 });
  fc.assert(
    fc.property(weight, weight, weight, weight, (a, b, c, d) => {
      const before = [OIDC, weighted(a, b)];
      const copy = structuredClone(before);
      const there = withWeights(before, [
        { targetGroupArn: BLUE, weight: c },
        { targetGroupArn: GREEN, weight: d },
      ]);
      expect(before).toEqual(copy);
      expect(there?.[1]).toEqual(weighted(c, d));
      const back = withWeights(there ?? [], [
        { targetGroupArn: BLUE, weight: a },
        { targetGroupArn: GREEN, weight: b },
      ]);
      expect(back?.[1]).toEqual(before[1]);
    }),
  );
});
