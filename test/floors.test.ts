import {globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {findBreaches, listImports} from './helpers/floors.ts';

const root = new URL('../', import.meta.url);
const files = globSync(['src/**/*.ts', 'provisioning/**/*.ts'], {cwd: root}).map(name => {
  const path = name.replaceAll('\\', '/');
  return {path, text: readFileSync(new URL(path, root), 'utf8')};
});

test('every file keeps to its floor, its purity and its size', t => {
  t.true(files.length > 50);
  t.deepEqual(findBreaches(files), []);
});

const breaks = test.macro({
  exec(t, path: string, text: string, sentence: string) {
    t.deepEqual(findBreaches([{path, text}]), [sentence]);
  },
  title: (_, path: string, text: string) => `finds a breach in ${path}: ${text.slice(0, 60).replaceAll('\n', ' ')}`,
});

test(breaks, 'src/core/x.ts', "import {createHash} from 'node:crypto';", 'src/core/x.ts may not import node:crypto');
test(
  breaks,
  'src/core/x.ts',
  "import type {Store} from '../store/store.ts';",
  'src/core/x.ts may not import types of src/store/store.ts',
);
test(
  breaks,
  'src/core/x.ts',
  'export const at = performance.now();',
  'src/core/x.ts reads the clock: be given the time',
);
test(breaks, 'src/core/x.ts', 'setTimeout(go, 1);', 'src/core/x.ts waits or reaches out: it must be pure');
test(breaks, 'src/relay/x.ts', "import {z} from 'zod';", 'src/relay/x.ts may not import zod');
test(
  breaks,
  'src/relay/x.ts',
  "import {createSmpp} from '../carriers/smpp/index.ts';",
  'src/relay/x.ts may not import src/carriers/smpp/index.ts',
);
test(
  breaks,
  'src/relay/x.ts',
  "import {StoreUnavailable} from '../store/store.ts';",
  'src/relay/x.ts may not import src/store/store.ts',
);
test(
  breaks,
  'src/carriers/smpp/x.ts',
  "import {twilio} from '../twilio/index.ts';",
  'src/carriers/smpp/x.ts may not import src/carriers/twilio/index.ts',
);
test(
  breaks,
  'src/carriers/smpp/x.ts',
  "import type {Store} from '../../store/store.ts';",
  'src/carriers/smpp/x.ts may not import types of src/store/store.ts',
);
test(
  breaks,
  'src/carriers/smpp/x.ts',
  "import {carrierTypes} from '../index.ts';",
  'src/carriers/smpp/x.ts may not import src/carriers/index.ts',
);
test(
  breaks,
  'src/platforms/nexus/x.ts',
  "import {loadConfig} from '../../config.ts';",
  'src/platforms/nexus/x.ts may not import src/config.ts',
);
test(
  breaks,
  'src/store/x.ts',
  "import {createIntake} from '../relay/intake.ts';",
  'src/store/x.ts may not import src/relay/intake.ts',
);
test(
  breaks,
  'src/sandbox/x.ts',
  "import {toPdu} from '../carriers/smpp/wire.ts';",
  'src/sandbox/x.ts may not import src/carriers/smpp/wire.ts',
);
test(
  breaks,
  'src/management/x.ts',
  "import {StoreUnavailable} from '../store/store.ts';",
  'src/management/x.ts may not import src/store/store.ts',
);
test(
  breaks,
  'src/management/x.ts',
  "import {createHttp} from '../http.ts';",
  'src/management/x.ts may not import src/http.ts',
);
test(
  breaks,
  'src/cli/x.ts',
  "const {openStore} = await import('../store/index.ts');",
  'src/cli/x.ts may not import src/store/index.ts',
);
test(
  breaks,
  'src/main.ts',
  "import {openStore} from './store/index.ts';",
  'src/main.ts may not import src/store/index.ts',
);
test(
  breaks,
  'src/gateway.ts',
  "export {runCommand} from './cli/index.ts';",
  'src/gateway.ts may not import src/cli/index.ts',
);
test(
  breaks,
  'src/store/x.ts',
  "new Worker(new URL('../relay/pump.ts', import.meta.url));",
  'src/store/x.ts may not import src/relay/pump.ts',
);
test(breaks, 'src/relay/x.ts', 'const at = Date.now();', 'src/relay/x.ts reads the clock: be given the time');
test(
  breaks,
  'src/carriers/smpp/wire.ts',
  "import {connect} from 'node:net';",
  'src/carriers/smpp/wire.ts imports node:net: it must be pure',
);
test(
  breaks,
  'src/carriers/smpp/timers.ts',
  'setTimeout(go, 1);',
  'src/carriers/smpp/timers.ts waits or reaches out: it must be pure',
);
test(
  breaks,
  'src/platforms/nexus/signature.ts',
  "import got from 'got';",
  'src/platforms/nexus/signature.ts imports got: it must be pure',
);
test(breaks, 'src/store/x.ts', 'export default 1;', 'src/store/x.ts has a default export: name it');
test(breaks, 'src/store/x.ts', "import {a} from './a';", 'src/store/x.ts imports ./a without its ending');
test(
  breaks,
  'src/store/x.ts',
  '\n'.repeat(201),
  'src/store/x.ts has 201 lines: cut it where its second subject begins',
);

const keeps = test.macro({
  exec(t, path: string, text: string) {
    t.deepEqual(findBreaches([{path, text}]), []);
  },
  title: (_, path: string, text: string) => `finds nothing in ${path}: ${text.slice(0, 60)}`,
});

test(keeps, 'src/gateway.ts', 'const now = Date.now;');
test(keeps, 'src/sandbox/x.ts', 'const at = Date.now();');
test(keeps, 'src/relay/x.ts', "import type {Store} from '../store/store.ts';");
test(keeps, 'src/relay/x.ts', "import {toQueueName} from '../core/queue.ts';");
test(keeps, 'src/carriers/index.ts', "import {smpp} from './smpp/index.ts';");
test(keeps, 'src/carriers/smpp/x.ts', "import {connect} from 'node:net';");
test(keeps, 'src/carriers/smpp/session/x.ts', "import {toPdu} from '../wire.ts';");
test(keeps, 'src/config/x.ts', "import {check} from './check.ts';");
test(keeps, 'src/relay/x.ts', '// Date.now() belongs to gateway.ts');

test('reads imports over several lines, of types, exports and calls', t => {
  const text = `import {\n  a,\n  type B,\n} from './a.ts';\nimport type {C} from '../c/c.ts';\nexport * from './d.ts';\nimport 'zod/v4';\nconst e = await import('./e.ts');\n`;
  t.deepEqual(listImports({path: 'src/x/y.ts', text}), [
    {target: 'src/x/a.ts', typesOnly: false},
    {target: 'src/c/c.ts', typesOnly: true},
    {target: 'src/x/d.ts', typesOnly: false},
    {target: 'zod', typesOnly: false},
    {target: 'src/x/e.ts', typesOnly: false},
  ]);
});
