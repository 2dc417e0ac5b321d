import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ApiTokenInfo, SessionInfo } from '@bailiff/contracts/http';
import { mdiDeleteOutline, mdiKeyOutline, mdiPlus } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { EmptyState } from '../display/empty-state';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { HelpDeskAccessForm } from '../help-desk/help-desk-access';
import { PageHead } from '../display/page-head';
import { MESSAGES } from '../messages/messages';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import { localTableQuery } from '../table/table-query';
import { CellTemplate, EmptyTemplate } from '../table/table-templates';
import { PasswordChange } from './password-change';
import { browserName } from './browser-name';

/** Who can get in: browsers signed in, API tokens, the master password. */
@Component({
  selector: 'bailiff-access',
  imports: [
    CellTemplate,
    DataTable,
    EmptyState,
    EmptyTemplate,
    HelpDeskAccessForm,
    Icon,
    MatButton,
    MatIconButton,
    Moment,
    PageHead,
    PasswordChange,
  ],
  templateUrl: './access.html',
  styleUrl: './access.scss',
})
export class Access {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly snackBar = inject(MatSnackBar);
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.access;
  protected readonly helpDesk = this.all.helpDesk.access;
  protected readonly icons = { add: mdiPlus, remove: mdiDeleteOutline, key: mdiKeyOutline };

  private readonly sessionsResource = httpResource<readonly SessionInfo[]>(() => 'api/v1/sessions');
  private readonly tokensResource = httpResource<readonly ApiTokenInfo[]>(() => 'api/v1/tokens');

  protected readonly sessionQuery = localTableQuery({ sort: '-lastSeenAt' });
  protected readonly sessions = new ListSource<SessionInfo>({
    all: computed(() => (this.sessionsResource.hasValue() ? this.sessionsResource.value() : undefined)),
    error: this.sessionsResource.error,
    reload: () => this.sessionsResource.reload(),
    key: ({ id }) => id,
    query: this.sessionQuery,
    sortBy: {
      createdAt: ({ createdAt }) => createdAt,
      lastSeenAt: ({ lastSeenAt }) => lastSeenAt,
      expiresAt: ({ expiresAt }) => expiresAt,
    },
  });
  protected readonly sessionColumns: readonly Column<SessionInfo>[] = [
    { id: 'device', label: this.m.device, min: 170, grow: 2, priority: 1, card: 'title' },
    { id: 'role', label: this.helpDesk.role, min: 90, grow: 0, priority: 2, card: 'meta' },
    { id: 'address', label: this.m.address, min: 130, grow: 1, priority: 1, card: 'meta' },
    { id: 'createdAt', label: this.m.signedIn, sort: 'createdAt', min: 100, grow: 0, priority: 3 },
    { id: 'lastSeenAt', label: this.m.lastSeen, sort: 'lastSeenAt', min: 100, grow: 0, priority: 1, card: 'meta' },
    { id: 'expiresAt', label: this.m.expires, sort: 'expiresAt', min: 236, grow: 0, priority: 2 },
    { id: 'actions', label: '', min: 64, grow: 0, priority: 1, end: true, card: 'aside' },
  ];

  protected readonly tokenQuery = localTableQuery({ sort: 'name' });
  protected readonly tokens = new ListSource<ApiTokenInfo>({
    all: computed(() => (this.tokensResource.hasValue() ? this.tokensResource.value() : undefined)),
    error: this.tokensResource.error,
    reload: () => this.tokensResource.reload(),
    key: ({ id }) => id,
    query: this.tokenQuery,
    sortBy: {
      name: ({ name }) => name,
      createdAt: ({ createdAt }) => createdAt,
      expiresAt: ({ expiresAt }) => expiresAt,
      lastUsedAt: ({ lastUsedAt }) => lastUsedAt,
    },
  });
  protected readonly tokenColumns: readonly Column<ApiTokenInfo>[] = [
    {
      id: 'name',
      label: this.m.name,
      sort: 'name',
      min: 140,
      grow: 2,
      priority: 1,
      card: 'title',
      text: ({ name }) => name,
    },
    { id: 'scopes', label: this.m.scopesLabel, min: 150, grow: 1, priority: 1, card: 'meta' },
    { id: 'createdAt', label: this.m.created, sort: 'createdAt', min: 100, grow: 0, priority: 3 },
    { id: 'lastUsedAt', label: this.m.lastUsed, sort: 'lastUsedAt', min: 190, grow: 0, priority: 2, card: 'meta' },
    { id: 'expiresAt', label: this.m.expires, sort: 'expiresAt', min: 250, grow: 0, priority: 2 },
    { id: 'actions', label: '', min: 48, grow: 0, priority: 1, end: true, card: 'aside' },
  ];

  protected deviceOf({ userAgent }: SessionInfo): string {
    const { browser, system } = browserName(userAgent);
    if (browser === '') return userAgent === '' ? this.m.unknownBrowser : userAgent;
    return system === '' ? browser : this.m.on(browser, system);
  }

  protected async endSession({ id }: SessionInfo): Promise<void> {
    await this.act(
      () => firstValueFrom(this.http.delete(`api/v1/sessions/${encodeURIComponent(id)}`)),
      this.m.sessionEnded,
    );
    this.sessionsResource.reload();
  }

  protected async newToken(): Promise<void> {
    const { NewTokenDialog } = await import('./new-token-dialog');
    this.dialog
      .open(NewTokenDialog, { width: '480px' })
      .afterClosed()
      .subscribe(() => this.tokensResource.reload());
  }

  protected async revokeToken(token: ApiTokenInfo): Promise<void> {
    const { RevokeTokenDialog } = await import('./revoke-token-dialog');
    const dialog = this.dialog.open<unknown, ApiTokenInfo, boolean>(RevokeTokenDialog, { data: token, width: '420px' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    await this.act(
      () => firstValueFrom(this.http.delete(`api/v1/tokens/${encodeURIComponent(token.id)}`)),
      this.m.tokenRevoked,
    );
    this.tokensResource.reload();
  }

  protected passwordChanged(): void {
    this.sessionsResource.reload();
  }

  private async act(request: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await request();
      this.snackBar.open(done, this.all.common.close, { duration: 4_000 });
    } catch (error) {
      const problem = ApiProblem.from(error);
      const { title, advice } = this.all.problems[problem.code];
      this.snackBar.open(`${title}. ${problem.detail || advice}`, this.all.common.close, { duration: 8_000 });
    }
  }
}
