import {
  BULK_MAX_BYTES,
  BulkExportQuery,
  BulkResultQuery,
  BulkStartRequest,
  BulkUploadQuery,
  type BulkDraft,
  type BulkJob,
  type BulkResultRow,
  type Page,
} from '@bailiff/contracts/http';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Req,
  StreamableFile,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Readable } from 'node:stream';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { BulkJobsService } from './bulk-jobs.service.js';
import { BulkUploads } from './bulk-uploads.js';
import { ListTooLargeError, UnreadableListError } from './bulk.errors.js';

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const;

@ApiTags('bulk')
@Controller('v1/bulk-jobs')
export class BulkJobsController {
  constructor(
    private readonly uploads: BulkUploads,
    private readonly jobs: BulkJobsService,
  ) {}

  /** Reads a list; nothing is banned or unbanned yet. */
  @Post()
  @HttpCode(201)
  @Requires('ban')
  @ApiOperation({ summary: 'Upload a list of addresses and see what it holds' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string' }, description: 'One address or network a line' })
  async upload(
    @CurrentActor() actor: Actor,
    @Query() query: BulkUploadQuery,
    @Req() request: Request,
  ): Promise<BulkDraft> {
    if (request.is('text/plain') === false || request.readableEnded)
      throw new UnreadableListError('The list must be sent as text/plain.');
    if (Number(request.headers['content-length'] ?? 0) > BULK_MAX_BYTES) throw ListTooLargeError.bytes();
    try {
      return await this.uploads.read(actor, query, request);
    } finally {
      // What was not read must not stand in the way of the answer.
      request.resume();
    }
  }

  /** The latest lists that were started. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Lists that were banned or unbanned lately' })
  list(): Promise<BulkJob[]> {
    return this.jobs.list();
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ summary: 'One list and how far it is' })
  get(@Param('id', ParseUUIDPipe) id: string): Promise<BulkJob> {
    return this.jobs.get(id);
  }

  @Get(':id/preview')
  @Requires('read')
  @ApiOperation({ summary: 'What an uploaded list holds' })
  preview(@Param('id', ParseUUIDPipe) id: string): Promise<BulkDraft> {
    return this.jobs.draft(id);
  }

  /** All lines that are left out. */
  @Get(':id/problems')
  @Requires('read')
  @ApiOperation({ summary: 'Lines of a list that are left out, as CSV' })
  @ApiProduces(TYPES.csv)
  async problems(@Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    return file(await this.jobs.problems(id, 'csv'), `bailiff-left-out.csv`, TYPES.csv);
  }

  /** Starts what was uploaded. Answers at once; the job goes on by itself. */
  @Post(':id/start')
  @HttpCode(202)
  @Requires('ban')
  @ApiOperation({ summary: 'Ban or unban an uploaded list' })
  start(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() request: BulkStartRequest,
  ): Promise<BulkJob> {
    return this.jobs.start(actor, id, request);
  }

  /** Stops a job; what is done stays done. */
  @Post(':id/cancel')
  @HttpCode(202)
  @Requires('ban')
  @ApiOperation({ summary: 'Cancel a list that is under way' })
  cancel(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<BulkJob> {
    return this.jobs.cancel(actor, id);
  }

  @Get(':id/results')
  @Requires('read')
  @ApiOperation({ summary: 'What became of each entry' })
  results(@Param('id', ParseUUIDPipe) id: string, @Query() query: BulkResultQuery): Promise<Page<BulkResultRow>> {
    return this.jobs.results(id, query);
  }

  @Get(':id/results/export')
  @Requires('read')
  @ApiOperation({ summary: 'Export what became of each entry as CSV or JSON lines' })
  @ApiProduces(TYPES.csv, TYPES.jsonl)
  async export(@Param('id', ParseUUIDPipe) id: string, @Query() query: BulkExportQuery): Promise<StreamableFile> {
    return file(await this.jobs.export(id, query), `bailiff-list.${query.format}`, TYPES[query.format]);
  }
}

function file(text: AsyncGenerator<string>, name: string, type: string): StreamableFile {
  const disposition = `attachment; filename="${name}"`;
  return new StreamableFile(Readable.from(text, { objectMode: false }), { type, disposition });
}
