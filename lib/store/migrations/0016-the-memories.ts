/** What a process knows and the next one should: nothing that anybody decided, and nothing that is missed when it is lost. */
export const theMemories = {
  name: "0016-the-memories",
  statements: ["create table memories (key text primary key, value json not null, saved_at bigint not null)"],
};
