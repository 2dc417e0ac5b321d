import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  IGNORE_RESULTS,
  IGNORE_SOURCES,
  type IgnoreEntry,
  type IgnoreList,
  type IgnoreOutcome,
  type StillBanned,
} from '../http/ignore-lists.js';
import {
  JAIL_ACT_WARNINGS,
  JAIL_ACTS,
  type JailActCheaper,
  type JailActEffect,
  type JailActKind,
  type JailActRate,
  type JailActState,
  type JailActWarning,
  type JailActWarningCode,
} from '../http/jail-control.js';
import type {
  JailAction,
  JailActionProperty,
  JailDatePattern,
  JailDetail,
  JailEscalation,
  JailLogFile,
  JailSettings,
} from '../http/jail-detail.js';
import type { JailStatus } from '../http/jails.js';
import { IsListOf } from './list-of.js';

/*
 * What agents answer, as classes: a good signature is not good input, so the gateway checks each answer before a browser
 * sees it. Texts are fail2ban's own and free; only their lengths are bounded. `IsOptional` lets null through.
 */

const NAME = 256;
const TEXT = 20_000;

class DatePatternAnswer implements JailDatePattern {
  @IsOptional() @IsString() @MaxLength(TEXT) readonly pattern!: string | null;
  @IsString() @MaxLength(TEXT) readonly name!: string;
}

class SettingsAnswer implements JailSettings {
  @IsOptional() @IsNumber() readonly maxretry!: number | null;
  @IsOptional() @IsNumber() readonly findtimeSeconds!: number | null;
  @IsOptional() @IsNumber() readonly bantimeSeconds!: number | null;
  @IsOptional() @IsNumber() readonly maxmatches!: number | null;
  @IsOptional() @IsNumber() readonly maxlines!: number | null;
  @IsOptional() @IsString() @MaxLength(NAME) readonly usedns!: string | null;
  @IsOptional() @IsString() @MaxLength(NAME) readonly logencoding!: string | null;
  @IsOptional() @IsString() @MaxLength(NAME) readonly logtimezone!: string | null;
  @IsOptional() @ValidateNested() @Type(() => DatePatternAnswer) readonly datepattern!: DatePatternAnswer | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly prefregex!: string | null;
  @IsString({ each: true }) @MaxLength(TEXT, { each: true }) @ArrayMaxSize(500) readonly failregex!: string[];
  @IsString({ each: true }) @MaxLength(TEXT, { each: true }) @ArrayMaxSize(500) readonly ignoreregex!: string[];
  @IsString({ each: true }) @MaxLength(TEXT, { each: true }) @ArrayMaxSize(500) readonly journalmatch!: string[];
  @IsOptional() @IsBoolean() readonly ignoreself!: boolean | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly ignorecommand!: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly ignorecache!: string | null;
}

class EscalationAnswer implements JailEscalation {
  @IsOptional() @IsBoolean() readonly increment!: boolean | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly factor!: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly formula!: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly multipliers!: string | null;
  @IsOptional() @IsNumber() readonly maxtimeSeconds!: number | null;
  @IsOptional() @IsNumber() readonly rndtimeSeconds!: number | null;
  @IsOptional() @IsBoolean() readonly overalljails!: boolean | null;
}

class LogFileAnswer implements JailLogFile {
  @IsString() @MaxLength(4096) readonly path!: string;
  @IsBoolean() readonly exists!: boolean;
  @IsOptional() @IsBoolean() readonly isReadableByFail2ban!: boolean | null;
  @IsBoolean() readonly isShown!: boolean;
  @IsOptional() @IsString() @MaxLength(1000) readonly reason!: string | null;
  @IsOptional() @IsNumber() readonly sizeBytes!: number | null;
  @IsOptional() @IsISO8601() readonly modifiedAt!: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly lastLine!: string | null;
  @IsOptional() @IsISO8601() readonly lastLineAt!: string | null;
}

class ActionPropertyAnswer implements JailActionProperty {
  @IsString() @MaxLength(NAME) readonly name!: string;
  @IsString() @MaxLength(TEXT) readonly value!: string;
}

