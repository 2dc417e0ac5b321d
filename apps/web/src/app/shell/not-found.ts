import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiMapMarkerQuestionOutline } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { MESSAGES } from '../messages/messages';

/** For addresses that lead nowhere. */
@Component({
  selector: 'bailiff-not-found',
  imports: [EmptyState, MatButton, RouterLink],
  template: `<h1 class="visually-hidden">{{ m.title }}</h1>
    <bailiff-empty [icon]="icon" [heading]="m.title" [body]="m.body">
      <a matButton="filled" routerLink="/">{{ m.home }}</a>
    </bailiff-empty>`,
})
export class NotFound {
  protected readonly m = inject(MESSAGES).shell.notFound;
  protected readonly icon = mdiMapMarkerQuestionOutline;
}
