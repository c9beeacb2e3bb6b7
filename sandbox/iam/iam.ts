import type * as Iam from "@aws-sdk/client-iam";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";
import { MANAGED_POLICIES } from "./managed-policies.ts";
import { type Principal, statementsOf } from "./principal.ts";
import { providerOperations } from "./provider-operations.ts";
import { simulateOperations } from "./simulate-operations.ts";
import { evaluate, parsePolicy } from "./simulated-policy.ts";

/** Simulated IAM: roles, their policies, simulation and OpenID Connect providers. */
export interface IamSimulator {
  service: SimulatedService;
  /** Whether a role's policies let it do so; a role that nobody made here may do everything. */
  mayRole(roleArn: string, action: string, resource: string): boolean;
  /** Whether somebody made the role, and nobody deleted it; everything counts as there until a role was made. */
  hasRole(roleArn: string): boolean;
  reset(): void;
}

/** An account with nothing but the user that every caller of the sandbox is, who may do everything. */
export function createIam(base: SandboxBase): IamSimulator {
  const { place, clock, random } = base;
  const principals = new Map<string, Principal>();
  let hasRoles = false;
  const providers = new Map<string, Iam.GetOpenIDConnectProviderResponse>();

  const add = (kind: "role" | "user", name: string, trustPolicy: string | null): Principal => {
    const id = `${kind === "role" ? "AROA" : "AIDA"}${Math.floor(random() * 36 ** 8)
      .toString(36)
      .toUpperCase()
      .padStart(17, "0")}`;
    const arn = `arn:aws:iam::${place.accountId}:${kind}/${name}`;
    const createdAt = new Date(clock.now());
    const principal = {
      arn,
      name,
      id,
      createdAt,
      trustPolicy,
      attached: new Set<string>(),
      inline: new Map<string, string>(),
    };
    principals.set(arn, principal);
    hasRoles ||= kind === "role";
    return principal;
  };
  const addCaller = () => {
    add("user", "sandbox", null).attached.add("arn:aws:iam::aws:policy/AdministratorAccess");
  };
  addCaller();

  const getRole = (name: string | undefined): Principal => {
    const found = principals.get(`arn:aws:iam::${place.accountId}:role/${name}`);
    if (found) return found;
    throw new AwsError("NoSuchEntityException", `The role with name ${name} cannot be found.`, 404);
  };
  const toRole = (role: Principal): Iam.Role => ({
    Path: "/",
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    // As AWS answers it: URL-encoded.
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy ?? ""),
    MaxSessionDuration: 3600,
    ...role.told,
  });

  return {
    service: {
      name: "iam",
      operations: {
        CreateRole(input: Iam.CreateRoleRequest): Iam.CreateRoleResponse {
          const { RoleName = "", AssumeRolePolicyDocument = "" } = input;
          if (!/^[\w+=,.@-]{1,64}$/.test(RoleName))
            throw new AwsError("ValidationError", "The specified value for roleName is invalid.");
          if (principals.has(`arn:aws:iam::${place.accountId}:role/${RoleName}`))
            throw new AwsError("EntityAlreadyExistsException", `Role with name ${RoleName} already exists.`, 409);
          checkTrustPolicy(AssumeRolePolicyDocument);
          const role = add("role", RoleName, AssumeRolePolicyDocument);
          role.told = {
            Description: input.Description,
            MaxSessionDuration: input.MaxSessionDuration ?? 3600,
            Tags: input.Tags,
            ...(input.PermissionsBoundary
              ? {
                  PermissionsBoundary: {
                    PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
                    PermissionsBoundaryArn: input.PermissionsBoundary,
                  },
                }
              : {}),
          };
          return { Role: toRole(role) };
        },

        GetRole(input: Iam.GetRoleRequest): Iam.GetRoleResponse {
          return { Role: toRole(getRole(input.RoleName)) };
        },

        AttachRolePolicy(input: Iam.AttachRolePolicyRequest): object {
          const arn = input.PolicyArn ?? "";
          if (!Object.hasOwn(MANAGED_POLICIES, arn))
            throw new AwsError("NoSuchEntityException", `Policy ${arn} does not exist or is not attachable.`, 404);
          getRole(input.RoleName).attached.add(arn);
          return {};
        },

        DetachRolePolicy(input: Iam.DetachRolePolicyRequest): object {
          if (!getRole(input.RoleName).attached.delete(input.PolicyArn ?? ""))
            throw new AwsError("NoSuchEntityException", `Policy ${input.PolicyArn} was not found.`, 404);
          return {};
        },

        PutRolePolicy(input: Iam.PutRolePolicyRequest): object {
          parsePolicy(input.PolicyDocument ?? "");
          getRole(input.RoleName).inline.set(input.PolicyName ?? "", input.PolicyDocument ?? "");
          return {};
        },

        DeleteRole(input: Iam.DeleteRoleRequest): object {
          const role = getRole(input.RoleName);
          if (role.attached.size + role.inline.size > 0)
            throw new AwsError("DeleteConflictException", "Cannot delete entity, must detach all policies first.", 409);
          principals.delete(role.arn);
          return {};
        },
        ...simulateOperations((arn) => principals.get(arn) ?? null),
        ...providerOperations(base, providers),
      },
    },
    mayRole(roleArn, action, resource) {
      const role = principals.get(roleArn);
      return !role || evaluate(statementsOf(role), action, resource, new Map()).decision === "allowed";
    },
    hasRole: (roleArn) => !hasRoles || principals.has(roleArn.replace(/:role\/.*\//, ":role/")),
    reset() {
      principals.clear();
      hasRoles = false;
      providers.clear();
      addCaller();
    },
  };
}

function checkTrustPolicy(text: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new AwsError("MalformedPolicyDocumentException", "This policy contains invalid Json");
  }
  const statements = (document as { Statement?: unknown }).Statement;
  const list = Array.isArray(statements) ? statements : [statements];
  if (!list.every((one) => typeof one === "object" && one !== null && "Principal" in one && "Action" in one))
    throw new AwsError("MalformedPolicyDocumentException", "Missing required field Principal");
}
