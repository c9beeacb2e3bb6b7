import { expect } from "vitest";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { inEnglish, inLanguage } from "../domain/sentence/in-language.ts";
import type { Sentence } from "../domain/sentence/sentence.ts";

/** Holds that each English member of a record is what its sentence says, and that the sentence has Korean as well. */
export function expectSaidAsTold({ statusReason, statusSaid, stages, proof, approvals }: Deployment): void {
  const told: [string | null | undefined, Sentence | undefined][] = [
    [statusReason, statusSaid],
    ...stages.map(({ detail, detailSaid }): [string | undefined, Sentence | undefined] => [detail, detailSaid]),
    [proof?.note, proof?.noteSaid],
    ...approvals.map(({ lapsed }): [string | undefined, Sentence | undefined] => [lapsed?.why, lapsed?.said]),
  ];
  for (const [text, said] of told) {
    if (!said) continue;
    expect(inEnglish(said)).toBe(text);
    expect(inLanguage(said, "ko"), said.code).not.toBeNull();
  }
}