class ActionAnswer implements JailAction {
  @IsString() @MaxLength(NAME) readonly name!: string;
  @IsListOf(() => ActionPropertyAnswer, 300)
  readonly properties!: ActionPropertyAnswer[];
  @IsString({ each: true }) @MaxLength(NAME, { each: true }) @ArrayMaxSize(300) readonly methods!: string[];
}

/** Answer of `jails.get`. */
export class JailGetAnswer implements Omit<JailDetail, 'hostId' | 'hostName'> {
  @IsString() @MaxLength(NAME) readonly name!: string;
  @IsIn(['running', 'idle', 'stopped', 'inactive']) readonly status!: JailStatus;
  @IsIn(['running', 'configuration']) readonly source!: 'running' | 'configuration';
  @IsOptional() @IsString() @MaxLength(NAME) readonly backend!: string | null;
  @IsOptional() @IsString() @MaxLength(64) readonly fail2banVersion!: string | null;
  @IsISO8601() readonly at!: string;
  @ValidateNested() @Type(() => SettingsAnswer) readonly settings!: SettingsAnswer;
  @ValidateNested() @Type(() => EscalationAnswer) readonly escalation!: EscalationAnswer;
  @IsListOf(() => LogFileAnswer, 100) readonly logFiles!: LogFileAnswer[];
  @IsListOf(() => ActionAnswer, 100) readonly actions!: ActionAnswer[];
  @IsString({ each: true }) @MaxLength(NAME, { each: true }) @ArrayMaxSize(100) readonly unknown!: string[];
  @IsString({ each: true }) @MaxLength(1000, { each: true }) @ArrayMaxSize(20) readonly notes!: string[];
}

/** Answer of `jails.log`. */
export class JailLogAnswer {
  @IsString() @MaxLength(4096) readonly path!: string;
  @IsString({ each: true }) @MaxLength(8_000, { each: true }) @ArrayMaxSize(1000) readonly lines!: string[];
  @IsNumber() readonly sizeBytes!: number;
  @IsNumber() readonly readBytes!: number;
  @IsBoolean() readonly isCut!: boolean;
  @IsISO8601() readonly at!: string;
}

class EffectAnswer implements JailActEffect {
  @IsString() @MaxLength(NAME) readonly jail!: string;
  @IsIn(['runs', 'starts', 'stops', 'pauses', 'resumes']) readonly becomes!: JailActEffect['becomes'];
  @IsInt() readonly banned!: number;
  @IsInt() readonly lifted!: number;
  @IsInt() readonly rebanned!: number;
}

class RateAnswer implements JailActRate {
  @IsString() @MaxLength(NAME) readonly jail!: string;
  @IsIn(['lift', 'restore', 'ban', 'unban']) readonly kind!: JailActRate['kind'];
  @IsNumber() readonly perSecond!: number;
  @IsInt() readonly bans!: number;
  @IsISO8601() readonly at!: string;
}

class WarningAnswer implements JailActWarning {
  @IsIn(JAIL_ACT_WARNINGS) readonly code!: JailActWarningCode;
  @IsOptional() @IsString() @MaxLength(NAME) readonly jail!: string | null;
  @IsOptional() @IsString() @MaxLength(2000) readonly detail!: string | null;
}

class CheaperAnswer implements JailActCheaper {
  @IsIn(JAIL_ACTS) readonly act!: JailActKind;
  @IsOptional() @IsString() @MaxLength(NAME) readonly jail!: string | null;
  @IsString() @MaxLength(500) readonly command!: string;
}

/** Answer of `jails.preview`. */
export class JailPreviewAnswer {
  @IsIn(JAIL_ACTS) readonly act!: JailActKind;
  @IsString() @MaxLength(500) readonly command!: string;
  @IsListOf(() => EffectAnswer, 2000) readonly effects!: EffectAnswer[];
  @IsOptional() @IsNumber() readonly estimateSeconds!: number | null;
  @IsListOf(() => RateAnswer, 4000) readonly rates!: RateAnswer[];
  @IsBoolean() readonly isFlush!: boolean;
  @IsListOf(() => WarningAnswer, 2000) readonly warnings!: WarningAnswer[];
  @IsOptional() @ValidateNested() @Type(() => CheaperAnswer) readonly cheaper!: CheaperAnswer | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly refusal!: string | null;
}

