export const check = {
  balancerNotOut: "로드 밸런서의 보안 그룹에 태스크의 {port} 포트로 나가는 규칙이 없습니다",
  tasksOut: "태스크의 보안 그룹에서 443 포트로 AWS 서비스에 나갈 수 있습니다",
  tasksOutToGroups:
    "확인할 수 없음: 태스크의 보안 그룹은 443 포트로 {groups} 쪽에만 나갈 수 있고 그 뒤에 무엇이 있는지 알 수 없습니다",
  tasksNotOut: "태스크의 보안 그룹에 443 포트로 나가는 규칙이 없어 ECR과 로그에 닿지 못합니다",
  tasksNotToDatabase: "태스크의 보안 그룹에 {group} 쪽 {port} 포트로 나가는 규칙이 없습니다",
  entranceOpen: "로드 밸런서의 {port} 포트가 열려 있는 대상: {from}",
  entranceClosed: "로드 밸런서의 {port} 포트에 들어올 수 있는 규칙이 없습니다",
  wideRule: "{group}: {from} 쪽에서 태스크로 {ports} 범위가 열려 있습니다. 필요한 포트 하나만 여세요",
  gatewayNotRouted: "{name} 게이트웨이 엔드포인트가 {subnets}의 라우팅 테이블에 없습니다",
  endpointWithoutName: "{name} 엔드포인트에 프라이빗 DNS 이름이 없어 태스크가 찾지 못합니다",
  endpointClosed: "{name} 엔드포인트({groups})에 태스크가 443 포트로 들어갈 수 없습니다",

  pathAnswered: "{group}: {path} 경로를 확인하고 이미지가 응답합니다. 정상 대상 {healthy}개",
  pathMismatch: "{group}: {path} 경로에서 {matcher} 응답을 기대합니다: {why}",
  pathUnanswered: "{group}: {path} 경로에 응답이 없습니다: {why}",
  pathSame: "{group}: {path} 경로를 확인하며 컨테이너의 상태 확인과 같습니다",
  pathOther: "{group}: {path} 경로를 확인하는데 컨테이너의 상태 확인은 {own} 경로입니다",
  pathNotAsked: "확인할 수 없음: {group}: {path} 경로에 아직 응답한 대상이 없습니다",
  healthPortOther: "{group}: 상태 확인 포트는 {healthPort}, 태스크의 포트는 {port}입니다",
  vpcOther: "{group}: 대상 그룹의 VPC는 {vpc}, 태스크 서브넷의 VPC는 {other}입니다",

  platformFits: "최신 이미지의 플랫폼: {platforms}. 태스크에서 실행할 수 있습니다",
  platformProblem:
    "최신 이미지의 플랫폼은 {platforms}, 태스크의 플랫폼은 {wanted}이므로 exec format error로 종료됩니다",
  platformNamed: "최신 이미지의 플랫폼: {platforms}",
  platformNotRead: "이미지의 플랫폼을 읽지 못했습니다 (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer)",

  certificateGood: "{domain} 인증서는 {day}까지 유효합니다",
  certificateEnds:
    "{domain} 인증서가 {day}에 만료됩니다({days}일 남음). ACM은 DNS 레코드로 도메인이 확인되는 인증서만 갱신합니다",
  certificateEnded: "{domain} 인증서가 {day}에 만료되었습니다",
  certificateStatus: "{domain} 인증서의 상태: {status}",
  certificateOther: "확인할 수 없음: ACM 인증서가 아니어서 만료일을 알 수 없습니다: {arn}",

  mayDepends: "확인할 수 없음: 실행 역할의 {action} 권한({resource})은 시뮬레이터가 모르는 조건에 달려 있습니다",
  secretOfManager: "확인할 수 없음: Switchyard는 Secrets Manager를 읽지 않습니다: {name}",

  ownTried: "IAM 시뮬레이터를 쓸 수 없습니다({why}). 이번 확인에서 AWS가 응답한 읽기: {count}건",
  ownDenied: "AWS가 거부한 작업: {actions}",
  ownConditions: "확인할 수 없음: 정책이 시뮬레이터가 모르는 조건에 달려 있습니다: {actions}",
  ownNotTried: "확인할 수 없음: 시도하지 않은 작업입니다. 무언가를 바꾸는 작업은 시험하지 않습니다: {actions}",
} as const;
