import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { DatabaseTestRequest, DatabaseTestResult, SetupRequest, SetupStatus } from '@bailiff/contracts/http';
import { HEADERS } from '@bailiff/contracts/http/headers';
import { firstValueFrom } from 'rxjs';

/** The requests of the setup wizard; each carries the one-time token. */
@Service()
export class SetupApi {
  private readonly http = inject(HttpClient);

  status(token: string): Promise<SetupStatus> {
    return firstValueFrom(this.http.get<SetupStatus>('api/setup', this.withToken(token)));
  }

  testDatabase(token: string, request: DatabaseTestRequest): Promise<DatabaseTestResult> {
    return firstValueFrom(
      this.http.post<DatabaseTestResult>('api/setup/database-test', request, this.withToken(token)),
    );
  }

  finish(token: string, request: SetupRequest): Promise<unknown> {
    return firstValueFrom(this.http.post('api/setup', request, this.withToken(token)));
  }

  private withToken(token: string): { headers?: Record<string, string> } {
    return token === '' ? {} : { headers: { [HEADERS.setupToken]: token } };
  }
}
