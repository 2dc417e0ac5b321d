import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import type {
  AllowEntry,
  AllowEntryPatch,
  AllowEntryRequest,
  ProtectedAddressEntry,
  ProtectedAddressRequest,
} from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { MESSAGES } from '../messages/messages';

const SAID_MS = 6_000;

/** The allow list and the protected list: requests, and a word on what became of them. */
@Service()
export class AllowApi {
  private readonly http = inject(HttpClient);
  private readonly snackBar = inject(MatSnackBar);
  private readonly close = inject(MESSAGES).common.close;

  add(request: AllowEntryRequest): Promise<AllowEntry> {
    return firstValueFrom(this.http.post<AllowEntry>('api/v1/allow-entries', request));
  }

  change(id: string, patch: AllowEntryPatch): Promise<AllowEntry> {
    return firstValueFrom(this.http.patch<AllowEntry>(`api/v1/allow-entries/${id}`, patch));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(`api/v1/allow-entries/${id}`));
  }

  protect(request: ProtectedAddressRequest): Promise<ProtectedAddressEntry> {
    return firstValueFrom(this.http.post<ProtectedAddressEntry>('api/v1/protected-addresses', request));
  }

  async unprotect(id: string): Promise<void> {
    await firstValueFrom(this.http.delete(`api/v1/protected-addresses/${id}`));
  }

  say(text: string): void {
    this.snackBar.open(text, this.close, { duration: SAID_MS });
  }
}
