export const fit = {
  controller: "{service}의 배포 컨트롤러는 {has}이고, {controller}에는 {needed}이(가) 필요합니다",
  strategy: "{service}의 배포 전략은 {has}이며 ECS가 직접 리스너를 변경합니다. {controller}에는 ROLLING이 필요합니다",
  bothGroups: "AWS에 따르면 {service}은(는) {groups}에 등록됩니다. 양쪽 그룹 모두여서 어느 쪽에도 속하지 않습니다",
  swapped:
    "AWS에 따르면 {service}은(는) {side} 쪽의 {own}이(가) 아니라 {other} 쪽 그룹인 {groups}에 등록됩니다. switchyard.yaml에서 {name}의 양쪽이 바뀌었을 수 있습니다",
  strange:
    "AWS에 따르면 {service}은(는) {side} 쪽의 {own}이(가) 아니라 {groups}에 등록됩니다. 이 애플리케이션의 그룹이 아닙니다",
  otherPair:
    "{service}은(는) 이제 {rule} 규칙으로 {groups} 사이에 배포됩니다. Switchyard가 1분 안에 이름을 다시 찾습니다",
  otherGroup:
    "CodeDeploy 배포 그룹 {group}은(는) 이제 {listener}에서 {groups} 사이에 {service}을(를) 배포합니다. Switchyard가 1분 안에 이름을 다시 찾습니다",
  noGroup: "대상 그룹 없음",
  noService: "서비스 없음",
  noListener: "리스너 없음",
  containers:
    "{name} 서비스의 로드 밸런서 항목이 여러 컨테이너를 가리킵니다({containers}). 새 이미지를 받을 컨테이너를 switchyard.yaml의 container로 지정하세요",
  noContainer: "{service}이(가) {group}에 등록하는 {container} 컨테이너가 {name}에 없습니다",
  noPort: "{service}이(가) {group}에 등록하는 포트 {port}이(가) {name}의 {container} 컨테이너에 없습니다",
  launchType: "{name}은(는) {types}에서 실행할 수 있는데 {service}은(는) {launchType}에서 실행됩니다",
  networkMode:
    "{name}의 네트워크 모드는 {mode}이며 태스크는 {needed} 유형의 대상입니다. {group}은(는) {has} 유형의 대상을 받습니다",
  targetType: "{group}의 대상 유형은 {type}인데 ECS 태스크는 ip 또는 instance 유형입니다. 그런 대상 그룹을 지정하세요",
} as const;
