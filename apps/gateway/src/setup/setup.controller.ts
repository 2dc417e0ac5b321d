import {
  DatabaseTestRequest,
  type DatabaseTestResult,
  HEADERS,
  SetupRequest,
  type SetupStatus,
} from '@bailiff/contracts/http';
import { Body, Controller, Get, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ClientAddress } from '../auth/client-address.decorator.js';
import { Public } from '../auth/public.decorator.js';
import { SetupTokenGuard } from './setup-token.guard.js';
import { SetupService } from './setup.service.js';

const TOKEN = HEADERS.setupToken.toLowerCase();

@ApiTags('setup')
@Controller('setup')
@Public()
export class SetupController {
  constructor(private readonly setup: SetupService) {}

  /** Whether setup is needed; to the token's holder also what the wizard starts with. */
  @Get()
  @ApiOperation({ summary: 'State of the setup' })
  status(@Headers(TOKEN) token?: string): Promise<SetupStatus> {
    return this.setup.status(token);
  }

  /** Tries a database without changing anything. */
  @Post('database-test')
  @UseGuards(SetupTokenGuard)
  @HttpCode(200)
  @ApiOperation({ summary: 'Try a database' })
  testDatabase(@Body() request: DatabaseTestRequest, @Headers(TOKEN) token?: string): Promise<DatabaseTestResult> {
    return this.setup.testDatabase(token, request);
  }

  /** Sets the application up, once. */
  @Post()
  @UseGuards(SetupTokenGuard)
  @HttpCode(204)
  @ApiOperation({ summary: 'Set the application up' })
  complete(
    @Body() request: SetupRequest,
    @ClientAddress() address: string,
    @Headers(TOKEN) token?: string,
  ): Promise<void> {
    return this.setup.complete(token, request, address);
  }
}
