import type { Action, TargetGroupTuple } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ForwardGroup } from "../domain/observation/traffic.ts";

/** What a listener's default action or a rule forwards to, whichever of AWS's two shapes it has. */
export interface ForwardReading {
  /** Empty when it does not forward at all. */
  groups: ForwardGroup[];
  /** Stickiness between target groups; null when off. */
  stickinessSeconds: number | null;
}

/** The forward action: the last by Order, after any authentication. Null when the last action is no forward. */
function findForward(actions: readonly Action[]): Action | null {
  const last = [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
  return last?.Type === "forward" ? last : null;
}

/** Reads both shapes: a scalar TargetGroupArn counts as one group with the whole weight. */
export function readForward(actions: readonly Action[]): ForwardReading {
  const forward = findForward(actions);
  if (!forward) return { groups: [], stickinessSeconds: null };
  const stickiness = forward.ForwardConfig?.TargetGroupStickinessConfig;
  return {
    groups: groupsOf(forward).map((group) => ({
      targetGroupArn: group.TargetGroupArn ?? "",
      weight: group.Weight ?? 1,
    })),
    stickinessSeconds: stickiness?.Enabled ? (stickiness.DurationSeconds ?? null) : null,
  };
}

/**
 * The whole action list as it must be sent back, with only the forward action's weights changed. Authentication, order,
 * stickiness and the order of groups stay; a group that is not there yet is added. Null when there is no forward action.
 */
export function withWeights(actions: readonly Action[], weights: readonly ForwardGroup[]): Action[] | null {
  const forward = findForward(actions);
  if (!forward) return null;
  const tuples: TargetGroupTuple[] = groupsOf(forward).map((group) => ({ ...group }));
  for (const { targetGroupArn, weight } of weights) {
    const tuple = tuples.find((group) => group.TargetGroupArn === targetGroupArn);
    if (tuple) tuple.Weight = weight;
    else tuples.push({ TargetGroupArn: targetGroupArn, Weight: weight });
  }
  return actions.map((action) => {
    if (action !== forward) return sendable(action);
    // The scalar form beside two groups is refused, so it goes.
    const { TargetGroupArn: _scalar, ...rest } = action;
    const stickiness = rest.ForwardConfig?.TargetGroupStickinessConfig;
    return {
      ...rest,
      ForwardConfig: {
        ...rest.ForwardConfig,
        TargetGroups: tuples,
        ...(stickiness ? { TargetGroupStickinessConfig: sendableStickiness(stickiness) } : {}),
      },
    };
  });
}

function groupsOf(forward: Action): TargetGroupTuple[] {
  const groups = forward.ForwardConfig?.TargetGroups;
  if (groups && groups.length > 0) return groups;
  return forward.TargetGroupArn ? [{ TargetGroupArn: forward.TargetGroupArn, Weight: 1 }] : [];
}

/** AWS never tells the client secret, and takes the action back without one only when told to keep the one it has. */
function sendable(action: Action): Action {
  if (!action.AuthenticateOidcConfig) return action;
  const { ClientSecret: _secret, ...oidc } = action.AuthenticateOidcConfig;
  return { ...action, AuthenticateOidcConfig: { ...oidc, UseExistingClientSecret: true } };
}

/** A duration beside "off" is told by some answers and refused by some writes. */
function sendableStickiness(stickiness: { Enabled?: boolean; DurationSeconds?: number }) {
  return stickiness.Enabled ? stickiness : { Enabled: false };
}
