import type {
  CreateListenerInput,
  CreateListenerOutput,
  DeleteListenerInput,
  DeleteListenerOutput,
  DescribeListenerAttributesInput,
  DescribeListenerAttributesOutput,
  DescribeListenersInput,
  DescribeListenersOutput,
  Listener,
  ModifyListenerAttributesInput,
  ModifyListenerAttributesOutput,
  ModifyListenerInput,
  ModifyListenerOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler } from "../service.ts";
import { describeActions, normaliseActions } from "./actions.ts";
import type { AlbProxy } from "./alb-proxy.ts";
import { assertAssociable, associate } from "./associations.ts";
import { defaultAttributes, LISTENER_ATTRIBUTES, listAttributes, modifiedAttributes } from "./attributes.ts";
import type { ElbState, ListenerRecord, LoadBalancerRecord } from "./elb-state.ts";
import { listenerNotFound, validationError } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import { assertPort } from "./load-balancer-operations.ts";
import { page } from "./paging.ts";
import { changeRoute, drawLagMs } from "./route.ts";
import { dropTags, putTags } from "./tag-operations.ts";

const MAX_LISTENERS = 50;
const DEFAULT_SSL_POLICY = "ELBSecurityPolicy-2016-08";

/** Operations on listeners; opening and moving a real port makes two of them wait. */
export function listenerOperations(
  state: ElbState,
  health: HealthChecker,
  proxy: AlbProxy,
): Readonly<Record<string, Handler>> {
  return {
    async CreateListener(input: CreateListenerInput): Promise<CreateListenerOutput> {
      const loadBalancer = state.getLoadBalancer(input.LoadBalancerArn ?? "");
      assertPort(input.Port);
      const port = input.Port ?? 0;
      const listener = newListener(state, loadBalancer, port, assertProtocol(input.Protocol));
      setCertificates(listener, input);
      const actions = normalisedDefaults(state, listener, input.DefaultActions ?? []);
      const existing = findByPort(loadBalancer, port);
      if (existing) {
        const isSame =
          existing.protocol === listener.protocol &&
          JSON.stringify(existing.defaultRule.actions) === JSON.stringify(actions);
        if (isSame) return { Listeners: [describeListener(existing)] };
        throw duplicateListener(loadBalancer);
      }
      if (loadBalancer.listeners.size >= MAX_LISTENERS) {
        throw new AwsError(
          "TooManyListeners",
          `The maximum number of listeners has been reached on load balancer '${loadBalancer.arn}'`,
        );
      }
      assertAssociable(state, loadBalancer, actions);
      listener.defaultRule.actions = actions;
      if (input.Tags) putTags(state, listener.arn, input.Tags);
      loadBalancer.listeners.set(listener.arn, listener);
      try {
        await proxy.open(listener);
      } catch (error) {
        loadBalancer.listeners.delete(listener.arn);
        dropTags(state, listener.arn);
        throw error;
      }
      // It may have been deleted while its port opened.
      if (state.findListener(listener.arn) !== listener) proxy.shut(listener);
      associate(state, health, loadBalancer);
      return { Listeners: [describeListener(listener)] };
    },

    DescribeListeners(input: DescribeListenersInput): DescribeListenersOutput {
      const arns = input.ListenerArns ?? [];
      if (input.LoadBalancerArn && arns.length > 0) {
        throw validationError("You must specify either listener ARNs or a load balancer ARN, not both");
      }
      if (!input.LoadBalancerArn && arns.length === 0) {
        throw validationError("You must specify either listener ARNs or a load balancer ARN");
      }
      const found = input.LoadBalancerArn
        ? [...state.getLoadBalancer(input.LoadBalancerArn).listeners.values()]
        : arns.map((arn) => {
            const listener = state.findListener(arn);
            if (!listener) throw new AwsError("ListenerNotFound", "One or more listeners not found");
            return listener;
          });
      const { items, NextMarker } = page(found, input);
      return { Listeners: items.map(describeListener), NextMarker };
    },

    async ModifyListener(input: ModifyListenerInput): Promise<ModifyListenerOutput> {
      const listener = state.getListener(input.ListenerArn ?? "");
      const { loadBalancer } = listener;
      const changed: ListenerRecord = { ...listener };
      if (input.Protocol !== undefined) changed.protocol = assertProtocol(input.Protocol);
      setCertificates(changed, input);
      // The list replaces the old one as a whole; left out, the old one stays but must suit the new protocol.
      const actions = normalisedDefaults(state, changed, input.DefaultActions ?? [], listener.defaultRule.actions);
      const hasActions = (input.DefaultActions?.length ?? 0) > 0;
      assertAssociable(state, loadBalancer, actions);
      const port = input.Port ?? listener.port;
      assertPort(port);
      if (port !== listener.port) {
        if (findByPort(loadBalancer, port)) throw duplicateListener(loadBalancer);
        const before = listener.port;
        listener.port = port;
        try {
          await proxy.open(listener);
        } catch (error) {
          listener.port = before;
          throw error;
        }
      }
      listener.protocol = changed.protocol;
      listener.sslPolicy = changed.sslPolicy;
      listener.certificates = changed.certificates;
      changeRoute(state, listener, drawLagMs(state), () => {
        if (hasActions) listener.defaultRule.actions = actions;
      });
      associate(state, health, loadBalancer);
      return { Listeners: [describeListener(listener)] };
    },

    DeleteListener(input: DeleteListenerInput): DeleteListenerOutput {
      const listener = state.findListener(input.ListenerArn ?? "");
      if (!listener) throw listenerNotFound(input.ListenerArn ?? "");
      proxy.shut(listener);
      listener.loadBalancer.listeners.delete(listener.arn);
      for (const arn of [listener.arn, ...listener.rules.map((rule) => rule.arn)]) dropTags(state, arn);
      associate(state, health, listener.loadBalancer);
      return {};
    },

    DescribeListenerAttributes(input: DescribeListenerAttributesInput): DescribeListenerAttributesOutput {
      return { Attributes: listAttributes(state.getListener(input.ListenerArn ?? "").attributes) };
    },

    ModifyListenerAttributes(input: ModifyListenerAttributesInput): ModifyListenerAttributesOutput {
      const listener = state.getListener(input.ListenerArn ?? "");
      listener.attributes = modifiedAttributes(
        LISTENER_ATTRIBUTES,
        listener.attributes,
        input.Attributes ?? [],
        "Listener",
      );
      return { Attributes: listAttributes(listener.attributes) };
    },
  };
}

