/** What is known of one country in the range shown. */
export interface CountryFigure {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly bans: number;
  /** Of all bans, unknown countries among them; 0 to 1. */
  readonly share: number;
  /** Those that banned most, most first; names are untrusted text. */
  readonly topJails: readonly { readonly jail: string; readonly bans: number }[];
}

/** Every country with bans, most first. */
export interface CountryFigures {
  readonly countries: readonly CountryFigure[];
  readonly byCode: ReadonlyMap<string, CountryFigure>;
  /** Bans in all, unknown countries among them. */
  readonly total: number;
  /** Bans whose country is not known. */
  readonly unknown: number;
}

/** Adds bans that came in live to figures loaded before; `code` null is an unknown country. */
export function withBans(
  figures: CountryFigures,
  news: readonly { readonly code: string | null; readonly jail: string }[],
): CountryFigures {
  if (news.length === 0) return figures;
  const bans = new Map(figures.countries.map((figure) => [figure.code, { ...figure, topJails: [...figure.topJails] }]));
  let { total, unknown } = figures;
  for (const { code, jail } of news) {
    total += 1;
    if (code === null) {
      unknown += 1;
      continue;
    }
    const figure = bans.get(code) ?? { code, bans: 0, share: 0, topJails: [] };
    const others = figure.topJails.filter((each) => each.jail !== jail);
    const known = figure.topJails.find((each) => each.jail === jail);
    // A jail below the top ones may have more than is known here; the next load knows.
    const isListed = known !== undefined || figure.topJails.length < 3;
    const topJails = isListed
      ? [...others, { jail, bans: (known?.bans ?? 0) + 1 }].sort((a, b) => b.bans - a.bans)
      : others;
    bans.set(code, { ...figure, bans: figure.bans + 1, topJails });
  }
  return figuresOf([...bans.values()], total, unknown);
}

/** Figures in order, with each country's share. */
export function figuresOf(
  countries: readonly Omit<CountryFigure, 'share'>[],
  total: number,
  unknown: number,
): CountryFigures {
  const sorted = countries
    .map((figure): CountryFigure => ({ ...figure, share: total > 0 ? figure.bans / total : 0 }))
    .sort((a, b) => b.bans - a.bans || (a.code < b.code ? -1 : 1));
  return { countries: sorted, byCode: new Map(sorted.map((figure) => [figure.code, figure])), total, unknown };
}