/** State of an act: answer of `jails.act` and `jails.act-state`, and body of the event `jails.act`. */
export class JailActReport implements Omit<JailActState, 'hostId'> {
  @IsUUID() readonly id!: string;
  @IsIn(JAIL_ACTS) readonly act!: JailActKind;
  @IsOptional() @IsString() @MaxLength(NAME) readonly jail!: string | null;
  @IsBoolean() readonly unban!: boolean;
  @IsIn(['running', 'done', 'failed']) readonly state!: JailActState['state'];
  @IsIn(['checking', 'working', 'restoring', 'ended']) readonly phase!: JailActState['phase'];
  @IsISO8601() readonly startedAt!: string;
  @IsOptional() @IsISO8601() readonly endedAt!: string | null;
  @IsInt() readonly bannedBefore!: number;
  @IsOptional() @IsInt() readonly bannedNow!: number | null;
  @IsInt() readonly toRestore!: number;
  @IsOptional() @IsString() @MaxLength(100) readonly code!: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly detail!: string | null;
  @IsString({ each: true }) @MaxLength(NAME, { each: true }) @ArrayMaxSize(2000) readonly runningJails!: string[];
  @IsString({ each: true }) @MaxLength(NAME, { each: true }) @ArrayMaxSize(2000) readonly lostJails!: string[];
}

class IgnoreEntryAnswer implements IgnoreEntry {
  @IsString() @MaxLength(4200) readonly entry!: string;
  @IsIn(IGNORE_SOURCES) readonly source!: IgnoreEntry['source'];
  @IsBoolean() readonly isOurs!: boolean;
  @IsBoolean() readonly isProtected!: boolean;
}

class IgnoreListOfJail implements IgnoreList {
  @IsString() @MaxLength(NAME) readonly jail!: string;
  @IsListOf(() => IgnoreEntryAnswer, 2000)
  readonly entries!: IgnoreEntryAnswer[];
  @IsInt() readonly total!: number;
  @IsOptional() @IsBoolean() readonly ignoreself!: boolean | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly ignorecommand!: string | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly ignorecache!: string | null;
}

/** Answer of `ignore.list`. */
export class IgnoreListAnswer {
  @IsListOf(() => IgnoreListOfJail, 2000) readonly lists!: IgnoreListOfJail[];
  @IsOptional() @IsString() @MaxLength(2000) readonly problem!: string | null;
}

class IgnoreMatchAnswer {
  @IsString() @MaxLength(NAME) readonly jail!: string;
  /** null: the host's own address (`ignoreself`). */
  @IsOptional() @IsString() @MaxLength(4200) readonly entry!: string | null;
  @IsIn(IGNORE_SOURCES) readonly source!: IgnoreEntry['source'];
  /** Whether it covers all that was asked about. */
  @IsBoolean() readonly isWhole!: boolean;
}

/** Answer of `ignore.find`. */
export class IgnoreFindAnswer {
  @IsListOf(() => IgnoreMatchAnswer, 2000)
  readonly matches!: IgnoreMatchAnswer[];
  /** Host names and files on the lists: what they mean now is not known. */
  @IsInt() readonly unresolved!: number;
}

class IgnoreOutcomeAnswer implements IgnoreOutcome {
  @IsString() @MaxLength(NAME) readonly jail!: string;
  @IsOptional() @IsString() @MaxLength(4200) readonly entry!: string | null;
  @IsIn(IGNORE_RESULTS) readonly result!: IgnoreOutcome['result'];
  @IsOptional() @IsString() @MaxLength(2000) readonly detail!: string | null;
}

class StillBannedAnswer implements StillBanned {
  @IsString() @MaxLength(NAME) readonly jail!: string;
  @IsString() @MaxLength(1024) readonly address!: string;
}

/** Answer of `ignore.change`. */
export class IgnoreChangeAnswer {
  @IsListOf(() => IgnoreOutcomeAnswer, 100_000)
  readonly outcomes!: IgnoreOutcomeAnswer[];
  @IsOptional() @IsBoolean() readonly isPermanent!: boolean | null;
  @IsOptional() @IsString() @MaxLength(TEXT) readonly permanentDetail!: string | null;
  @IsListOf(() => StillBannedAnswer, 1000)
  readonly stillBanned!: StillBannedAnswer[];
}
