import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  CreatedEnrolmentToken,
  EnrolmentTokenStatus,
  HostAlarm,
  HostInfo,
  HostPatch,
} from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';

/** Requests about hosts that are not the list of them. */
@Service()
export class HostsApi {
  private readonly http = inject(HttpClient);

  createToken(): Promise<CreatedEnrolmentToken> {
    return firstValueFrom(this.http.post<CreatedEnrolmentToken>('api/v1/enrolment-tokens', {}));
  }

  tokenStatus(id: string): Promise<EnrolmentTokenStatus> {
    return firstValueFrom(this.http.get<EnrolmentTokenStatus>(`api/v1/enrolment-tokens/${encodeURIComponent(id)}`));
  }

  patch(id: string, patch: HostPatch): Promise<HostInfo> {
    return firstValueFrom(this.http.patch<HostInfo>(`api/v1/hosts/${id}`, patch));
  }

  revoke(id: string): Promise<unknown> {
    return firstValueFrom(this.http.delete(`api/v1/hosts/${id}`));
  }

  alarms(id: string): Promise<readonly HostAlarm[]> {
    return firstValueFrom(this.http.get<readonly HostAlarm[]>(`api/v1/hosts/${id}/alarms`));
  }
}
