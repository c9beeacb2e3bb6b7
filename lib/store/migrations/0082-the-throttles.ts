/** What AWS refused to each replica as too much, so that all of them slow down. */
export const theThrottles = {
  name: "0082-the-throttles",
  statements: ["alter table replicas add column throttles json not null default '{}'"],
};
