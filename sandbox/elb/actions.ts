import type {
  Action,
  AuthenticateOidcActionConfig,
  ForwardActionConfig,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../service.ts";
import type { TargetGroupRecord } from "./elb-state.ts";
import { assertLength, assertRange, validationError } from "./errors.ts";

const MAX_TARGET_GROUPS = 5;
const ROUTING = ["forward", "redirect", "fixed-response"];
const AUTHENTICATION = ["authenticate-oidc", "authenticate-cognito", "jwt-validation"];
const CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

/** What the validity of an action depends on. */
export interface ActionContext {
  getTargetGroup: (arn: string) => TargetGroupRecord;
  listenerProtocol: "HTTP" | "HTTPS";
  /** The actions being replaced: `UseExistingClientSecret` takes the secret from them. */
  existing: readonly Action[];
}

/**
 * Validates a whole action list and gives it the shape AWS stores: sorted by order, forwards in both of AWS's
 * forms. Client secrets are kept; `describeActions` leaves them out.
 */
export function normaliseActions(actions: readonly Action[], path: string, context: ActionContext): Action[] {
  if (actions.length === 0) throw validationError("At least one action must be specified");
  const sorted = sortByOrder(actions);
  const last = sorted.at(-1);
  const authentications = sorted.slice(0, -1);
  if (!last || !ROUTING.includes(last.Type ?? "")) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "A 'forward', 'redirect' or 'fixed-response' action must be specified, and it must be the last action to be performed",
    );
  }
  if (authentications.some((action) => ROUTING.includes(action.Type ?? "")) || authentications.length > 1) {
    throw new AwsError(
      "TooManyActions",
      "An action list can have one authentication action and exactly one of 'forward', 'redirect' or 'fixed-response'",
    );
  }
  return sorted.map((action, index) => normaliseAction(action, `${path}.${index + 1}.member`, context));
}

/** Actions as the API returns them: client secrets never leave. */
export function describeActions(actions: readonly Action[]): Action[] {
  return actions.map((action) => {
    if (!action.AuthenticateOidcConfig) return structuredClone(action);
    const { ClientSecret: _secret, UseExistingClientSecret: _use, ...shown } = action.AuthenticateOidcConfig;
    return structuredClone({ ...action, AuthenticateOidcConfig: shown });
  });
}

/** A forward in the shape AWS reports: one group in both forms, several in ForwardConfig only. */
export function forwardAction(forward: ForwardActionConfig, order?: number): Action {
  const groups = (forward.TargetGroups ?? []).map((tuple) => ({
    TargetGroupArn: tuple.TargetGroupArn,
    Weight: tuple.Weight ?? 1,
  }));
  const stickiness = forward.TargetGroupStickinessConfig;
  return {
    Type: "forward",
    ...(groups.length === 1 ? { TargetGroupArn: groups[0]?.TargetGroupArn } : {}),
    ...(order === undefined ? {} : { Order: order }),
    ForwardConfig: {
      TargetGroups: groups,
      TargetGroupStickinessConfig: stickiness?.Enabled
        ? { Enabled: true, DurationSeconds: stickiness.DurationSeconds }
        : { Enabled: false },
    },
  };
}

function sortByOrder(actions: readonly Action[]): Action[] {
  if (actions.length === 1) return [...actions];
  const orders = new Set(actions.map((action) => action.Order));
  if (orders.has(undefined))
    throw validationError("An order must be specified for each action when there is more than one");
  if (orders.size < actions.length) throw validationError("The order of each action must be unique");
  return actions.toSorted((a, b) => (a.Order ?? 0) - (b.Order ?? 0));
}

function normaliseAction(action: Action, path: string, context: ActionContext): Action {
  assertRange(action.Order, `${path}.order`, 1, 50_000);
  if (AUTHENTICATION.includes(action.Type ?? "")) return authentication(action, context);
  if (action.Type === "forward") return forward(action, path, context);
  if (action.Type === "redirect") return redirect(action);
  if (action.Type === "fixed-response") return fixedResponse(action);
  throw validationError(
    `1 validation error detected: Value '${action.Type}' at '${path}.type' failed to satisfy constraint: Member must satisfy enum value set: [${[...ROUTING, ...AUTHENTICATION].join(", ")}]`,
  );
}

function forward(action: Action, path: string, context: ActionContext): Action {
  const config = action.ForwardConfig;
  const tuples = config?.TargetGroups ?? (action.TargetGroupArn ? [{ TargetGroupArn: action.TargetGroupArn }] : []);
  if (tuples.length === 0) throw validationError("A target group ARN must be specified for a forward action");
  if (tuples.length > MAX_TARGET_GROUPS) {
    throw validationError(
      `A forward action can have at most ${MAX_TARGET_GROUPS} target groups, but ${tuples.length} were specified`,
    );
  }
  if (action.TargetGroupArn && (tuples.length > 1 || tuples[0]?.TargetGroupArn !== action.TargetGroupArn)) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "If TargetGroupArn and ForwardConfig are both specified, ForwardConfig must contain only the same target group",
    );
  }
  const arns = new Set(tuples.map((tuple) => tuple.TargetGroupArn ?? ""));
  if (arns.size < tuples.length) throw validationError("A target group can be specified only once in a forward action");
  for (const [index, tuple] of tuples.entries()) {
    if (!tuple.TargetGroupArn) throw validationError("A target group ARN must be specified");
    context.getTargetGroup(tuple.TargetGroupArn);
    assertRange(tuple.Weight, `${path}.forwardConfig.targetGroups.${index + 1}.member.weight`, 0, 999);
  }
  assertStickiness(config, path);
  assertTargetStickiness([...arns].map(context.getTargetGroup), config?.TargetGroupStickinessConfig?.Enabled === true);
  return forwardAction({ ...config, TargetGroups: tuples }, action.Order);
}

