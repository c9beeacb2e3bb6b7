/** What readiness checks find. */
export const check = {
  balancerNotOut: "no rule of the load balancer's security groups lets it out to port {port} of the tasks",
  tasksOut: "the tasks' security groups let them out to AWS's services on port 443",
  tasksOutToGroups:
    "could not look: the tasks' security groups let them out on port 443 to {groups} alone, and what is behind is not known",
  tasksNotOut: "no rule of the tasks' security groups lets them out on port 443, so they reach neither ECR nor logs",
  tasksNotToDatabase: "no rule of the tasks' security groups lets them out to {group} on port {port}",
  entranceOpen: "port {port} of the load balancer is open to {from}",
  entranceClosed: "no rule lets anybody reach port {port} of the load balancer",
  wideRule: "{group} lets {from} reach the tasks on {ports}: open the one port that is needed",
  wideEntrance: "{group} opens {ports} of the load balancer to everybody: open only the ports that it listens on",
  groupsOfInstances: "could not look: the tasks have no security groups of their own, only those of their instances",
  gatewayNotRouted: "the gateway endpoint for {name} is in no route table of {subnets}",
  endpointWithoutName: "the endpoint for {name} has no private DNS name, so the tasks do not find it",
  endpointClosed: "the endpoint for {name} ({groups}) does not let the tasks in on port 443",

  pathAnswered:
    "{group} asks {path}, and the image answers it: {healthy, plural, one {# healthy target} other {# healthy targets}}",
  pathMismatch: "{group} asks {path} and wants {matcher}: {why}",
  pathUnanswered: "{group} asks {path} and gets no answer: {why}",
  pathSame: "{group} asks {path}, as the container's own health check does",
  pathOther: "{group} asks {path}, and the container's own health check asks {own}",
  pathNotAsked: "could not look: {group} asks {path}, and no target has answered yet",
  healthPortOther: "{group} asks port {healthPort}, and the tasks listen on {port}",
  groupElsewhere: "{group} is behind another load balancer: no listener or rule of {balancer} leads to it",
  groupPortOther:
    "{group} has port {port}, and the container listens on {listens}. ECS registers tasks with the container's port, so that only targets registered by hand take {port}",
  vpcOther: "{group} is in {vpc}, and the tasks' subnets are in {other}",

  platformFits: "the newest image was built for {platforms}, which the tasks run on",
  platformProblem:
    "the newest image was built for {platforms}, and the tasks run on {wanted}: they end with exec format error",
  platformNamed: "the newest image was built for {platforms}",
  imagePlatform:
    "its image {tag} was built for {platforms}, and its tasks run on {wanted}: they end with exec format error",
  platformNotRead: "what the image was built for could not be read (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer)",

  redirectGood: "HTTP:80 redirects to HTTPS on port {port}",
  redirectNowhere: "HTTP:80 redirects to HTTPS on port {port}, where no listener speaks it",
  redirectCircle: "HTTP:80 redirects to itself: browsers give up",
  redirectPlain: "HTTP:80 redirects to HTTP on port {port}, and not to HTTPS",
  plainServes: "HTTP:80 serves requests in the clear instead of redirecting to HTTPS on port {port}",
  certificateGood: "the certificate for {domain} is good until {day}",
  certificateEnds:
    "the certificate for {domain} ends on {day}, in {days, plural, one {# day} other {# days}}: ACM renews only those whose DNS record still proves the domain",
  certificateEnded: "the certificate for {domain} ended on {day}",
  certificateStatus: "the certificate for {domain} is {status}",
  certificateOther: "could not look: {arn} is not a certificate of ACM, so nobody can see when it ends",

  mayDepends:
    "could not look: whether the execution role may {action} on {resource} depends on conditions that the simulator was not told of",
  secretOfNeither: "could not look: {name} is neither a parameter nor a secret of Secrets Manager",
  secretThere: "{name} is in Secrets Manager",
  secretMissing: "there is no secret {name}",
  secretDeleted: "{name} is marked for deletion: no task can read it",
  secretUnlisted: "could not look: whether the version of {name} is there, AWS lists those with labels alone",
  secretNoVersion: "{name} does not have the version that is read",

  nothingHere:
    "nothing that switchyard.yaml names is in {region} of account {account}: check AWS_REGION, region and account in switchyard.yaml, and the credentials",
  ownTried:
    "IAM's simulator could not be asked ({why}). AWS answered {count, plural, one {# read} other {# reads}} of this look",
  ownDenied: "AWS denied {actions}",
  ownConditions:
    "could not look: whether its policies allow {actions} depends on conditions that the simulator was not told of",
  ownNotTried: "could not look: nobody asked AWS for {actions}, and what changes something is not tried",
  namesThere: "{repository} has {names}",
  namesMissing: "{repository} has no variable or secret {names}",
  accessKeyKept: "{repository} keeps {name}, a key that does not end: the role takes its place",
  repositoryHidden: "could not look: GitHub does not show {repository} to the token",
  branchMissing: "{repository} has no branch {branch}, or the token may not see it",
  branchProtected: "the branch {branch} of {repository} is protected",
  branchOpen: "the branch {branch} of {repository} is not protected: whoever may push deploys",
  runMissing: "{workflow} of {repository} has not run on {branch}, or the token may not see it",
  runUnderWay: "{workflow} of {repository} is {status} on {branch}",
  runGood: "{workflow} of {repository} succeeded on {branch} on {day}",
  runBad: "{workflow} of {repository} ended with {conclusion} on {branch} on {day}",
} as const;
