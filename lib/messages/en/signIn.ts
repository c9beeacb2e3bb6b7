/** The page of somebody who is not signed in. */
export const signIn = {
  title: "Sign in",
  titleAgain: "Sign in again",
  about:
    "Blue and green on Amazon ECS: see both sides, read their logs beside each other, move the traffic with one click, and take it back with one.",
  againWhy:
    "What you are about to do overrules a check, so it needs a sign-in of the last five minutes. You come back to where you were.",
  databaseAway: "The database has not answered for an hour",
  databaseAwayWhy:
    "Nobody is let in by a session until it does: which ones were ended cannot be known. Act in AWS, or call the API with the token of the environment.",
  noAnswer: "No answer from Switchyard. Is it running?",
  otherOrigin: "Opened at {here}, but set up for {url}",
  otherOriginWhy:
    "Signing in leads to <a>{url}</a>. If people open it here, set <code>NEXTAUTH_URL={here}</code> and start Switchyard again.",
  with: "Sign in with {provider}",
  sandbox: "Sandbox: come in as",
  sandboxWhy: "Made-up people on a local AWS. There is one for every role.",
  may: "{role, select, none {no role} other {{role}}}: {role, select, viewer {watches, changes nothing} operator {deploys, switches, rolls back} approver {also approves} admin {everything} other {sees what is granted}}",
  none: "No way to sign in is set up",
  noneWhy: "Set up an OIDC provider in the environment and start Switchyard again. The README lists the variables.",
  "problem.noRole": "You are known, but have no role here. Ask an admin for one",
  "problem.credentials": "That user or password is not right",
  "problem.tooMany": "Too many attempts. Wait a minute and try again",
  "problem.required": "Sign in to see that page",
  "problem.provider":
    "The identity provider did not answer as expected. Try again; if it stays so, an admin must look at its settings",
  "problem.other": "Signing in did not work. Try again",
  singleSignOn: "Single sign-on",
} as const;