function assertStickiness(config: ForwardActionConfig | undefined, path: string): void {
  const stickiness = config?.TargetGroupStickinessConfig;
  if (stickiness?.Enabled && stickiness.DurationSeconds === undefined) {
    throw validationError("Target group stickiness duration must be specified when target group stickiness is enabled");
  }
  const at = `${path}.forwardConfig.targetGroupStickinessConfig.durationSeconds`;
  assertRange(stickiness?.DurationSeconds, at, 1, 604_800);
}

/** AWS refuses sticky targets behind a weighted forward that does not stick to its groups. */
export function assertTargetStickiness(groups: readonly TargetGroupRecord[], isGroupSticky: boolean): void {
  if (groups.length < 2 || isGroupSticky) return;
  if (groups.some((group) => group.attributes.get("stickiness.enabled") === "true")) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups",
    );
  }
}

function redirect(action: Action): Action {
  const config = action.RedirectConfig;
  if (!config) throw validationError("A redirect configuration must be specified for a redirect action");
  if (config.StatusCode !== "HTTP_301" && config.StatusCode !== "HTTP_302") {
    throw validationError("The redirect status code must be one of 'HTTP_301, HTTP_302'");
  }
  const filled = {
    Protocol: config.Protocol ?? "#{protocol}",
    Port: config.Port ?? "#{port}",
    Host: config.Host ?? "#{host}",
    Path: config.Path ?? "/#{path}",
    Query: config.Query ?? "#{query}",
    StatusCode: config.StatusCode,
  };
  if (!["HTTP", "HTTPS", "#{protocol}"].includes(filled.Protocol)) {
    throw validationError(`Redirect protocol '${filled.Protocol}' must be one of 'HTTP, HTTPS, #{protocol}'`);
  }
  if (!filled.Path.startsWith("/"))
    throw validationError(`Redirect path '${filled.Path}' must begin with a '/' character`);
  const { Protocol, Port, Host, Path } = filled;
  if (Protocol === "#{protocol}" && Port === "#{port}" && Host === "#{host}" && Path === "/#{path}") {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "The redirect configuration is not valid because it creates a loop: modify at least one of protocol, port, hostname or path",
    );
  }
  return { Type: "redirect", ...orderOf(action), RedirectConfig: filled };
}

function fixedResponse(action: Action): Action {
  const config = action.FixedResponseConfig;
  if (!config) throw validationError("A fixed response configuration must be specified for a fixed-response action");
  if (!/^[245]\d\d$/.test(config.StatusCode ?? "")) {
    throw validationError(`Fixed response status code '${config.StatusCode}' must be a 2XX, 4XX or 5XX code`);
  }
  assertLength(config.MessageBody?.length ?? 0, "fixedResponseConfig.messageBody", 1024);
  if (config.ContentType !== undefined && !CONTENT_TYPES.includes(config.ContentType)) {
    throw validationError(
      `Fixed response content type '${config.ContentType}' must be one of '${CONTENT_TYPES.join(", ")}'`,
    );
  }
  return { Type: "fixed-response", ...orderOf(action), FixedResponseConfig: { ...config } };
}

function authentication(action: Action, context: ActionContext): Action {
  if (context.listenerProtocol !== "HTTPS") {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      `Actions of type '${action.Type}' are supported only on HTTPS listeners`,
    );
  }
  const oidc = action.AuthenticateOidcConfig;
  if (action.Type !== "authenticate-oidc" || !oidc) return structuredClone(action);
  return { ...structuredClone(action), AuthenticateOidcConfig: { ...oidc, ClientSecret: clientSecret(oidc, context) } };
}

function clientSecret(oidc: AuthenticateOidcActionConfig, context: ActionContext): string {
  if (oidc.ClientSecret) return oidc.ClientSecret;
  const kept = oidc.UseExistingClientSecret
    ? context.existing.find((action) => action.AuthenticateOidcConfig)?.AuthenticateOidcConfig?.ClientSecret
    : undefined;
  if (kept !== undefined) return kept;
  throw new AwsError(
    "InvalidLoadBalancerAction",
    "You must either specify a client secret or set UseExistingClientSecret to true",
  );
}

function orderOf(action: Action): { Order?: number } {
  return action.Order === undefined ? {} : { Order: action.Order };
}
