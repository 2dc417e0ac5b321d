// What the OpenAPI document needs and what only the TypeScript source knows: JSON schemas of the types in
// libs/contracts/src/http, docstrings included, and which of them each controller method answers with.
// Run by `pnpm --filter @bailiff/gateway openapi`; the result is committed, and a spec holds it against the source.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import ts from 'typescript';

const gateway = join(import.meta.dirname, '..');
const contracts = join(gateway, '..', '..', 'libs', 'contracts');

/** Schemas by type name, with references the way OpenAPI spells them. */
function schemas() {
  const generator = createGenerator({
    path: join(contracts, 'src/http/!(*.spec|*.validator).ts'),
    tsconfig: join(contracts, 'tsconfig.lib.json'),
    type: '*',
    expose: 'export',
    jsDoc: 'extended',
    skipTypeCheck: true,
    sortProps: false,
    additionalProperties: false,
  });
  const definitions = generator.createSchema('*').definitions ?? {};
  const isShape = ([name]) => /^[A-Z]/.test(name) && !/^(Is\w+Network|IpNetwork|Validation\w+)$/.test(name);
  const text = JSON.stringify(Object.fromEntries(Object.entries(definitions).filter(isShape)));
  return JSON.parse(text.replaceAll('#/definitions/', '#/components/schemas/'));
}

/** `Controller_method` → `{ type, shape }` for every method that answers with a named type, a list or a page of one. */
function answers() {
  const found = {};
  for (const file of globSync('src/**/*.controller.ts', { cwd: gateway }).sort()) {
    const source = ts.createSourceFile(file, readFileSync(join(gateway, file), 'utf8'), ts.ScriptTarget.Latest, true);
    source.forEachChild((node) => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return;
      for (const member of node.members) {
        if (!ts.isMethodDeclaration(member) || member.type === undefined) continue;
        const answer = answerOf(member.type.getText(source));
        if (answer !== undefined) found[`${node.name.text}_${member.name.getText(source)}`] = answer;
      }
    });
  }
  return found;
}

function answerOf(text) {
  const inner = /^Promise<(.*)>$/.exec(text)?.[1] ?? text;
  const page = /^Page<(\w+)>$/.exec(inner)?.[1];
  if (page !== undefined) return { type: page, shape: 'page' };
  const item = /^(?:readonly )?(\w+)\[\]$/.exec(inner)?.[1];
  if (item !== undefined) return { type: item, shape: 'list' };
  const picked = /^Pick<(\w+),/.exec(inner)?.[1];
  const type = picked ?? inner;
  return /^[A-Z]\w*$/.test(type) && type !== 'StreamableFile' ? { type, shape: 'one' } : undefined;
}

export function contractSchemas() {
  return { schemas: schemas(), answers: answers() };
}

if (process.argv[1] === import.meta.filename) {
  const target = join(gateway, 'src', 'openapi', 'contract-schemas.generated.json');
  writeFileSync(target, `${JSON.stringify(contractSchemas(), null, 2)}\n`);
}
