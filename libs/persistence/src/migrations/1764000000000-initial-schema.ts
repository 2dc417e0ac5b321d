import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Ddl, ddlFor } from './ddl.js';

/** First schema. Times are milliseconds since the epoch, UTC. Frozen once released: changes are new migrations. */
export class InitialSchema1764000000000 implements MigrationInterface {
  readonly name = 'InitialSchema1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const ddl = ddlFor(runner);
    const statements = [...access(ddl), ...fleet(ddl), ...archive(ddl), ...counters(ddl)];
    for (const statement of statements) await runner.query(statement);
    for (const statement of appendOnlyAudit(runner)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE "${table}"`);
    if (runner.dataSource.options.type === 'postgres') await runner.query('DROP FUNCTION audit_entry_guard()');
  }
}

/** Parents before children. */
const TABLES = [
  'setting',
  'session',
  'api_token',
  'audit_entry',
  'host',
  'host_alarm',
  'enrolment_token',
  'host_jail',
  'ban_event',
  'active_ban',
  'snapshot_ban',
  'failure_count',
  'ban_count_hour',
  'geo_address',
];

function access(ddl: Ddl): string[] {
  return [
    `CREATE TABLE "setting" ("key" text NOT NULL, "value" text NOT NULL, "updated_at_ms" bigint NOT NULL,
      ${ddl.primaryKey('setting', 'key')})`,
    `CREATE TABLE "session" ("id" text NOT NULL, "token_hash" text NOT NULL, "created_at_ms" bigint NOT NULL,
      "last_seen_at_ms" bigint NOT NULL, "expires_at_ms" bigint NOT NULL, "address" text NOT NULL, "user_agent" text NOT NULL,
      ${ddl.primaryKey('session', 'id')})`,
    `CREATE UNIQUE INDEX "UX_session_token_hash" ON "session" ("token_hash")`,
    `CREATE INDEX "IX_session_expires_at_ms" ON "session" ("expires_at_ms")`,
    `CREATE TABLE "api_token" ("id" text NOT NULL, "name" text NOT NULL, "token_hash" text NOT NULL, "scopes" text NOT NULL,
      "created_at_ms" bigint NOT NULL, "expires_at_ms" bigint, "revoked_at_ms" bigint, "last_used_at_ms" bigint,
      "last_used_from" text, ${ddl.primaryKey('api_token', 'id')})`,
    `CREATE UNIQUE INDEX "UX_api_token_token_hash" ON "api_token" ("token_hash")`,
    `CREATE TABLE "audit_entry" ("id" ${ddl.id}, "at_ms" bigint NOT NULL, "completed_at_ms" bigint, "actor" text NOT NULL,
      "address" text, "action" text NOT NULL, "host_id" text, "host_name" text, "target" text, "before" text, "after" text,
      "result" text NOT NULL, "code" text, "correlation_id" text NOT NULL)`,
    `CREATE INDEX "IX_audit_entry_at_ms" ON "audit_entry" ("at_ms", "id")`,
    `CREATE INDEX "IX_audit_entry_action" ON "audit_entry" ("action", "id")`,
    `CREATE INDEX "IX_audit_entry_host_id" ON "audit_entry" ("host_id", "id")`,
  ];
}

function fleet(ddl: Ddl): string[] {
  return [
    `CREATE TABLE "host" ("id" text NOT NULL, "agent_id" text NOT NULL, "name" text NOT NULL, "hostname" text NOT NULL,
      "tags" text NOT NULL, "state" text NOT NULL, "is_local" boolean NOT NULL, "sign_public_key" text NOT NULL,
      "seal_public_key" text NOT NULL, "key_id" integer NOT NULL, "fingerprint" text NOT NULL,
      "redis_password_sha256" text NOT NULL, "enrolled_at_ms" bigint NOT NULL, "last_seen_at_ms" bigint, "agent_version" text,
      "fail2ban_version" text, "socket_path" text, "policy_groups" text NOT NULL, "clock_skew_ms" bigint, "status" text,
      "status_at_ms" bigint, "alarm_count" integer NOT NULL, "session_sid" text, "session_boot" bigint NOT NULL,
      "session_seq" bigint NOT NULL, "stream_position" text, "snapshot_id" text, "snapshot_next_index" integer NOT NULL,
      ${ddl.primaryKey('host', 'id')})`,
    `CREATE INDEX "IX_host_agent_id" ON "host" ("agent_id")`,
    `CREATE TABLE "host_alarm" ("id" ${ddl.id}, "host_id" text NOT NULL, "at_ms" bigint NOT NULL, "code" text NOT NULL,
      "detail" text NOT NULL, ${hostKey('host_alarm')})`,
    `CREATE INDEX "IX_host_alarm_host_id" ON "host_alarm" ("host_id", "id")`,
    `CREATE TABLE "enrolment_token" ("id" text NOT NULL, "verifier_key" text NOT NULL, "created_at_ms" bigint NOT NULL,
      "expires_at_ms" bigint NOT NULL, "used_at_ms" bigint, "wrong_tries" integer NOT NULL, "host_id" text,
      "is_local" boolean NOT NULL, ${ddl.primaryKey('enrolment_token', 'id')})`,
    `CREATE TABLE "host_jail" ("host_id" text NOT NULL, "name" ${ddl.sorted} NOT NULL, "status" text NOT NULL, "backend" text,
      "currently_banned" bigint, "total_banned" bigint, "currently_failed" bigint, "total_failed" bigint,
      "findtime_seconds" double precision, "bantime_seconds" double precision, "maxretry" bigint,
      "reported_at_ms" bigint NOT NULL, ${ddl.primaryKey('host_jail', 'host_id', 'name')}, ${hostKey('host_jail')})`,
  ];
}

function archive(ddl: Ddl): string[] {
  const ban = `"jail" ${ddl.sorted} NOT NULL, "address" ${ddl.sorted} NOT NULL, "address_sort" ${ddl.sorted} NOT NULL`;
  return [
    `CREATE TABLE "ban_event" ("id" ${ddl.id}, "host_id" text NOT NULL, "kind" text NOT NULL, ${ban}, "at_ms" bigint NOT NULL,
      "bantime_seconds" bigint, "ban_count" bigint, "failures" bigint, "origin" text NOT NULL, "country" text, "matches" text)`,
    `CREATE UNIQUE INDEX "UX_ban_event_natural" ON "ban_event" ("host_id", "at_ms", "jail", "address", "kind")`,
    `CREATE INDEX "IX_ban_event_at_ms" ON "ban_event" ("at_ms", "id")`,
    `CREATE INDEX "IX_ban_event_jail" ON "ban_event" ("jail", "at_ms", "id")`,
    `CREATE INDEX "IX_ban_event_country" ON "ban_event" ("country", "at_ms", "id")`,
    `CREATE INDEX "IX_ban_event_origin" ON "ban_event" ("origin", "at_ms", "id")`,
    `CREATE INDEX "IX_ban_event_address_sort" ON "ban_event" ("address_sort", "at_ms", "id")`,
    `CREATE TABLE "active_ban" ("id" ${ddl.id}, "host_id" text NOT NULL, ${ban}, "banned_at_ms" bigint NOT NULL,
      "expires_at_ms" bigint NOT NULL, "ban_count" bigint NOT NULL, "origin" text NOT NULL, "country" text,
      ${hostKey('active_ban')})`,
    `CREATE UNIQUE INDEX "UX_active_ban_natural" ON "active_ban" ("host_id", "jail", "address")`,
    `CREATE INDEX "IX_active_ban_banned_at_ms" ON "active_ban" ("banned_at_ms", "id")`,
    `CREATE INDEX "IX_active_ban_expires_at_ms" ON "active_ban" ("expires_at_ms", "id")`,
    `CREATE INDEX "IX_active_ban_address_sort" ON "active_ban" ("address_sort", "id")`,
    `CREATE INDEX "IX_active_ban_jail" ON "active_ban" ("jail", "id")`,
    `CREATE INDEX "IX_active_ban_ban_count" ON "active_ban" ("ban_count", "id")`,
    `CREATE TABLE "snapshot_ban" ("host_id" text NOT NULL, "jail" ${ddl.sorted} NOT NULL, "address" ${ddl.sorted} NOT NULL,
      "address_sort" text NOT NULL, "banned_at_ms" bigint NOT NULL, "expires_at_ms" bigint NOT NULL, "ban_count" bigint NOT NULL,
      "origin" text, ${ddl.primaryKey('snapshot_ban', 'host_id', 'jail', 'address')}, ${hostKey('snapshot_ban')})`,
  ];
}

function counters(ddl: Ddl): string[] {
  return [
    `CREATE TABLE "failure_count" ("hour_ms" bigint NOT NULL, "host_id" text NOT NULL, "jail" ${ddl.sorted} NOT NULL,
      "failures" bigint NOT NULL, ${ddl.primaryKey('failure_count', 'hour_ms', 'host_id', 'jail')})`,
    `CREATE TABLE "ban_count_hour" ("hour_ms" bigint NOT NULL, "host_id" text NOT NULL, "jail" ${ddl.sorted} NOT NULL,
      "country" text NOT NULL, "bans" bigint NOT NULL,
      ${ddl.primaryKey('ban_count_hour', 'hour_ms', 'host_id', 'jail', 'country')})`,
    `CREATE TABLE "geo_address" ("address" ${ddl.sorted} NOT NULL, "country" text, "resolved_at_ms" bigint,
      "last_seen_at_ms" bigint NOT NULL, ${ddl.primaryKey('geo_address', 'address')})`,
    `CREATE INDEX "IX_geo_address_resolved_at_ms" ON "geo_address" ("resolved_at_ms")`,
  ];
}

function hostKey(table: string): string {
  return `CONSTRAINT "FK_${table}_host" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE NO ACTION`;
}

/** Audit rows may be completed once and never changed or deleted otherwise: held by the database, not by our good intentions. */
function appendOnlyAudit(runner: QueryRunner): string[] {
  if (runner.dataSource.options.type === 'postgres') {
    return [
      `CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'UPDATE' AND OLD.result = 'pending' THEN RETURN NEW; END IF;
         RAISE EXCEPTION 'audit_entry is append-only';
       END $$`,
      `CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON "audit_entry"
       FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()`,
    ];
  }
  return [
    `CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON "audit_entry" WHEN OLD.result <> 'pending'
     BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END`,
    `CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON "audit_entry"
     BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END`,
  ];
}
