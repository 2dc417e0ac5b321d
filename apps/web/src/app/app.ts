import { Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';

/** Root: everything visible is a routed page. */
@Component({ selector: 'bailiff-app', imports: [RouterOutlet], template: '<router-outlet />' })
export class App {}
