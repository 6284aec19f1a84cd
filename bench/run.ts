import {readdirSync} from 'node:fs';

/** `npm run bench -- <name> [arguments]`: runs `bench/<name>.ts`; without a name, tells what there is. */
const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(new URL('.', import.meta.url))
  .filter(file => file.endsWith('.ts') && file !== 'run.ts')
  .map(file => file.slice(0, -3));

if (name !== undefined && names.includes(name)) {
  process.argv.splice(2, process.argv.length, ...rest);
  await import(`./${name}.ts`);
} else {
  console.log(`Usage: npm run bench -- <name>\n\n${names.map(each => `  ${each}`).join('\n')}`);
  process.exitCode = name === undefined ? 0 : 64;
}
