import { Global, Module } from '@nestjs/common';
import { SetupState } from './setup-state.js';
import { SetupToken } from './setup-token.js';
import { SetupController } from './setup.controller.js';
import { SetupService } from './setup.service.js';

/** First start. Whoever puts the application together also provides `LocalHosts`. */
@Global()
@Module({
  controllers: [SetupController],
  providers: [SetupState, SetupToken, SetupService],
  exports: [SetupState, SetupToken],
})
export class SetupModule {}
