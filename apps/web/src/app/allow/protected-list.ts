import { httpResource } from '@angular/common/http';
import { Component, computed, inject, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { ProtectedAddressEntry, ProtectedAddresses } from '@bailiff/contracts/http';
import { mdiDeleteOutline, mdiPlus, mdiShieldLockOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { EmptyState } from '../display/empty-state';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import { localTableQuery } from '../table/table-query';
import { CellTemplate, EmptyTemplate } from '../table/table-templates';
import { AllowApi } from './allow-api';

/** What nobody bans by mistake: the console's own list, what it knows by itself, and what each host guards. */
@Component({
  selector: 'bailiff-protected-list',
  imports: [CellTemplate, DataTable, EmptyState, EmptyTemplate, Icon, IpAddressText, MatButton, MatIconButton, Moment],
  templateUrl: './protected-list.html',
  styleUrl: './protected-list.scss',
})
export class ProtectedList {
  private readonly dialog = inject(MatDialog);
  private readonly api = inject(AllowApi);
  protected readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).guard;
  protected readonly icons = { add: mdiPlus, remove: mdiDeleteOutline, empty: mdiShieldLockOutline };

  private readonly resource = httpResource<ProtectedAddresses>(() => 'api/v1/protected-addresses');
  protected readonly known = linkedSignal<ProtectedAddresses | undefined, ProtectedAddresses | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  protected readonly query = localTableQuery({ sort: 'address' });
  protected readonly source = new ListSource<ProtectedAddressEntry>({
    all: computed(() => this.known()?.entries),
    error: this.resource.error,
    reload: () => this.resource.reload(),
    key: ({ id }) => id,
    query: this.query,
    sortBy: { address: ({ address }) => address, addedAt: ({ addedAt }) => addedAt },
  });
  protected readonly columns: readonly Column<ProtectedAddressEntry>[] = [
    { id: 'address', label: this.m.address, sort: 'address', min: 170, grow: 1.2, priority: 1, card: 'title' },
    {
      id: 'comment',
      label: this.m.comment,
      min: 140,
      grow: 2,
      priority: 1,
      card: 'meta',
      text: ({ comment }) => comment ?? '',
    },
    { id: 'by', label: this.m.by, min: 90, grow: 0.6, priority: 3, text: ({ addedBy }) => addedBy },
    { id: 'addedAt', label: this.m.since, sort: 'addedAt', min: 100, grow: 0, priority: 2, card: 'aside' },
    { id: 'actions', label: '', min: 40, grow: 0, priority: 1, end: true, card: 'aside' },
  ];

  protected async add(): Promise<void> {
    const { ProtectDialog } = await import('./protect-dialog');
    const closed = this.dialog.open(ProtectDialog, { width: '480px', autoFocus: 'first-tabbable' }).afterClosed();
    closed.subscribe((isDone: unknown) => {
      if (isDone === true) this.resource.reload();
    });
  }

  protected async remove({ id, address }: ProtectedAddressEntry): Promise<void> {
    try {
      await this.api.unprotect(id);
      this.api.say(this.m.removed(address));
    } catch (error) {
      this.api.say(ApiProblem.from(error).detail);
    }
    this.resource.reload();
  }
}
