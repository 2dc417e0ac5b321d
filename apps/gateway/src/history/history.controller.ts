import { HistoryExportQuery, HistoryQuery, type HistoryEntry, type Page } from '@bailiff/contracts/http';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { Requires } from '../auth/requires.decorator.js';
import { HistoryService } from './history.service.js';

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const;

@ApiTags('history')
@Controller('v1/history')
@Requires('read')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  /** Every ban and unban, newest first. */
  @Get()
  @ApiOperation({ summary: 'Past bans and unbans' })
  page(@Query() query: HistoryQuery): Promise<Page<HistoryEntry>> {
    return this.history.page(query);
  }

  /** The filtered set as a stream. */
  @Get('export')
  @ApiOperation({ summary: 'Export past bans and unbans as CSV or JSON lines' })
  @ApiProduces(TYPES.csv, TYPES.jsonl)
  export(@Query() query: HistoryExportQuery): StreamableFile {
    return new StreamableFile(Readable.from(this.history.export(query), { objectMode: false }), {
      type: TYPES[query.format],
      disposition: `attachment; filename="bailiff-history.${query.format}"`,
    });
  }
}
