import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** Events of a host older than that were deleted: told again, they are not stored again. */
@Entity('archive_watermark')
export class ArchiveWatermark {
  @PrimaryColumn('text') hostId: string;
  @BigintColumn() beforeMs: number;
}
