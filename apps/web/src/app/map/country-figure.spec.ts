import { describe, expect, it } from '@jest/globals';
import { figuresOf, withBans } from './country-figure';

const before = figuresOf(
  [
    { code: 'US', bans: 4, topJails: [{ jail: 'sshd', bans: 4 }] },
    {
      code: 'CN',
      bans: 5,
      topJails: [
        { jail: 'sshd', bans: 3 },
        { jail: 'web', bans: 1 },
        { jail: 'mail', bans: 1 },
      ],
    },
  ],
  10,
  1,
);

describe(figuresOf.name, () => {
  it('puts most first, with each share of all bans, unknown ones among them', () => {
    expect(before.countries.map(({ code, share }) => [code, share])).toEqual([
      ['CN', 0.5],
      ['US', 0.4],
    ]);
  });

  it('shares nothing out when there is nothing', () => {
    expect(figuresOf([{ code: 'CN', bans: 0, topJails: [] }], 0, 0).countries[0]?.share).toBe(0);
  });
});

describe(withBans.name, () => {
  it('moves counts, shares, jails and order on', () => {
    const after = withBans(before, [
      { code: 'US', jail: 'web' },
      { code: 'US', jail: 'sshd' },
      { code: 'DE', jail: 'sshd' },
    ]);
    expect(after.total).toBe(13);
    expect(after.countries.map(({ code, bans }) => [code, bans])).toEqual([
      ['US', 6],
      ['CN', 5],
      ['DE', 1],
    ]);
    expect(after.byCode.get('US')?.topJails).toEqual([
      { jail: 'sshd', bans: 5 },
      { jail: 'web', bans: 1 },
    ]);
    expect(after.byCode.get('DE')?.share).toBeCloseTo(1 / 13);
  });

  it('counts a ban of nowhere as unknown', () => {
    expect(withBans(before, [{ code: null, jail: 'sshd' }])).toMatchObject({ total: 11, unknown: 2 });
  });

  it('does not put a jail whose count is not known above those that are', () => {
    const after = withBans(before, [{ code: 'CN', jail: 'ftp' }]);
    expect(after.byCode.get('CN')?.topJails.map(({ jail }) => jail)).toEqual(['sshd', 'web', 'mail']);
    expect(after.byCode.get('CN')?.bans).toBe(6);
  });

  it('changes nothing by nothing, and never what it was given', () => {
    expect(withBans(before, [])).toBe(before);
    withBans(before, [{ code: 'CN', jail: 'sshd' }]);
    expect(before.byCode.get('CN')?.bans).toBe(5);
  });
});
