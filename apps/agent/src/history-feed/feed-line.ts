/** What the feed needs of one line of fail2ban's log. */
export interface FeedLine {
  readonly kind: 'ban' | 'unban' | 'found';
  readonly jail: string;
  /** fail2ban's own text: address, network or any other ban id. */
  readonly address: string;
  /** Epoch milliseconds of the line. */
  readonly atMs: number;
}
