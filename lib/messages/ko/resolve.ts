export const resolve = {
  otherRegion: "{name}은(는) {region}에 있는데 {here}에서 찾았습니다",
  testMoves:
    "{name}의 테스트 트래픽이 전환과 함께 이동하는 {way}(으)로 들어옵니다. 다른 testListener나 testRule을 지정하세요",
  testRuleDefault: "{name}의 testRule이 {listener}의 기본 동작입니다",
  smokeElsewhere: "{name}의 스모크 검사가 {way}에 도달하지 않습니다: {why}",
  notAmongPaths: "{path} 경로는 받는 경로에 없습니다({takes})",
  notAmongHosts: "{host} 호스트는 받는 호스트에 없습니다({takes})",
  noHeader: "조건에서 헤더 값을 정할 수 없습니다({takes})",
  noQuery: "조건에서 쿼리 값을 정할 수 없습니다({takes})",
  noGet: "GET을 받지 않습니다({takes})",
  incomplete: "{name}에 listener, blue 또는 green이 없습니다",
  notNative:
    "{service}의 배포 컨트롤러는 {controller}, 전략은 {strategy}입니다. ecs-native에는 ECS와 BLUE_GREEN, LINEAR 또는 CANARY가 필요합니다",
  noPair: "{service}에 대체 대상 그룹이 있는 로드 밸런서 항목이 없어 ECS가 전환할 대상이 없습니다",
  notAnswered: "{service}을(를) 요청했지만 응답에 없습니다",
  notCodeDeploy: "{service}의 배포 컨트롤러는 {controller}입니다. code-deploy에는 CODE_DEPLOY가 필요합니다",
  noGroup:
    "{cluster}의 {service}을(를) 배포하는 CodeDeploy 배포 그룹이 없습니다. 만들거나 codeDeploy: '{' application, group '}'으로 지정하세요",
  groupDeploysOther:
    "배포 그룹 {group}은(는) {cluster}의 {service}이(가) 아니라 {otherCluster}의 {other}을(를) 배포합니다",
  groupDeploysNothing: "배포 그룹 {group}은(는) ECS 서비스를 배포하지 않습니다. {cluster}의 {service}이(가) 필요합니다",
  groupWithoutPair: "배포 그룹 {group}에 운영 리스너가 있는 대상 그룹 한 쌍이 없습니다",
  groupNamesMissing: "배포 그룹 {group}이(가) 존재하지 않는 대상 그룹 {targetGroup}을(를) 가리킵니다",
  noListener: "{name}에 listener가 없습니다",
  noRule: "{listener}에 {rule} 규칙이 없습니다",
  noPriority: "{listener}에 우선순위 {priority}인 규칙이 없습니다",
  noPort: "{loadBalancer}에 포트 {port} 리스너가 없습니다. 있는 포트: {ports}",
  none: "없음",
  otherCluster: "{service}은(는) {cluster} 클러스터에 있고 애플리케이션은 {own}에 있습니다",
  network:
    "{name}은(는) 네트워크 로드 밸런서이며 그 리스너는 ECS와 CodeDeploy만 변경합니다. 애플리케이션 로드 밸런서의 리스너를 지정하거나 ecs-native, code-deploy를 사용하세요",
  noneTagged:
    "태그 {tags}이(가) 있는 {kind, select, service {{cluster} 클러스터의 서비스} group {대상 그룹} other {로드 밸런서}}가 없습니다",
  severalTagged:
    "태그 {tags}이(가) 있는 {kind, select, service {{cluster} 클러스터의 서비스} group {대상 그룹} other {로드 밸런서}}가 {count}개입니다: {names}. 하나를 이름으로 지정하거나 하나에만 있는 태그를 추가하세요",
  lookedUp: "AWS에서 이름을 찾는 중입니다",
  notBuilt: "{controller} 컨트롤러는 아직 없습니다. paired-services를 사용하세요",
} as const;
