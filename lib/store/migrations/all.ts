import { theRecord } from "./0001-the-record.ts";
import { theOutbox } from "./0002-the-outbox.ts";
import { theAuditChain } from "./0003-the-audit-chain.ts";
import { theApiTokens } from "./0004-the-api-tokens.ts";
import { theLedgers } from "./0006-the-ledgers.ts";
import { theFreezes } from "./0007-the-freezes.ts";
import { theApprovals } from "./0008-the-approvals.ts";
import { theGrants } from "./0009-the-grants.ts";
import { theSessions } from "./0010-the-sessions.ts";
import { theWholeRow } from "./0012-the-whole-row.ts";
import { theAuditCheckpoint } from "./0013-the-audit-checkpoint.ts";
import { theMemories } from "./0016-the-memories.ts";
import { theUnapproved } from "./0021-the-unapproved.ts";
import { theMakersOfTokens } from "./0024-the-makers-of-tokens.ts";
import { thePutOffs } from "./0032-the-put-offs.ts";
import { theIncidents } from "./0041-the-incidents.ts";
import { theScalingHolds } from "./0051-the-scaling-holds.ts";
import { theReplicas } from "./0061-the-replicas.ts";
import { theSentences } from "./0071-the-sentences.ts";
import { theDeliveryErrors } from "./0081-the-delivery-errors.ts";
import { theThrottles } from "./0082-the-throttles.ts";

/** One step of the schema; its statements run once, in order. */
export interface Migration {
  name: string;
  statements: readonly string[];
}

/** Every migration, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  theRecord,
  theOutbox,
  theAuditChain,
  theApiTokens,
  theLedgers,
  theFreezes,
  theApprovals,
  theGrants,
  theSessions,
  theWholeRow,
  theAuditCheckpoint,
  theMemories,
  theUnapproved,
  theMakersOfTokens,
  thePutOffs,
  theIncidents,
  theScalingHolds,
  theReplicas,
  theSentences,
  theDeliveryErrors,
  theThrottles,
];
