import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {eventsCatalogue, findInCatalogue} from '../../src/core/events-catalogue.ts';

const root = new URL('../../', import.meta.url);

/** What is logged as a warning or an error, as it stands in the sources; parts that are computed stand as `*`. */
function listLogged(): string[] {
  const found = globSync('src/**/*.ts', {cwd: root}).flatMap(path => {
    const text = readFileSync(new URL(path, root), 'utf8');
    return [...text.matchAll(/\blog\.(?:warn|error)\(\s*(?:'([^']+)'|`((?:\$\{[^}]+\}|[^`$])+)`)/g)].map(
      match => match[1] ?? match[2] ?? '',
    );
  });
  return [...new Set(found.map(code => code.replace(/\$\{[^}]+\}/g, '*')))];
}

function fits(pattern: string, code: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\w-]+')}$`).test(code);
}

test('every warning and error of the sources is in the catalogue', t => {
  const logged = listLogged();
  t.true(logged.length > 40);
  const missing = logged.filter(pattern => !eventsCatalogue.some(({code}) => fits(pattern, code)));
  t.deepEqual(missing, [], 'add them to src/core/events-of-*.ts, with what to do');
});

test('the catalogue tells of nothing the sources do not log', t => {
  const logged = listLogged();
  const unheard = eventsCatalogue.filter(({code}) => !logged.some(pattern => fits(pattern, code)));
  t.deepEqual(
    unheard.map(({code}) => code),
    [],
  );
});

for (const {code, sentence, whatToDo} of eventsCatalogue) {
  test(`${code} is told once, in whole sentences`, t => {
    t.is(eventsCatalogue.filter(entry => entry.code === code).length, 1);
    t.regex(code, /^[a-z]+(\.[a-z_-]+)+$/);
    t.regex(sentence, /^[A-Z].*\.$/);
    t.regex(whatToDo, /^[A-Z].*\.$/);
    t.is(findInCatalogue(code)?.sentence, sentence);
  });
}

test('an event nobody described is not found', t => {
  t.is(findInCatalogue('no.such_event'), undefined);
});
