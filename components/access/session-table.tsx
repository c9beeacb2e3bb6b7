"use client";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { Age, ClockTime } from "@/components/ui/time.tsx";
import type { PersonSession } from "@/lib/domain/access/person-session.ts";

/** A person with the sessions that could be in use, the newest first. */
export interface SignedIn {
  personId: string;
  name: string;
  sessions: readonly PersonSession[];
}

/** One entry for each person, in the order of their newest session. */
function groupByPerson(sessions: readonly PersonSession[]): SignedIn[] {
  const people = new Map<string, PersonSession[]>();
  for (const session of sessions) people.set(session.personId, [...(people.get(session.personId) ?? []), session]);
  return [...people].map(([personId, own]) => ({ personId, name: own[0]?.name ?? personId, sessions: own }));
}

/** Who is signed in, from where and since when; all sessions of one person are ended at once. */
export function SessionTable({
  sessions,
  myId,
  onAsk,
}: {
  sessions: readonly PersonSession[];
  myId: string;
  onAsk: (person: SignedIn) => void;
}) {
  const t = useTranslations("access");
  return (
    <section aria-labelledby="sessions" className="card min-w-0">
      <h2 id="sessions" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        {t("signedIn")}
      </h2>
      <ul className="text-xs">
        {groupByPerson(sessions).map((person) => (
          <li key={person.personId} className="flex items-start gap-3 border-b border-line px-3.5 py-2 last:border-b-0">
            <div className="min-w-0 flex-1">
              <p className="break-words">
                {person.personId === myId ? t.rich("you", { name: person.name, b: bold }) : bold(person.name)}
                <span className="block text-second">{person.personId}</span>
              </p>
              <ul className="mt-1 text-second">
                {person.sessions.slice(0, 5).map((session) => (
                  <li key={session.id} className="break-words">
                    <SessionFacts session={session} />
                  </li>
                ))}
                {person.sessions.length > 5 ? <li>{t("more", { count: person.sessions.length - 5 })}</li> : null}
              </ul>
            </div>
            <Button size="small" aria-label={t("endAll", { name: person.name })} onClick={() => onAsk(person)}>
              {t("end")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const bold = (name: ReactNode) => <b className="font-semibold">{name}</b>;

function SessionFacts({ session: { address, startedAt, lastSeenAt } }: { session: PersonSession }) {
  const t = useTranslations("access");
  const times = {
    since: () => <ClockTime at={startedAt} precision="minute" />,
    used: () => <Age at={lastSeenAt} />,
  };
  return address === null ? t.rich("sessionUnknown", times) : t.rich("session", { address, ...times });
}
