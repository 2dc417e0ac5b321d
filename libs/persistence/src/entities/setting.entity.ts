import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

/** One named value of the application: setup state, password hash, preferences. */
@Entity('setting')
export class Setting {
  @PrimaryColumn('text') key: string;
  @JsonColumn() value: unknown;
  @BigintColumn() updatedAtMs: number;
}
