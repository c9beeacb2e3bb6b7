export const signIn = {
  title: "로그인",
  titleAgain: "다시 로그인",
  about:
    "Amazon ECS의 블루/그린 배포: 양쪽 상태를 보고, 로그를 나란히 읽고, 클릭 한 번으로 트래픽을 옮기고, 클릭 한 번으로 되돌립니다.",
  againWhy: "점검을 무시하고 진행하려면 최근 5분 안에 로그인해야 합니다. 로그인하면 보던 화면으로 돌아갑니다.",
  databaseAway: "데이터베이스가 한 시간째 응답하지 않습니다",
  databaseAwayWhy:
    "응답할 때까지 세션으로는 들어올 수 없습니다. 어느 세션이 종료되었는지 알 수 없기 때문입니다. AWS에서 직접 조치하거나 환경 변수의 토큰으로 API를 호출하세요.",
  noAnswer: "Switchyard가 응답하지 않습니다. 실행 중인지 확인하세요",
  otherOrigin: "{here} 주소로 열었지만 설정은 {url} 주소입니다",
  otherOriginWhy:
    "로그인하면 <a>{url}</a> 주소로 이동합니다. 여기 주소로 사용하려면 <code>NEXTAUTH_URL={here}</code> 값을 설정하고 Switchyard를 다시 시작하세요.",
  with: "{provider} 계정으로 로그인",
  sandbox: "샌드박스: 사용자 선택",
  sandboxWhy: "로컬 AWS의 가상 사용자입니다. 역할마다 한 명씩 있습니다.",
  may: "{role, select, none {역할 없음} other {{role}}}: {role, select, viewer {보기만 하고 변경하지 않음} operator {배포, 전환, 롤백} approver {승인도 가능} admin {모든 권한} other {부여받은 것만 보기}}",
  none: "설정된 로그인 방법이 없습니다",
  noneWhy: "환경 변수에 OIDC 공급자를 설정하고 Switchyard를 다시 시작하세요. 변수 목록은 README에 있습니다.",
  "problem.noRole": "로그인은 되었지만 역할이 없습니다. 관리자에게 역할을 요청하세요",
  "problem.credentials": "사용자 또는 비밀번호가 올바르지 않습니다",
  "problem.tooMany": "시도가 너무 많습니다. 1분 뒤에 다시 시도하세요",
  "problem.required": "이 페이지를 보려면 로그인하세요",
  "problem.provider": "ID 공급자의 응답이 예상과 다릅니다. 다시 시도하세요. 계속되면 관리자가 설정을 확인해야 합니다",
  "problem.other": "로그인하지 못했습니다. 다시 시도하세요",
  singleSignOn: "통합 로그인(SSO)",
} as const;
