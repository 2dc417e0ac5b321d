import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildWorld } from './build-world.ts';

// `pnpm --filter @bailiff/web geodata` writes what the map loads; a spec says when it is stale.
const atlas = JSON.parse(await readFile(fileURLToPath(import.meta.resolve('world-atlas/countries-50m.json')), 'utf8'));
await writeFile(
  new URL('../src/app/map/geodata/world.generated.json', import.meta.url),
  `${JSON.stringify(buildWorld(atlas))}\n`,
);
