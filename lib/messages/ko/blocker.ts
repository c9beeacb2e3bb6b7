export const blocker = {
  alreadyLive: "{to} 쪽이 이미 운영 중입니다",
  nothingToDo: "할 일이 없습니다",
  acknowledgeDrift: "내용을 살펴본 뒤 확인 처리하세요. Switchyard는 AWS의 현재 값에서 이어 갑니다",
  listenerDrift: "{name} 설정이 예상과 다릅니다: {drift}",
  putBackOrConfig: "리스너의 forward 액션을 두 대상 그룹으로 되돌리거나 switchyard.yaml을 고치세요",
  putForwardBack: "리스너의 forward 액션을 두 대상 그룹으로 되돌리세요",
  noWeight: "{name}에서 가중치가 0보다 큰 쪽이 없어 운영 중인 쪽이 없습니다",
  giveWeight: "먼저 AWS에서 한쪽에 가중치를 주세요",
  split: "트래픽이 나뉘어 있습니다: blue 가중치 {blue}, green 가중치 {green}",
  endSplit: "한쪽의 가중치를 0으로 내리거나, 트래픽을 나눈 배포를 롤백하세요",
  staleSource: "AWS의 {source} 정보가 {seconds}초 전 것입니다",
  staleSourceWhy: "AWS의 {source} 정보가 {seconds}초 전 것입니다: {why}",
  waitForSource: "다시 응답할 때까지 기다리세요",
  staleLook: "가장 최근의 AWS 관측이 {seconds}초 전 것입니다",
  waitForLook: "다음 관측을 기다리세요",
  rollingOut: "ECS가 아직 {to} 쪽을 롤아웃하고 있습니다 (태스크 {desired}개 중 {running}개 실행 중)",
  waitForRollout: "롤아웃이 끝날 때까지 기다리세요",
  healthyOf: "{to} 쪽의 대상 {targets}개 중 {healthy}개가 정상입니다",
  healthyOfWhy: "{to} 쪽의 대상 {targets}개 중 {healthy}개가 정상입니다: {why}",
  nameInForward:
    "{group} 대상 그룹을 가리키는 규칙이 없어 대상의 상태를 검사하지 않습니다. forward 액션에 가중치 0으로 넣으세요",
  readLogsOfUnhealthy: "{to} 쪽의 로그를 확인하세요. 모든 대상이 정상이면 전환할 수 있습니다",
  tooSmall: "{to} 쪽의 정상 대상이 {healthy}개이며, {minimum}개가 필요합니다",
  scaleUpTo: "{to} 쪽을 {minimum}개로 늘리세요",
  notStableTime: "{side} 쪽 {target}: {healthyFor}",
  notStableLooks: "{side} 쪽 {target}: 관측 {checks}회 중 {seen}회만 정상이었습니다",
  notStableSinceWrite: "{side} 쪽 {target}: 리스너나 서비스를 마지막으로 바꾼 뒤 정상 관측이 {checks}회에 못 미칩니다",
  waitStable: "기다리세요. {group} 상태 검사에서 {every}초 간격으로 {checks}회 동안 정상이어야 합니다",
  waitForLooks: "다음 관측을 기다리세요",
  onSide: "{side} 쪽: {what}",
  readLogsOfFlapping: "{to} 쪽의 로그를 확인하세요. 대상이 계속 정상이면 전환할 수 있습니다",
  inFlight: "{to} 쪽 {kind, select, RELEASE {배포가} SWITCH {전환이} other {롤백이}} 진행 중입니다 ({doing})",
  waitRollBackAbort: "끝날 때까지 기다리거나 롤백 또는 중단하세요",
  askedForNothing: "{side} 쪽의 원하는 태스크 수가 0입니다",
  runsNothing: "{side} 쪽에서 실행 중인 것이 없습니다",
  deployFirst: "먼저 {to} 쪽에 배포하세요",
  noTarget: "{group} 대상 그룹에 등록된 대상이 없습니다. {to} 쪽에 가중치를 주면 모든 요청이 503으로 응답됩니다",
  waitRegisteredOrEvents: "{to} 쪽의 태스크가 등록될 때까지 기다리거나 서비스 이벤트를 확인하세요",
  waitRegistered: "{to} 쪽의 태스크가 등록될 때까지 기다리세요",

  backTooSmall: "{to} 쪽의 정상 대상이 {healthy}개입니다. 트래픽을 되돌리려면 {minimum}개가 필요합니다",
  readLogsOfOld: "{to} 쪽의 로그를 확인하세요. 정상이 되면 롤백할 수 있습니다",
  nothingToStart: "{to} 쪽에 시작할 것이 없습니다",
  deployInstead: "대신 배포하세요",
  nothingSwitched: "Switchyard가 전환한 것이 없어 롤백할 것이 없습니다",
  useSwitch: "전환으로 쪽을 선택하세요",
  rolledBackAlready: "트래픽을 이미 {back} 쪽으로 롤백했습니다",
  useSwitchTo: "{to} 쪽으로 가려면 전환을 사용하세요",
  movedSince:
    "Switchyard가 마지막으로 트래픽을 {to} 쪽으로 옮긴 뒤 다른 누군가가 옮겼습니다. 지금은 {live} 쪽이 운영 중입니다",
  movedSinceNoneLive:
    "Switchyard가 마지막으로 트래픽을 {to} 쪽으로 옮긴 뒤 다른 누군가가 옮겼습니다. 지금은 운영 중인 쪽이 없습니다",
  rollbackGoing: "{to} 쪽으로 이미 롤백하고 있습니다",
  shiftedNothing:
    "{to} 쪽 {kind, select, RELEASE {배포는} SWITCH {전환은} other {롤백은}} 아직 트래픽을 옮기지 않았습니다",
  waitEnded: "끝날 때까지 기다리세요",
  abortInstead: "대신 중단하세요",
  abortAwsInstead: "대신 중단하세요. AWS가 배포를 롤백하고 {to} 쪽의 태스크를 종료합니다. {from} 쪽은 계속 운영됩니다",

  nothingInFlight: "진행 중인 배포가 없습니다",
  endingAlready:
    "{to} 쪽 {kind, select, RELEASE {배포는} SWITCH {전환은} other {롤백은}} 이미 끝나고 있습니다: {doing}",
  noEndToMove: "관찰 시간 중인 배포도, 롤백 가능 시간도 없어 늘릴 수 있는 것이 없습니다",
  notWaiting: "운영 트래픽을 옮기기 전에 기다리는 배포가 없습니다",
  keptUntilBakeEnds: "{side} 쪽은 관찰 시간이 끝날 때까지 롤백을 위해 유지됩니다",
  keptUntil: "{side} 쪽은 {until}까지 롤백을 위해 유지됩니다",
  waitWindow: "롤백 가능 시간이 끝날 때까지 기다리세요",
  noneEnded: "끝난 배포가 없어 종료할 이전 쪽이 없습니다",
  noIdleSide: "트래픽을 받지 않는 쪽을 알 수 없어 종료하지 않습니다",
  oneSideToZero: "먼저 한쪽의 가중치를 0으로 내리세요",
  runsNothingAlready: "{side} 쪽에는 이미 실행 중인 것이 없습니다",
  keptUntilProven: "{side} 쪽은 전환이 검증될 때까지 유지됩니다. {note}",
  switchedNotProven: "전환했으나 검증되지 않았습니다",
  letServe: "{to} 쪽으로 요청을 보내세요. 검증을 계속 기다리고 있습니다",
  noneLeftBehind: "끝난 전환이나 배포가 남긴 이전 쪽이 없습니다",
  notProven: "전환이 검증되지 않았습니다",
  retireYourself: "확실하면 {side} 쪽을 직접 종료하세요",

  noPauseHook:
    "배포에 승인 {approvers}건이 필요하지만 서비스에 운영 전환 전 PAUSE 훅이 없습니다. ECS가 승인 전에 트래픽을 옮기게 됩니다",
  givePauseHook:
    "서비스에 타임아웃 동작이 ROLLBACK인 PAUSE 훅을 POST_TEST_TRAFFIC_SHIFT 또는 PRE_PRODUCTION_TRAFFIC_SHIFT에 추가하세요",
  groupReroutes:
    "배포에 승인 {approvers}건이 필요하지만 배포 그룹이 트래픽을 스스로 옮깁니다. CodeDeploy가 승인 전에 트래픽을 옮기게 됩니다",
  giveReadyWait:
    "그룹이 기다리게 하세요. deploymentReadyOption의 actionOnTimeout을 STOP_DEPLOYMENT로 하고 대기 시간을 지정하세요",
  pauseHookGoesOn:
    "배포에 승인 {approvers}건이 필요하지만 {stages} 단계의 PAUSE 훅은 응답이 없으면 계속 진행합니다. ECS가 승인 없이 트래픽을 옮기게 됩니다",
  giveRollbackAction: "PAUSE 훅의 타임아웃 동작을 ROLLBACK으로 바꾸세요",

  rolledBackBySwitchyard: "{version} 버전은 Switchyard가 롤백했으며 아직 아무도 확인하지 않았습니다: {breach}",
  thisVersion: "이",
  personAcknowledges: "사람이 보드에서 확인하거나 직접 배포하세요. 그 뒤에는 파이프라인도 배포할 수 있습니다",

  awsKnowsNoneServes: "{name}의 두 그룹 모두 가중치가 없어 AWS가 운영 중인 쪽을 알 수 없습니다",
  awsRefusesSplit: "{name}의 두 그룹 모두 가중치가 있습니다 (blue {blue}, green {green}). AWS가 배포를 거부합니다",
  awsPrimaryElsewhere:
    '{name}의 트래픽은 모두 {live} 쪽으로 가지만 서비스의 primary 태스크 세트는 {primary} 쪽입니다. CodeDeploy가 "Primary taskset target group must be behind listener" 오류로 실패하게 됩니다',
  awsServesElsewhere:
    "{name}의 트래픽은 모두 {live} 쪽으로 가지만 서비스의 리비전은 {other} 쪽에 있습니다. ECS가 새 버전을 운영 중인 그룹에 등록하게 됩니다",
  awsLiveUnhealthy: "{name}의 트래픽은 모두 {live} 쪽으로 가지만 정상 대상이 없습니다",
  putBackToAws: "{name} 설정을 AWS가 남긴 상태로 되돌린 뒤 다시 확인하세요",
  readLogsOfLive: "{live} 쪽의 로그를 확인하고 먼저 복구하세요",
  codeDeployNothingWaits: "CodeDeploy는 자체 배포 안에서 트래픽을 옮기며, 지금 사람을 기다리는 배포가 없습니다",
  codeDeployWaitHere:
    "배포하세요. 배포 그룹이 트래픽을 옮기기 전에 기다리거나 이전 태스크 세트를 유지하면, 그 대기를 여기서 끝냅니다",
  awsNothingWaits: "AWS는 자체 배포 안에서 트래픽을 옮기며, 지금 사람을 기다리는 배포가 없습니다",
  awsGateHere: "배포하세요. 서비스에 PAUSE 훅이 있으면 그 게이트에 여기서 응답합니다",
  codeDeployNotExtendable: "CodeDeploy의 종료 대기 시간은 바꿀 수 없습니다",
  codeDeployLonger: "배포 그룹의 대기 시간을 늘리세요(최대 48시간). 다음 배포부터 적용됩니다",
  awsNotExtendable: "AWS의 관찰 시간은 끝을 바꿀 수 없습니다",
  awsPauseAfter: "POST_PRODUCTION_TRAFFIC_SHIFT의 PAUSE 훅은 롤백 가능 시간을 최대 14일까지 유지합니다",

  closed: "{kind, select, freezeWindow {배포 동결 시간} other {배포 제한 시간}} {name}, {until}까지",
  closedNoEnd: "{kind, select, freezeWindow {배포 동결 시간} other {배포 제한 시간}} {name}, 끝이 정해지지 않음",
  waitForEnd: "끝날 때까지 기다리세요. 롤백은 그동안에도 할 수 있습니다",

  definitionElsewhere:
    "{reference}: 계정 {account}, {region}에 있지만 {name} 애플리케이션은 계정 {ownAccount}, {ownRegion}에 있습니다",
  registerInOwn: "태스크 정의를 애플리케이션과 같은 계정과 리전에 등록하세요",
  taskDefinitionIs: "taskDefinition 값이 {reference}입니다",
  giveTaskDefinition: "taskDefinition에 family:revision 또는 태스크 정의의 ARN을 지정하세요",
  familyNotRun: "{name} 애플리케이션은 {family} 패밀리의 태스크 정의를 실행하지 않습니다. 실행 중인 패밀리: {families}",
  familyNoneRun:
    "{name} 애플리케이션은 {family} 패밀리의 태스크 정의를 실행하지 않습니다. 아직 실행한 패밀리가 없습니다",
  listFamily:
    "이 애플리케이션의 것이라면 switchyard.yaml에서 {name} 항목의 taskDefinitionFamilies에 {family} 값을 추가하세요",
  noRepositoryOf: "{repository} 리포지토리는 {name} 애플리케이션의 것이 아닙니다. 허용된 리포지토리: {repositories}",
  noRepository: "{repository} 리포지토리는 {name} 애플리케이션의 것이 아닙니다. 허용된 리포지토리가 없습니다",
  listRepository: "이 애플리케이션의 것이라면 switchyard.yaml에서 {name} 항목의 imageRepositories에 추가하세요",

  imageDeleted: "{to} 쪽을 {version} 버전으로 시작할 수 없습니다. 이미지가 ECR에서 삭제되었습니다",
  pushAgain: "같은 이미지를 다시 푸시하거나 이미지가 있는 버전을 배포하세요",
  definitionGone: "{to} 쪽을 {version} 버전으로 시작할 수 없습니다. 태스크 정의 {definition}의 상태가 {status}입니다",
  deployAnewVersion: "이 버전을 다시 배포하세요",

  neverApproved: "{to} 쪽이 실행하는 {version} 버전은 승인된 적이 없습니다: {why}",
  deployAnewApproved: "다시 배포하고 승인을 받으세요",
  whyRejected: "{at}에 {by} 님이 거부했습니다",
  whyRejectedComment: "{at}에 {by} 님이 거부했습니다 ({comment})",
  somebody: "알 수 없는 사용자",
  whyExpired: "{at}에 승인 기한이 지났습니다 ({count})",
  whyEnded: "{at}에 배포가 끝났습니다 ({count})",
  whyEndedReason: "{at}에 배포가 끝났습니다 ({count}, {reason})",

  stillServed: "{ways}: {side} 쪽으로 트래픽을 보내고 있습니다 ({count}곳)",
  pointElsewhere:
    "먼저 {count}곳을 {other} 쪽으로 돌리거나, switchyard.yaml의 rules: 또는 listeners:에 추가해 전환과 함께 옮기게 하세요",
  waysMaySend: "다른 리스너나 규칙이 {side} 쪽으로 요청을 보낼 수 있습니다: {problem}",
  waysMayStay: "다른 리스너나 규칙이 그대로 남을 수 있습니다: {problem}",
  waysUnread: "아직 읽지 않았습니다",
  waitForWays:
    "읽을 수 있을 때까지 기다리세요. Switchyard에 elasticloadbalancing:DescribeTargetGroups, DescribeListeners, DescribeRules 권한이 필요합니다",
  definitionHeld: "{definition}의 상태는 {status}입니다. {side} 쪽이 아직 사용 중이므로 태스크 수만 늘립니다",
  definitionCopied: "{definition}의 상태는 {status}입니다. 먼저 사본을 등록합니다",
  groupUnused: "{group}을(를) 가리키는 규칙이나 기본 동작이 없어 로드 밸런서가 {to} 쪽 대상을 확인하지 않습니다",
  putGroupThere: "가중치 0으로 넣으세요. 요청은 이동하지 않습니다: {commands}",
  ownerMoves:
    "{driver}가 {owner, select, group {배포 그룹} other {서비스}}의 설정에 따라 트래픽을 이동하므로 배포 방식을 선택할 수 없습니다",
  changeOwner:
    "rollout을 빼세요. 다르게 이동하려면 {owner, select, group {배포 그룹} other {서비스}}의 설정을 바꾸세요",
  tagMovedCopied: "태그 {tag}이(가) 이제 다른 이미지를 가리킵니다. 먼저 실행했던 이미지({digest})의 사본을 등록합니다",
} as const;
