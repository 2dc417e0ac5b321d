import { Database, SETUP_STATE_KEY } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { Notices } from '../core/notices.js';

/** How far setup has come: nothing yet, begun, done for ever. */
export type SetupProgress = 'none' | 'in_progress' | 'complete';

/** Whether the application has been set up. Once it has, that never changes, and nobody is asked again. */
@Injectable()
export class SetupState {
  private isKnownComplete = false;

  constructor(
    private readonly database: Database,
    notices: Notices,
  ) {
    notices.listen('setup', () => (this.isKnownComplete = false));
  }

  async isComplete(): Promise<boolean> {
    if (!this.isKnownComplete) this.isKnownComplete = (await this.progress()) === 'complete';
    return this.isKnownComplete;
  }

  async progress(): Promise<SetupProgress> {
    const state = await this.database.read.settings.get(SETUP_STATE_KEY);
    return state === 'complete' || state === 'in_progress' ? state : 'none';
  }
}