function describeListener(listener: ListenerRecord): Listener {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancer.arn,
    Port: listener.port,
    Protocol: listener.protocol,
    ...(listener.certificates ? { Certificates: listener.certificates } : {}),
    ...(listener.sslPolicy ? { SslPolicy: listener.sslPolicy } : {}),
    DefaultActions: describeActions(listener.defaultRule.actions),
    ...(listener.protocol === "HTTPS" ? { MutualAuthentication: { Mode: "off" } } : {}),
  };
}

function newListener(
  state: ElbState,
  loadBalancer: LoadBalancerRecord,
  port: number,
  protocol: "HTTP" | "HTTPS",
): ListenerRecord {
  const id = state.newId();
  const path = `app/${loadBalancer.name}/${loadBalancer.id}/${id}`;
  const listener: ListenerRecord = {
    arn: state.arn(`listener/${path}`),
    id,
    loadBalancer,
    protocol,
    port,
    sslPolicy: undefined,
    certificates: undefined,
    attributes: defaultAttributes(LISTENER_ATTRIBUTES),
    defaultRule: {
      arn: state.arn(`listener-rule/${path}/${state.newId()}`),
      get listener() {
        return listener;
      },
      priority: "default",
      conditions: [],
      actions: [],
    },
    rules: [],
    route: null,
    meter: state.newMeter(),
    realPort: 0,
  };
  return listener;
}

/** The new default actions, or the existing ones checked again when none are given. */
function normalisedDefaults(
  state: ElbState,
  listener: ListenerRecord,
  given: NonNullable<CreateListenerInput["DefaultActions"]>,
  existing: NonNullable<CreateListenerInput["DefaultActions"]> = [],
) {
  return normaliseActions(given.length > 0 ? given : existing, "defaultActions", {
    getTargetGroup: (arn) => state.getTargetGroup(arn),
    listenerProtocol: listener.protocol,
    existing,
  });
}

function setCertificates(
  listener: ListenerRecord,
  input: Pick<CreateListenerInput, "Certificates" | "SslPolicy">,
): void {
  if (listener.protocol === "HTTP") {
    if (input.Certificates?.length)
      throw new AwsError("InvalidConfigurationRequest", "Certificates cannot be specified for HTTP listeners");
    listener.certificates = undefined;
    listener.sslPolicy = undefined;
    return;
  }
  if (input.Certificates?.length)
    listener.certificates = input.Certificates.map(({ CertificateArn }) => ({ CertificateArn }));
  if (!listener.certificates) throw validationError("A certificate must be specified for HTTPS listeners");
  listener.sslPolicy = input.SslPolicy ?? listener.sslPolicy ?? DEFAULT_SSL_POLICY;
}

function assertProtocol(protocol: string | undefined): "HTTP" | "HTTPS" {
  if (!protocol) throw validationError("A protocol must be specified");
  if (protocol !== "HTTP" && protocol !== "HTTPS") {
    throw validationError(`Listener protocol '${protocol}' must be one of 'HTTP, HTTPS'`);
  }
  return protocol;
}

function findByPort(loadBalancer: LoadBalancerRecord, port: number): ListenerRecord | undefined {
  return [...loadBalancer.listeners.values()].find((listener) => listener.port === port);
}

function duplicateListener(loadBalancer: LoadBalancerRecord): AwsError {
  return new AwsError(
    "DuplicateListener",
    `A listener already exists on this port for this load balancer '${loadBalancer.arn}'`,
  );
}
