import { type EntityManager, In } from 'typeorm';
import { Setting } from '../entities/index.js';
import { execute } from '../sql/dialect.js';

/** Named values of the application. */
export class SettingRepository {
  constructor(private readonly manager: EntityManager) {}

  /** The value as it was stored, undefined when there is none. The caller checks its shape. */
  async get(key: string): Promise<unknown> {
    const row = await this.manager.findOneBy(Setting, { key });
    return row?.value ?? undefined;
  }

  /** When the value was set, milliseconds; null when there is none. */
  async updatedAt(key: string): Promise<number | null> {
    return (await this.manager.findOneBy(Setting, { key }))?.updatedAtMs ?? null;
  }

  async getMany(keys: readonly string[]): Promise<Map<string, unknown>> {
    const rows = await this.manager.findBy(Setting, { key: In([...keys]) });
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  /** @param value anything JSON can hold except null and undefined */
  async set(key: string, value: unknown, nowMs: number): Promise<void> {
    await execute(
      this.manager,
      `INSERT INTO setting (key, value, updated_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at_ms = excluded.updated_at_ms`,
      [key, JSON.stringify(value), nowMs],
    );
  }

  async delete(key: string): Promise<void> {
    await this.manager.delete(Setting, { key });
  }
}
