import { coveringKeys, networkRange, tryParseNetwork } from '@bailiff/ip';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { containsPattern } from '../sql/dialect.js';

/**
 * Narrows a query to addresses: an address or network means everything inside it, and with `covering` also every network around
 * it; any other text means addresses that contain it.
 * @param query on an entity with `address` and `addressSort`
 */
export function whereAddress<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  text: string,
  { covering }: { readonly covering: boolean },
): void {
  const { alias } = query;
  const network = tryParseNetwork(text);
  if (network === undefined) {
    query.andWhere(`${alias}.address LIKE :addressPattern ESCAPE '\\'`, {
      addressPattern: containsPattern(text.toLowerCase()),
    });
    return;
  }
  const { first, last } = networkRange(network);
  // One key is an equality, which lets the index give the order as well.
  const inside = first === last ? `${alias}.addressSort = :first` : `${alias}.addressSort BETWEEN :first AND :last`;
  if (!covering) query.andWhere(inside, { first, last });
  else
    query.andWhere(`(${inside} OR ${alias}.addressSort IN (:...around))`, {
      first,
      last,
      around: coveringKeys(network),
    });
}
