import { Equals, IsISO8601, IsOptional, Matches } from 'class-validator';
import { INSTANT } from './instant.js';

/** What an operator types before events are deleted. */
export const ARCHIVE_DELETION_WORD = 'delete';

/** `GET /api/v1/archive`: how large the archive is and how long events are kept. */
export interface ArchiveState {
  readonly database: 'sqlite' | 'postgres';
  /** Bytes the whole database takes on disk. Deleted events leave room that new ones take first. */
  readonly databaseBytes: number;
  /** Bans and unbans stored; null when they could not be counted. */
  readonly events: number | null;
  readonly oldest: string | null;
  readonly newest: string | null;
  /** Days events are kept; 0 keeps all. */
  readonly retentionDays: number;
  /** The deletion that runs, or ran last. */
  readonly deletion: ArchiveDeletion | null;
}

/** A deletion of events. */
export interface ArchiveDeletion {
  readonly id: string;
  /** `retention`: their time was over. `asked`: an operator did. */
  readonly reason: 'retention' | 'asked';
  readonly state: 'running' | 'done' | 'cancelled';
  readonly actor: string;
  /** Events older than that go. */
  readonly before: string;
  /** Events there were to delete; null when they were too many to count. */
  readonly total: number | null;
  readonly deleted: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** `POST /api/v1/archive/deletions`: deletes stored bans and unbans for good. What is banned now stays banned. */
export class ArchiveDeletionRequest {
  /** RFC 3339: events older than that go; absent: all of them. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly before?: string;
  /** Typed by the operator. */
  @Equals(ARCHIVE_DELETION_WORD) readonly confirmation!: typeof ARCHIVE_DELETION_WORD;
}
