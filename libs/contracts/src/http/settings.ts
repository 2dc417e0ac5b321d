import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min, ValidateNested } from 'class-validator';
import { DATE_FORMATS, type DateFormat, MapThresholds, SESSION_MODES, type SessionMode } from './setup.js';

/** `PATCH /api/v1/settings`: any part of the preferences. */
export class PreferencesPatch {
  @IsOptional() @IsString() @Length(1, 64) readonly timeZone?: string;
  @IsOptional() @IsIn(DATE_FORMATS) readonly dateFormat?: DateFormat;
  @IsOptional() @IsInt() @Min(300) @Max(31_536_000) readonly sessionDurationSeconds?: number;
  @IsOptional() @IsIn(SESSION_MODES) readonly sessionMode?: SessionMode;
  @IsOptional() @ValidateNested() @Type(() => MapThresholds) readonly mapThresholds?: MapThresholds;
  /** Days that bans and unbans are kept in the archive; 0 keeps all. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) readonly retentionDays?: number;
}
