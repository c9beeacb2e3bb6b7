/** The board of one application, with its dialogs. */
export const board = {
  "step.scaleUp": "Scale up",
  "step.testTraffic": "Test traffic",
  "step.yourSwitch": "Your switch",
  "step.productionTraffic": "Production traffic",
  "step.heldOpen": "Held open",
  "step.proof": "Proof",
  "step.bake": "Bake",
  "step.cleanUp": "Clean up",
  "step.atApproval": "{name}: approval, {given} of {approvers}",
  "step.atAnswer": "{name}: your answer",
  "step.approval": "Approval, {given} of {approvers}",
  timeLeft: "<left></left> left",
  nextAt: "next at <time></time>",
  waitingFor: "waiting <time></time>",
} as const;
