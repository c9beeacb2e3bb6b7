import type * as Ec2 from "@aws-sdk/client-ec2";
import { AwsError, type Handler } from "../service.ts";
import { type Ec2State, tagsFor } from "./ec2-state.ts";
import { select } from "./select.ts";

/** What AWS gives every new group: everything may go out. */
const ALL_OUT: Ec2.IpPermission = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }], UserIdGroupPairs: [] };

/** Operations on security groups. */
export function securityGroupOperations(state: Ec2State): Readonly<Record<string, Handler>> {
  return {
    CreateSecurityGroup(input: Ec2.CreateSecurityGroupRequest): Ec2.CreateSecurityGroupResult {
      const { GroupName = "", Description = "" } = input;
      if (GroupName.startsWith("sg-") || GroupName.length > 255)
        throw new AwsError("InvalidParameterValue", `Value (${GroupName}) for parameter groupName is invalid.`);
      const { VpcId } = state.getVpc(input.VpcId);
      for (const other of state.securityGroups.values())
        if (other.VpcId === VpcId && other.GroupName === GroupName)
          throw new AwsError(
            "InvalidGroup.Duplicate",
            `The security group '${GroupName}' already exists for VPC '${VpcId}'`,
          );
      const GroupId = state.newId("sg");
      const Tags = tagsFor(input.TagSpecifications, "security-group");
      addSecurityGroup(state, { GroupId, GroupName, Description, VpcId, Tags });
      return { GroupId, Tags };
    },

    DeleteSecurityGroup(input: Ec2.DeleteSecurityGroupRequest): Ec2.DeleteSecurityGroupResult {
      if (!input.GroupId && input.GroupName)
        throw new AwsError("InvalidParameterCombination", "Group names are for the default VPC only: give its id");
      const { GroupId = "", GroupName } = state.getSecurityGroup(input.GroupId);
      if (GroupName === "default")
        throw new AwsError(
          "CannotDelete",
          `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`,
        );
      const isNamed = [...state.securityGroups.values()].some(
        (other) =>
          other.GroupId !== GroupId &&
          [...(other.IpPermissions ?? []), ...(other.IpPermissionsEgress ?? [])].some(({ UserIdGroupPairs }) =>
            UserIdGroupPairs?.some((pair) => pair.GroupId === GroupId),
          ),
      );
      if (isNamed || state.isUsed(GroupId))
        throw new AwsError("DependencyViolation", `resource ${GroupId} has a dependent object`);
      state.securityGroups.delete(GroupId);
      return { Return: true, GroupId };
    },

    AuthorizeSecurityGroupIngress(
      input: Ec2.AuthorizeSecurityGroupIngressRequest,
    ): Ec2.AuthorizeSecurityGroupIngressResult {
      const group = state.getSecurityGroup(input.GroupId);
      const asked = input.IpPermissions ?? [simplePermission(input)];
      for (const permission of asked) {
        checkPermission(state, permission);
        const key = keyOf(permission);
        if (group.IpPermissions?.some((known) => keyOf(known) === key))
          throw new AwsError("InvalidPermission.Duplicate", "the specified rule already exists");
        group.IpPermissions?.push(permission);
      }
      return { Return: true };
    },

    RevokeSecurityGroupIngress(input: Ec2.RevokeSecurityGroupIngressRequest): Ec2.RevokeSecurityGroupIngressResult {
      const group = state.getSecurityGroup(input.GroupId);
      for (const permission of input.IpPermissions ?? [simplePermission(input)]) {
        const key = keyOf(permission);
        if (!group.IpPermissions?.some((known) => keyOf(known) === key))
          throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
        group.IpPermissions = group.IpPermissions.filter((known) => keyOf(known) !== key);
      }
      return { Return: true };
    },

    DescribeSecurityGroups(input: Ec2.DescribeSecurityGroupsRequest): Ec2.DescribeSecurityGroupsResult {
      if (input.GroupNames?.length)
        throw new AwsError(
          "InvalidParameterCombination",
          "Group names are for the default VPC only: use the filter group-name",
        );
      const filters = {
        "vpc-id": (group: Ec2.SecurityGroup) => group.VpcId,
        "group-id": (group: Ec2.SecurityGroup) => group.GroupId,
        "group-name": (group: Ec2.SecurityGroup) => group.GroupName,
      };
      const find = (id: string) => state.getSecurityGroup(id);
      const { items, NextToken } = select(state.securityGroups, input.GroupIds, input, filters, find);
      return { SecurityGroups: items, NextToken };
    },
  };
}

/** A group without rules for what comes in. */
export function addSecurityGroup(
  state: Ec2State,
  given: Pick<Ec2.SecurityGroup, "GroupName" | "Description" | "VpcId" | "Tags"> & { GroupId: string },
): Ec2.SecurityGroup {
  const OwnerId = state.base.place.accountId;
  const group: Ec2.SecurityGroup = { ...given, OwnerId, IpPermissions: [], IpPermissionsEgress: [{ ...ALL_OUT }] };
  state.securityGroups.set(given.GroupId, group);
  return group;
}

/** The group that every VPC has: its members reach each other. */
export function newDefaultGroup(state: Ec2State, VpcId: string): void {
  const GroupId = state.newId("sg");
  const group = addSecurityGroup(state, {
    GroupId,
    GroupName: "default",
    Description: "default VPC security group",
    VpcId,
  });
  group.IpPermissions?.push({ IpProtocol: "-1", IpRanges: [], UserIdGroupPairs: [{ GroupId }] });
}

function simplePermission(input: {
  IpProtocol?: string;
  FromPort?: number;
  ToPort?: number;
  CidrIp?: string;
}): Ec2.IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIp } = input;
  if (IpProtocol === undefined) throw new AwsError("MissingParameter", "Missing IpPermissions or source for the rule");
  return { IpProtocol, FromPort, ToPort, IpRanges: CidrIp === undefined ? [] : [{ CidrIp }], UserIdGroupPairs: [] };
}

function checkPermission(state: Ec2State, permission: Ec2.IpPermission): void {
  const { IpProtocol, FromPort, ToPort, IpRanges = [], UserIdGroupPairs = [], Ipv6Ranges = [] } = permission;
  if (
    IpProtocol !== "-1" &&
    !(FromPort !== undefined && ToPort !== undefined && FromPort <= ToPort && ToPort <= 65_535)
  )
    throw new AwsError(
      "InvalidParameterValue",
      `Invalid value for portRange. Must specify both from and to ports with TCP/UDP.`,
    );
  if (IpRanges.length + UserIdGroupPairs.length + Ipv6Ranges.length === 0)
    throw new AwsError("MissingParameter", "Missing IpPermissions or source for the rule");
  for (const { CidrIp = "" } of IpRanges)
    if (!/^(?:\d{1,3}\.){3}\d{1,3}\/(?:\d|[12]\d|3[0-2])$/.test(CidrIp))
      throw new AwsError("InvalidParameterValue", `CIDR block ${CidrIp} is malformed`);
  for (const { GroupId } of UserIdGroupPairs) state.getSecurityGroup(GroupId);
}

function keyOf({
  IpProtocol,
  FromPort,
  ToPort,
  IpRanges = [],
  UserIdGroupPairs = [],
  Ipv6Ranges = [],
}: Ec2.IpPermission) {
  const sources = [
    ...IpRanges.map(({ CidrIp }) => CidrIp),
    ...UserIdGroupPairs.map(({ GroupId }) => GroupId),
    ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
  ];
  return [IpProtocol, FromPort, ToPort, ...sources.toSorted()].join(" ");
}
