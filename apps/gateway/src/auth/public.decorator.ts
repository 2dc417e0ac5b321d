import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Public}. */
export const IS_PUBLIC = 'bailiff:is-public';

/** Open to everyone, and answered before setup is complete too. The route checks its own callers. */
export function Public(): CustomDecorator {
  return SetMetadata(IS_PUBLIC, true);
}
