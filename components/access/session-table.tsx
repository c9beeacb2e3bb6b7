"use client";
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
  return (
    <section aria-labelledby="sessions" className="card min-w-0">
      <h2 id="sessions" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        Signed in
      </h2>
      <ul className="text-xs">
        {groupByPerson(sessions).map((person) => (
          <li key={person.personId} className="flex items-start gap-3 border-b border-line px-3.5 py-2 last:border-b-0">
            <div className="min-w-0 flex-1">
              <p className="break-words">
                <b className="font-semibold">{person.name}</b>
                {person.personId === myId ? ", you" : ""}
                <span className="block text-second">{person.personId}</span>
              </p>
              <ul className="mt-1 text-second">
                {person.sessions.slice(0, 5).map((session) => (
                  <li key={session.id} className="break-words">
                    {session.address ?? "address not known"}, since{" "}
                    <ClockTime at={session.startedAt} precision="minute" />, used{" "}
                    <Age at={session.lastSeenAt} suffix=" ago" />
                  </li>
                ))}
                {person.sessions.length > 5 ? <li>and {person.sessions.length - 5} more</li> : null}
              </ul>
            </div>
            <Button size="small" aria-label={`End all sessions of ${person.name}`} onClick={() => onAsk(person)}>
              End
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
