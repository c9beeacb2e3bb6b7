import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { readinessReport } from "@/lib/domain/readiness/readiness-report.ts";
import { LIBRARY_SUBJECT, readyFacts, seen } from "@/lib/testing/readiness-facts.ts";
import { ReadinessGraph } from "./readiness-graph.tsx";

const { steps } = readinessReport(LIBRARY_SUBJECT, { ...readyFacts(), cluster: seen(null) }, []);
const markup = markupOf(<ReadinessGraph steps={steps} />);
const links = [...markup.matchAll(/<a href="#step-([^"]+)" aria-label="([^"]+)"/g)].map(([, id, label]) => ({
  id,
  label,
}));

test("every step is a link that the keyboard reaches, in the steps' order, and leads to its card", () => {
  expect(links.map(({ id }) => id)).toEqual(steps.map(({ id }) => id));
  // What scrolls can be scrolled by key.
  expect(markup).toMatch(/<section class="[^"]*overflow-x-auto[^"]*" tabindex="0" aria-label="/i);
  // Readers meet the links one by one, not one picture.
  expect(markup).toMatch(/<svg role="group" aria-label="[^"]+"/);
});

test("readers are told how a step stands and what it needs, which eyes see by frame, word and lines", () => {
  const labelOf = (id: string) => links.find((link) => link.id === id)?.label;
  expect(labelOf("cluster")).toBe("12 ECS cluster: missing; needs nothing");
  expect(labelOf("service")).toBe(
    "18 ECS service: pass; needs ECS cluster, Load balancer and listener, Task definition",
  );
  expect(markup.match(/<path /g)).toHaveLength(steps.flatMap(({ needs }) => needs).length);
});
