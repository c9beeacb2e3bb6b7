"""What a deployment tool does with boto3, from an empty account to a moved listener and back to nothing.

Prints one JSON document of what it read. Everything comes from the environment.
"""

import json

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CONFIG = Config(retries={"total_max_attempts": 1})


def client(name):
    return boto3.client(name, config=CONFIG)


ecs, elb, ecr, logs, ec2 = (client(name) for name in ("ecs", "elbv2", "ecr", "logs", "ec2"))
told = {}

vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
subnets = [
    ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=zones[n])["Subnet"]["SubnetId"]
    for n in range(2)
]

repository = ecr.create_repository(repositoryName="shop", tags=[{"Key": "team", "Value": "shop"}])["repository"]
try:
    ecr.get_lifecycle_policy(repositoryName="shop")
except ClientError as error:
    told["lifecycle"] = error.response["Error"]["Code"]
told["tags"] = ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
image = json.dumps({"schemaVersion": 2, "layers": [{"size": 1}]})
ecr.put_image(repositoryName="shop", imageManifest=image, imageTag="1.0.0")

logs.create_log_group(logGroupName="/ecs/shop", logGroupClass="STANDARD")
ecs.create_cluster(clusterName="shop", settings=[{"name": "containerInsights", "value": "enhanced"}])
told["settings"] = ecs.describe_clusters(clusters=["shop"], include=["SETTINGS"])["clusters"][0]["settings"]

balancer = elb.create_load_balancer(Name="shop", Scheme="internal", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
elb.get_waiter("load_balancer_available").wait(
    LoadBalancerArns=[balancer], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
)
groups = {
    color: elb.create_target_group(
        Name=f"shop-{color}", Protocol="HTTP", Port=8081, VpcId=vpc, TargetType="ip", HealthCheckPath="/health"
    )["TargetGroups"][0]["TargetGroupArn"]
    for color in ("blue", "green")
}


def forward(blue, green):
    tuples = [
        {"TargetGroupArn": groups["blue"], "Weight": blue},
        {"TargetGroupArn": groups["green"], "Weight": green},
    ]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": tuples}}]


listener = elb.create_listener(
    LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward(1, 0)
)["Listeners"][0]["ListenerArn"]
definition = ecs.register_task_definition(
    family="shop",
    requiresCompatibilities=["FARGATE"],
    networkMode="awsvpc",
    cpu="256",
    memory="512",
    executionRoleArn="arn:aws:iam::123456789012:role/shop-execution",
    containerDefinitions=[
        {
            "name": "shop",
            "image": f"{repository['repositoryUri']}:1.0.0",
            "portMappings": [{"containerPort": 8081}],
        }
    ],
)["taskDefinition"]["taskDefinitionArn"]
ecs.create_service(
    cluster="shop",
    serviceName="shop-blue",
    taskDefinition=definition,
    desiredCount=1,
    launchType="FARGATE",
    networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
    loadBalancers=[{"targetGroupArn": groups["blue"], "containerName": "shop", "containerPort": 8081}],
)
wait = {"Delay": 1, "MaxAttempts": 60}
ecs.get_waiter("services_stable").wait(cluster="shop", services=["shop-blue"], WaiterConfig=wait)
elb.get_waiter("target_in_service").wait(TargetGroupArn=groups["blue"], WaiterConfig=wait)

elb.modify_listener(ListenerArn=listener, DefaultActions=forward(90, 10))
actions = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]
told["weights"] = [group["Weight"] for group in actions[0]["ForwardConfig"]["TargetGroups"]]
pages = ecs.get_paginator("list_tasks").paginate(cluster="shop", PaginationConfig={"PageSize": 1})
told["tasks"] = len([arn for page in pages for arn in page["taskArns"]])

ecs.update_service(cluster="shop", service="shop-blue", desiredCount=0)
ecs.delete_service(cluster="shop", service="shop-blue", force=True)
ecs.get_waiter("services_inactive").wait(cluster="shop", services=["shop-blue"], WaiterConfig=wait)
elb.delete_listener(ListenerArn=listener)
elb.delete_load_balancer(LoadBalancerArn=balancer)
for arn in groups.values():
    elb.delete_target_group(TargetGroupArn=arn)
ecs.deregister_task_definition(taskDefinition=definition)
told["deleted"] = ecs.delete_task_definitions(taskDefinitions=[definition])["taskDefinitions"][0]["status"]
ecr.delete_repository(repositoryName="shop", force=True)
try:
    elb.describe_target_groups(TargetGroupArns=["nonsense"])
except ClientError as error:
    told["refused"] = error.response["Error"]["Code"]
print(json.dumps(told))
