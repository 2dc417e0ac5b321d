import { DefaultNamingStrategy } from 'typeorm';

/** Columns are the snake_case of their property: `bannedAtMs` is `banned_at_ms`. */
export class SnakeCaseNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
