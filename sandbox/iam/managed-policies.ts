/** AWS's own policies that the seeded world and the templates attach, with what matters of their documents. */
export const MANAGED_POLICIES: Readonly<Record<string, string>> = {
  "arn:aws:iam::aws:policy/AdministratorAccess": allow("*"),
  "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy": allow(
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ),
  "arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS": allow("ecs:*", "elasticloadbalancing:*", "lambda:InvokeFunction"),
  "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers": allow("elasticloadbalancing:*"),
  "arn:aws:iam::aws:policy/ReadOnlyAccess": allow("*:Describe*", "*:Get*", "*:List*"),
};

function allow(...Action: string[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
}
