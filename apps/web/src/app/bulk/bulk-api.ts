import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { BulkDirection, BulkDraft, BulkJob, BulkStartRequest } from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { definedParams } from '../api/query-string';

/** Where a list goes, and what it is called. */
export interface BulkUpload {
  readonly direction: BulkDirection;
  readonly hostIds: readonly string[];
  readonly jails: readonly string[];
  readonly list: string | Blob;
  readonly name?: string;
  /** Seconds each ban lasts, −1 for ever; absent: as long as each jail says. */
  readonly durationSeconds?: number;
}

/** Requests about lists of addresses. */
@Service()
export class BulkApi {
  private readonly http = inject(HttpClient);

  /** Has the server read a list; nothing is banned or unbanned yet. */
  upload({ direction, hostIds, jails, list, name, durationSeconds }: BulkUpload): Promise<BulkDraft> {
    const where = { direction, hosts: hostIds.join(','), jails: jails.join(',') };
    const params = definedParams({ ...where, name, durationSeconds: durationSeconds?.toString() });
    const headers = { 'content-type': 'text/plain' };
    return firstValueFrom(this.http.post<BulkDraft>('api/v1/bulk-jobs', list, { params, headers }));
  }

  start(id: string, request: BulkStartRequest): Promise<BulkJob> {
    return firstValueFrom(this.http.post<BulkJob>(`api/v1/bulk-jobs/${id}/start`, request));
  }

  cancel(id: string): Promise<BulkJob> {
    return firstValueFrom(this.http.post<BulkJob>(`api/v1/bulk-jobs/${id}/cancel`, {}));
  }
}
