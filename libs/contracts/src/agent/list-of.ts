import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, ValidateNested } from 'class-validator';

/**
 * A list of valid instances of a class, `most` at the most. Not only `@ValidateNested({ each: true })`, which looks through
 * lists in lists: `[[{…}]]` would pass, and its first element be no instance.
 */
export function IsListOf(type: () => new () => object, most: number): PropertyDecorator {
  const rules = [IsArray(), ArrayMaxSize(most), IsObject({ each: true }), ValidateNested({ each: true }), Type(type)];
  return (target, property) => {
    for (const rule of rules) rule(target, property);
  };
}
