/** Why an application's names cannot be found in AWS; put into words on the server. */
export const resolve = {
  otherRegion: "{name} is in {region}, and was looked for in {here}",
  testMoves:
    "Test traffic of {name} would come by {way}, which moves with a switch: name another testListener or testRule",
  testRuleDefault: "testRule of {name} is the default action of {listener}",
  smokeElsewhere: "The smoke check of {name} would not come to {way}: {why}",
  notAmongPaths: "{path} is not among the paths that it takes ({takes})",
  notAmongHosts: "{host} is not among the hosts that it takes ({takes})",
  noHeader: "no header can be told from what it takes ({takes})",
  noQuery: "no query can be told from what it takes ({takes})",
  noGet: "it does not take GET ({takes})",
  incomplete: "{name} names no listener, blue or green",
  notNative:
    "{service} has the deployment controller {controller} and the strategy {strategy}; ecs-native needs ECS with BLUE_GREEN, LINEAR or CANARY",
  noPair: "{service} has no load balancer entry with an alternate target group: ECS has nothing to switch between",
  notAnswered: "{service} was asked for and not answered",
  notCodeDeploy: "{service} has the deployment controller {controller}; code-deploy needs CODE_DEPLOY",
  noGroup:
    "No CodeDeploy deployment group deploys {service} in {cluster}: create one, or name it with codeDeploy: '{' application, group '}'",
  groupDeploysOther: "The deployment group {group} deploys {other} in {otherCluster}, not {service} in {cluster}",
  groupDeploysNothing: "The deployment group {group} deploys no ECS service, not {service} in {cluster}",
  groupWithoutPair: "The deployment group {group} names no pair of target groups with a production listener",
  groupNamesMissing: "The deployment group {group} names the target group {targetGroup}, which does not exist",
  noListener: "{name} names no listener",
  noRule: "{listener} has no rule {rule}",
  noPriority: "{listener} has no rule with priority {priority}",
  noPort: "{loadBalancer} has no listener on port {port}; it has {ports}",
  none: "none",
  otherCluster: "{service} is in cluster {cluster}, and the application in {own}",
  network:
    "{name} is a network load balancer, whose listeners only ECS and CodeDeploy move: name a listener of an application load balancer, or let them drive (ecs-native, code-deploy)",
  noneTagged:
    "No {kind, select, service {service in cluster {cluster}} group {target group} other {load balancer}} has the tags {tags}",
  severalTagged:
    "{count} {kind, select, service {services in cluster {cluster}} group {target groups} other {load balancers}} have the tags {tags}: {names}. Name one of them, or add a tag that only one has",
  lookedUp: "Its names are being looked up in AWS",
  notBuilt: "The controller {controller} is not built yet: use paired-services",
} as const;
