export const caution = {
  stickyGroups:
    "대상 그룹 고정이 켜져 있어 일부 클라이언트는 {time}까지 {side} 쪽에 남습니다. 모두 한 번에 옮기려면 전달 작업에서 끄세요",
  stickySessions: "{side} 쪽의 고정 세션({time})은 따라가지 않습니다. 메모리에 둔 것은 사라집니다",
  inNoRule: "{group} 그룹을 쓰는 규칙이 없어 대상이 검사되지 않습니다. 전달 작업에 가중치 0으로 넣으세요",
  draining: "{side} 쪽에서 진행 중인 요청은 그쪽에서 끝납니다. 종료하면 대상이 {time} 동안 드레인됩니다",
  pinned:
    "먼저 적용되는 규칙 {priority}: 무엇을 전환하든 {takes} 요청을 {groups} 쪽으로 보냅니다. 같은 가중치를 주거나 삭제하세요",
  elsewhere:
    "규칙 {priority} ({takes}){more, plural, =0 {} other { 외 #개}}: 먼저 적용되어 그 요청은 {side} 쪽에 닿지 않습니다",
  besides:
    "{side} 쪽에는 로드 밸런서를 거치지 않는 요청도 옵니다({by}). 전환해도 옮겨지지 않으며, 새 버전이 실행되면 바로 그 버전이 받습니다",
  movedTag: "태그 {tag}: 다른 이미지로 옮겨졌습니다. 지금은 {now}, {side} 쪽은 {digest} 이미지를 실행합니다",
} as const;
