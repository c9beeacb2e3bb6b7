"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords } from "@/components/board/board-facts.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import type { DiscoveryReport } from "@/lib/domain/discovery/discovery-report.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import { AddBar } from "./add-bar.tsx";
import { DiscoveryHead } from "./discovery-head.tsx";
import { LeftOut } from "./left-out.tsx";
import { ProposalCard } from "./proposal-card.tsx";
import { useDiscovery } from "./use-discovery.ts";
import { WholeFile } from "./whole-file.tsx";

/** What adding came to, as the page needs it. */
interface Added {
  added: readonly string[];
  reload: { isTaken: boolean; words: string } | null;
}

/** The server actions that the page hands to the desk. */
interface DiscoveryActions {
  add(input: { proposals: { name: string; hash: string }[] }): Promise<Result<Added>>;
}

/** What the account has, application by application: what was decided, what could not be, and how to take it over. */
export function DiscoveryDesk({ initial, actions }: { initial: DiscoveryReport; actions: DiscoveryActions }) {
  const t = useTranslations("discovery");
  const said = useSaid();
  const router = useRouter();
  const { report, ask } = useDiscovery(initial);
  const addable = report.proposals.filter(({ describedBy }) => describedBy === null);
  const mayAdd = report.file?.isWritable ?? false;
  const [choices, setChoices] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const [notice, setNotice] = useState<{ tone: "fault" | "plain"; words: string } | null>(null);
  // The only one there is needs no choice.
  const isChosen = (name: string) => choices.get(name) ?? addable.length === 1;
  const chosen = addable.filter(({ name }) => isChosen(name));
  const choose = (names: readonly string[], isOn: boolean) =>
    setChoices((before) => new Map([...before, ...names.map((name) => [name, isOn] as const)]));

  const run = async (work: () => Promise<typeof notice>) => {
    setBusy(true);
    setNotice(null);
    try {
      setNotice(await work());
    } catch (error) {
      setNotice({ tone: "fault", words: notDoneWords(error) ?? t("noAnswer") });
    }
    setBusy(false);
  };
  const lookAgain = () =>
    run(async () => {
      await ask(true);
      announce(t("lookedAgain"));
      return null;
    });
  const add = () =>
    run(async () => {
      const result = await actions.add({ proposals: chosen.map(({ name, hash }) => ({ name, hash })) });
      await ask(false);
      if (!result.ok) return { tone: "fault", words: blockerWords(said, result) };
      router.refresh();
      const words = wordsOf(result.value);
      announce(words);
      return { tone: result.value.reload?.isTaken === false ? "fault" : "plain", words };
    });
  const wordsOf = ({ added, reload }: Added): string => {
    if (added.length === 0 || reload === null) return t("nothingAdded");
    const outcome = t(reload.isTaken ? "readAgain" : "notReadAgain", { words: reload.words });
    return t("added", { names: added.join(", "), reload: outcome });
  };

  return (
    <div className="flex max-w-[1100px] flex-col gap-3">
      <DiscoveryHead report={report} isBusy={isBusy} onAsk={() => void lookAgain()} />
      {notice ? (
        <div role={notice.tone === "fault" ? "alert" : undefined}>
          <Notice tone={notice.tone} compact title={notice.words} />
        </div>
      ) : null}
      {report.at !== null && report.proposals.length === 0 ? (
        <section className="card">
          <EmptyState title={t("none")}>
            <p>{t("noneWhy")}</p>
            <Link href="/readiness" className="inline-flex items-center underline">
              {t("toReadiness")}
            </Link>
          </EmptyState>
        </section>
      ) : null}
      {report.proposals.length > 0 ? (
        <section aria-labelledby="proposed-title" className="card">
          <h2 id="proposed-title" className="border-b border-line px-3.5 py-2 font-semibold">
            {t("proposed")} <span className="font-normal text-second">{report.proposals.length}</span>
          </h2>
          {addable.length > 0 ? (
            <AddBar
              file={report.file}
              addable={addable.length}
              chosen={chosen.length}
              isBusy={isBusy}
              onChooseAll={(isOn) =>
                choose(
                  addable.map(({ name }) => name),
                  isOn,
                )
              }
              onAdd={() => void add()}
            />
          ) : null}
          <ul>
            {report.proposals.map((proposal) => (
              <ProposalCard
                key={proposal.name}
                proposal={proposal}
                isOpen={addable.length === 1 && proposal.describedBy === null}
                isChosen={isChosen(proposal.name)}
                onChoose={mayAdd ? (isOn) => choose([proposal.name], isOn) : null}
              />
            ))}
          </ul>
        </section>
      ) : null}
      <LeftOut services={report.leftOut} />
      {report.proposals.length > 0 ? <WholeFile text={report.text} /> : null}
    </div>
  );
}
