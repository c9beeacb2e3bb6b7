import { validationError } from "./errors.ts";

/** One attribute AWS knows: its default and what values it takes. */
interface AttributeRule {
  value: string;
  allows: RegExp | readonly [min: number, max: number] | readonly string[];
}

const SWITCH = ["true", "false"] as const;
const ANYTHING = /^.{0,1024}$/s;
const MINIMUM_HEALTHY_COUNT = /^(?:off|[1-9]\d{0,3})$/;
const MINIMUM_HEALTHY_PERCENTAGE = /^(?:off|[1-9]\d?|100)$/;

/** Attributes of an ALB's target group with AWS's defaults. */
export const TARGET_GROUP_ATTRIBUTES: Readonly<Record<string, AttributeRule>> = {
  "stickiness.enabled": { value: "false", allows: SWITCH },
  "deregistration_delay.timeout_seconds": { value: "300", allows: [0, 3600] },
  "stickiness.app_cookie.cookie_name": { value: "", allows: /^(?!AWSALB)[!#$%&'*+.^_`|~0-9A-Za-z-]{0,256}$/ },
  "stickiness.type": { value: "lb_cookie", allows: ["lb_cookie", "app_cookie", "source_ip"] },
  "stickiness.lb_cookie.duration_seconds": { value: "86400", allows: [1, 604_800] },
  "slow_start.duration_seconds": { value: "0", allows: /^(?:0|[3-9]\d|[1-8]\d\d|900)$/ },
  "stickiness.app_cookie.duration_seconds": { value: "86400", allows: [1, 604_800] },
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": {
    value: "off",
    allows: MINIMUM_HEALTHY_PERCENTAGE,
  },
  "load_balancing.cross_zone.enabled": {
    value: "use_load_balancer_configuration",
    allows: ["true", "false", "use_load_balancer_configuration"],
  },
  "load_balancing.algorithm.type": {
    value: "round_robin",
    allows: ["round_robin", "least_outstanding_requests", "weighted_random"],
  },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": {
    value: "off",
    allows: MINIMUM_HEALTHY_PERCENTAGE,
  },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": {
    value: "1",
    allows: MINIMUM_HEALTHY_COUNT,
  },
  "target_group_health.dns_failover.minimum_healthy_targets.count": { value: "1", allows: MINIMUM_HEALTHY_COUNT },
  "load_balancing.algorithm.anomaly_mitigation": { value: "off", allows: ["on", "off"] },
};

/** Attributes of an ALB with AWS's defaults. */
export const LOAD_BALANCER_ATTRIBUTES: Readonly<Record<string, AttributeRule>> = {
  "access_logs.s3.enabled": { value: "false", allows: SWITCH },
  "access_logs.s3.bucket": { value: "", allows: ANYTHING },
  "access_logs.s3.prefix": { value: "", allows: ANYTHING },
  "idle_timeout.timeout_seconds": { value: "60", allows: [1, 4000] },
  "deletion_protection.enabled": { value: "false", allows: SWITCH },
  "routing.http2.enabled": { value: "true", allows: SWITCH },
  "routing.http.drop_invalid_header_fields.enabled": { value: "false", allows: SWITCH },
  "routing.http.xff_client_port.enabled": { value: "false", allows: SWITCH },
  "routing.http.preserve_host_header.enabled": { value: "false", allows: SWITCH },
  "routing.http.xff_header_processing.mode": { value: "append", allows: ["append", "preserve", "remove"] },
  "load_balancing.cross_zone.enabled": { value: "true", allows: ["true"] },
  "routing.http.desync_mitigation_mode": { value: "defensive", allows: ["monitor", "defensive", "strictest"] },
  "client_keep_alive.seconds": { value: "3600", allows: [60, 604_800] },
  "waf.fail_open.enabled": { value: "false", allows: SWITCH },
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": { value: "false", allows: SWITCH },
  "zonal_shift.config.enabled": { value: "false", allows: SWITCH },
  "connection_logs.s3.enabled": { value: "false", allows: SWITCH },
  "connection_logs.s3.bucket": { value: "", allows: ANYTHING },
  "connection_logs.s3.prefix": { value: "", allows: ANYTHING },
  "health_check_logs.s3.enabled": { value: "false", allows: SWITCH },
  "health_check_logs.s3.bucket": { value: "", allows: ANYTHING },
  "health_check_logs.s3.prefix": { value: "", allows: ANYTHING },
};

/** Attributes of an ALB's listener with AWS's defaults. */
export const LISTENER_ATTRIBUTES: Readonly<Record<string, AttributeRule>> = {
  "routing.http.response.server.enabled": { value: "true", allows: SWITCH },
  "routing.http.response.strict_transport_security.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.access_control_allow_origin.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.access_control_allow_methods.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.access_control_allow_headers.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.access_control_allow_credentials.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.access_control_expose_headers.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.access_control_max_age.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.content_security_policy.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.x_content_type_options.header_value": { value: "", allows: ANYTHING },
  "routing.http.response.x_frame_options.header_value": { value: "", allows: ANYTHING },
};

/** The attributes of a new resource. */
export function defaultAttributes(rules: Readonly<Record<string, AttributeRule>>): Map<string, string> {
  return new Map(Object.entries(rules).map(([key, rule]) => [key, rule.value]));
}

/** Attributes as the API lists them. */
export function listAttributes(attributes: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...attributes].map(([Key, Value]) => ({ Key, Value }));
}

/**
 * Attributes after a Modify call; those left out keep their value, and one refused value refuses the whole call.
 * @throws AwsError ValidationError
 */
export function modifiedAttributes(
  rules: Readonly<Record<string, AttributeRule>>,
  attributes: ReadonlyMap<string, string>,
  changes: readonly { Key?: string; Value?: string }[],
  owner: string,
): Map<string, string> {
  const changed = new Map(attributes);
  const seen = new Set<string>();
  for (const { Key: key = "", Value: value = "" } of changes) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (!rule) throw validationError(`${owner} attribute key '${key}' is not recognized`);
    if (seen.has(key)) throw validationError(`${owner} attribute key '${key}' is duplicated`);
    seen.add(key);
    if (!isAllowed(rule, value)) throw validationError(refusal(owner, key, value, rule));
    changed.set(key, value);
  }
  return changed;
}

function isAllowed(rule: AttributeRule, value: string): boolean {
  const { allows } = rule;
  if (allows instanceof RegExp) return allows.test(value);
  const [min, max] = allows;
  if (typeof min === "number" && typeof max === "number") {
    return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
  }
  return (allows as readonly string[]).includes(value);
}

function refusal(owner: string, key: string, value: string, rule: AttributeRule): string {
  const { allows } = rule;
  if (allows instanceof RegExp) return `${owner} attribute key '${key}' has an invalid value '${value}'`;
  if (typeof allows[0] === "number") {
    return `'${key}' must be between '${allows[0]}' and '${allows[1]}' inclusive, but was '${value}'`;
  }
  return `${owner} attribute key '${key}' must be one of '${allows.join(", ")}', but was '${value}'`;
}
