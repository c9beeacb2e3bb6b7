import type { Metadata } from "next";
import { MOVING_TITLE, MovingProblem, MovingView } from "@/components/by-hand/moving-view.tsx";
import { getMovingPlan } from "@/lib/queries/get-moving-plan.ts";
import { pageContext } from "../../page-context.ts";

export const metadata: Metadata = { title: MOVING_TITLE };

export default async function MovingPage({ params }: { params: Promise<{ application: string }> }) {
  const name = decodeURIComponent((await params).application);
  const plan = await getMovingPlan(await pageContext(), name);
  return plan.ok ? <MovingView plan={plan.value} /> : <MovingProblem problem={plan} />;
}
