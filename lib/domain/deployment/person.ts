/** Who did something, as far as that says which person it was. */
export interface Somebody {
  /** E-mail address, user id or token name. */
  id: string;
  /** Every other name that the provider or the record has for the person behind it; left out in records of before. */
  people?: readonly string[];
}

/** What a provider calls a person for good, whatever their address is by then. */
export function subjectName(issuer: string, subject: string): string {
  return `${issuer}|${subject}`;
}

/** As much of an identity as is kept with what it does. */
export function somebodyOf({ id, people }: Somebody): Somebody {
  return { id, ...(people && people.length > 0 ? { people: [...people] } : {}) };
}

/** Every name of a person, to be kept with what they do. */
export function namesOf({ id, people = [] }: Somebody): string[] {
  return [...new Set([id, ...people])];
}

/** Whether two are one person: by any name that both have. Addresses are the same in any case. */
export function isSamePerson(one: Somebody, other: Somebody): boolean {
  const known = new Set(namesOf(one).map(comparable));
  return namesOf(other).some((name) => known.has(comparable(name)));
}

/** How many different people these are; who shares a name with two others makes the three of them one. */
export function countPeople(all: readonly Somebody[]): number {
  let found: Somebody[] = [];
  for (const one of all) {
    const same = found.filter((each) => isSamePerson(each, one));
    const merged = { id: one.id, people: [one, ...same].flatMap(namesOf) };
    found = [...found.filter((each) => !same.includes(each)), merged];
  }
  return found.length;
}

/** A provider's own name is told apart by its letters' case; an address is not. */
function comparable(name: string): string {
  return name.includes("|") ? name : name.toLowerCase();
}
