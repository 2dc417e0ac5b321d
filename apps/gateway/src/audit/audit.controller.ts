import { Readable } from 'node:stream';
import { type AuditEntry, AuditExportQuery, AuditQuery, type Page } from '@bailiff/contracts/http';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/requires.decorator.js';
import { AuditLogService } from './audit-log.service.js';

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const;

@ApiTags('audit')
@Controller('v1/audit')
@Requires('admin')
export class AuditController {
  constructor(private readonly log: AuditLogService) {}

  /** The audit log, newest first. */
  @Get()
  @ApiOperation({ summary: 'The audit log' })
  page(@Query() query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.log.page(query);
  }

  /** The filtered audit log as a stream. */
  @Get('export')
  @ApiOperation({ summary: 'Export the audit log as CSV or JSON lines' })
  @ApiProduces(TYPES.csv, TYPES.jsonl)
  export(@Query() query: AuditExportQuery): StreamableFile {
    return new StreamableFile(Readable.from(this.log.export(query), { objectMode: false }), {
      type: TYPES[query.format],
      disposition: `attachment; filename="bailiff-audit.${query.format}"`,
    });
  }
}
