import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  IgnoreChange,
  IgnoreChangeResult,
  JailAct,
  JailActPreview,
  JailActState,
  JailLogTail,
} from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';

/** Path of everything about one host. */
export const hostPath = (hostId: string): string => `api/v1/hosts/${encodeURIComponent(hostId)}`;
/** Path of everything about one jail. */
export const jailPath = (hostId: string, jail: string): string =>
  `${hostPath(hostId)}/jails/${encodeURIComponent(jail)}`;

/** Requests about single jails. */
@Service()
export class JailsApi {
  private readonly http = inject(HttpClient);

  preview(hostId: string, act: JailAct): Promise<JailActPreview> {
    return firstValueFrom(this.http.post<JailActPreview>(`${hostPath(hostId)}/jail-acts/preview`, act));
  }

  begin(hostId: string, act: JailAct): Promise<JailActState> {
    return firstValueFrom(this.http.post<JailActState>(`${hostPath(hostId)}/jail-acts`, act));
  }

  state(hostId: string, id: string): Promise<JailActState> {
    return firstValueFrom(this.http.get<JailActState>(`${hostPath(hostId)}/jail-acts/${id}`));
  }

  changeIgnoreLists(hostId: string, change: IgnoreChange): Promise<IgnoreChangeResult> {
    return firstValueFrom(this.http.post<IgnoreChangeResult>(`${hostPath(hostId)}/ignore-lists`, change));
  }

  log(hostId: string, jail: string, params: Record<string, string>): Promise<JailLogTail> {
    return firstValueFrom(this.http.get<JailLogTail>(`${jailPath(hostId, jail)}/log`, { params }));
  }
}
