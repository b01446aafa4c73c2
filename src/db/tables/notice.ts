/** The tables of schema.sql, section `notice`, as Kysely sees them: one interface for each. */
import type { Generated } from 'kysely';
import type { AtMs } from './columns.ts';

/** From which index on a community's entries are still to be announced. */
export interface NoticeWatermarkTable {
  community_id: string;
  next_idx: bigint;
}

/** Announcements that were collected for printing. */
export interface PrintRunTable {
  community_id: string;
  run_id: string;
  officer_id: string;
  count: number;
  printed_at_ms: AtMs;
  posted_by: string | null;
  posted_at_ms: AtMs | null;
}

/** Announcements and what became of them. */
export interface OutboxTable {
  community_id: string;
  outbox_id: string;
  entry_idx: bigint | null;
  event: string;
  sealed_recipient: Uint8Array | null;
  facts: string;
  channel: string;
  state: string;
  attempts: Generated<number>;
  next_at_ms: AtMs;
  held_until_ms: AtMs | null;
  error_code: string | null;
  run_id: string | null;
  receipt: string | null;
  receipt_proof: Uint8Array | null;
  queued_at_ms: AtMs;
  ended_at_ms: AtMs | null;
}

/** Confirmed addresses of e-mail. */
export interface EmailAddressTable {
  community_id: string;
  person_id: string;
  sealed_address: Uint8Array;
  code_id: string;
  confirmed_at_ms: AtMs;
}

/** Addresses of e-mail that were confirmed, changed or removed. */
export interface EmailChangeTable {
  community_id: string;
  code_id: string;
  event: string;
  person_id: string;
  sealed_former: Uint8Array | null;
  changed_at_ms: AtMs;
  queued_at_ms: AtMs | null;
}

/** The last code that each owner was mailed. */
export interface EmailCodeTable {
  community_id: string;
  person_id: string;
  code_id: string;
  sealed_code: Uint8Array | null;
  tries: Generated<number>;
  day: bigint;
  asked: number;
  state: string;
  attempts: Generated<number>;
  next_at_ms: AtMs;
  expires_at_ms: AtMs;
}

/** Codes that were asked for one address. */
export interface EmailAskTable {
  ask_id: string;
  address: Uint8Array;
  asked_at_ms: AtMs;
}

/** Which announcement brought the notice of a meeting to whom. */
export interface NoticeMessageTable {
  community_id: string;
  outbox_id: string;
  meeting_id: string;
  person_id: string;
  message_proof: Uint8Array;
  paper_proof: Uint8Array;
}

/** The delivery register: readings of owners, and what officers handed over or had posted. */
export interface DeliveryTable {
  community_id: string;
  delivery_id: string;
  meeting_id: string;
  state: string;
  person_id: string | null;
  unit_id: string | null;
  officer_id: string | null;
  proof: Uint8Array;
  recorded_at_ms: AtMs;
}

/** The delivery register as it stood at the opening and at the close. */
export interface DeliveryFileTable {
  community_id: string;
  meeting_id: string;
  moment: string;
  record: Uint8Array;
  entry_id: bigint;
}

/** Accesses of monitors. */
export interface MonitorAccessTable {
  community_id: string;
  access_id: string;
  officer_id: string;
  token_hash: Uint8Array;
  drawn_at_ms: AtMs;
  expires_at_ms: AtMs;
  ended_by: string | null;
  ended_at_ms: AtMs | null;
  explained: Generated<bigint>;
  used_at_ms: AtMs | null;
}
