import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { explainStoppedTask } from "@/lib/domain/observation/plain-words.ts";
import { revisionName, SLOT_COLORS, type Slot, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** A moment with words for the log; the same id is the same moment. */
interface Marker {
  id: string;
  at: number;
  text: Sentence;
}

/** The moments at which a deployment moved traffic, with words for the log. */
export function switchMarkers(deployment: Deployment): Marker[] {
  const markers: Marker[] = [];
  const shift = deployment.stages.find((record) => record.stage === "PRODUCTION_TRAFFIC_SHIFT");
  if (shift?.startedAt && shift.status === "SUCCEEDED")
    markers.push({
      id: `${deployment.id}:shift`,
      at: shift.finishedAt ?? shift.startedAt,
      text: say("logs.mark.switched", { to: deployment.to }),
    });
  if (deployment.status === "ROLLBACK_SUCCESSFUL" && deployment.finishedAt)
    markers.push({
      id: `${deployment.id}:back`,
      at: deployment.finishedAt,
      text: say("logs.mark.rolledBack", { from: deployment.from }),
    });
  return markers;
}

/** Everything of a deployment that changes what lines mean: its beginning, each step of its traffic, its switch and its end. */
export function deploymentMarkers(deployment: Deployment): Marker[] {
  const { id, startedAt, steps = [], to, retired } = deployment;
  return [
    { id: `${id}:began`, at: startedAt, text: beganSaid(deployment) },
    ...(steps.length > 1 ? steps : []).flatMap(({ shiftedAt, weights, percent }, step) =>
      shiftedAt === null
        ? []
        : [
            {
              id: `${id}:step:${step}`,
              at: shiftedAt,
              text: say("logs.mark.step", { to, percent, blue: weights.blue, green: weights.green }),
            },
          ],
    ),
    ...switchMarkers(deployment),
    ...(retired
      ? [{ id: `${id}:retired`, at: retired.at, text: say("logs.mark.retired", { side: retired.slot }) }]
      : []),
  ];
}

function beganSaid({ kind, to, revision }: Deployment): Sentence {
  const what = say("doing.what", { kind, to });
  return revision
    ? say("logs.mark.beganWith", { what, version: revisionName(revision) })
    : say("logs.mark.began", { what });
}

/** When each task began to run and stopped, and why. */
export function taskMarkers(slots: Readonly<Record<SlotColor, Pick<Slot, "tasks">>>): Marker[] {
  return SLOT_COLORS.flatMap((color) =>
    slots[color].tasks.flatMap((task) => {
      const name = { task: task.id.slice(0, 8), color };
      return [
        ...(task.startedAt === null
          ? []
          : [{ id: `${task.id}:ran`, at: task.startedAt, text: say("logs.mark.ran", name) }]),
        ...(task.stoppedAt === null
          ? []
          : [
              {
                id: `${task.id}:stopped`,
                at: task.stoppedAt,
                text: say("logs.mark.stopped", { ...name, why: explainStoppedTask(task) }),
              },
            ]),
      ];
    }),
  );
}
