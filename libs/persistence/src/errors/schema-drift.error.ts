/** The tables are not what this version of the program expects; nothing was changed. */
export class SchemaDriftError extends Error {
  readonly kind = 'operational';
  readonly code = 'internal/unexpected';
  /** @param statements SQL that would bring the tables in line, for the log */
  constructor(readonly statements: readonly string[]) {
    super(`The database's tables differ from what this version expects (${statements.length} differences)`);
    this.name = 'SchemaDriftError';
  }
}
