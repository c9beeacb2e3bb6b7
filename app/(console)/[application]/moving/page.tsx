import type { Metadata } from "next";
import { MovingProblem, MovingView } from "@/components/manual-commands/moving-view.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { getMovingPlan } from "@/lib/queries/get-moving-plan.ts";
import { pageContext } from "../../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("manualCommands"))("moving.title") };
}

export default async function MovingPage({ params }: { params: Promise<{ application: string }> }) {
  const name = decodeURIComponent((await params).application);
  const plan = await getMovingPlan(await pageContext(), name);
  return plan.ok ? <MovingView plan={plan.value} /> : <MovingProblem problem={plan} />;
}
