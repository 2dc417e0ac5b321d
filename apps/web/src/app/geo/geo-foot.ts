import { Component } from '@angular/core';
import { GeoCredit } from './geo-credit';
import { GeoNotice } from './geo-notice';

/** Foot of whatever shows countries or networks: whose data they are, and what is to be said about them. */
@Component({
  selector: 'bailiff-geo-foot',
  imports: [GeoCredit, GeoNotice],
  template: `<bailiff-geo-notice /><bailiff-geo-credit />`,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 16px;
      padding-block: 8px;
    }
  `,
})
export class GeoFoot {}
