import {existsSync, globSync, readFileSync} from 'node:fs';
import test from 'ava';
import {parse} from 'yaml';
import {loadConfig} from '../../src/config.ts';
import {writeFiles} from '../helpers/config-file.ts';
import {listImports} from '../helpers/floors.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const dockerfile = read('Dockerfile');
const compose = parse(read('docker-compose.yml'), {merge: true});
const ours = Object.entries<Record<string, unknown>>(compose.services).filter(([, service]) => 'build' in service);

test('the image compiles nothing and runs no script of a package', t => {
  t.regex(dockerfile, /npm ci --omit=dev --ignore-scripts/);
  t.notRegex(dockerfile, /apt-get|apk add|make|gcc|curl/);
});

test('the image runs as a user with a number and no name, in group 0, with one place to write', t => {
  t.regex(dockerfile, /^USER \d+:0$/m);
  t.regex(dockerfile, /chgrp 0 \/data && chmod 0770 \/data/);
  t.regex(dockerfile, /^VOLUME \/data$/m);
});

test('the image starts as npm start does', t => {
  const [, entry = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  const started: string[] = JSON.parse(entry);
  t.is(`exec ${started.join(' ').replace('/app/', '')}`, JSON.parse(read('package.json')).scripts.start);
});

test('what is copied is there, and let through', t => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(match => (match[1] ?? '').split(' '));
  t.true(copied.length > 5);
  const allowed = read('.dockerignore')
    .split('\n')
    .filter(line => line.startsWith('!'))
    .map(line => line.slice(1));
  t.deepEqual([...new Set(copied)].sort(), allowed.sort());
  for (const path of copied) t.true(existsSync(new URL(path, root)), path);
});

test('the image has every package that its sources load', t => {
  const {dependencies} = JSON.parse(read('package.json'));
  const sources = globSync(['src/**/*.ts', 'provisioning/**/*.ts'], {cwd: root});
  const loaded = sources
    .flatMap(path => listImports({path, text: read(path)}))
    .filter(({target, typesOnly}) => !typesOnly && !/^(node:|src\/|provisioning\/)/.test(target))
    .map(({target}) => target);
  t.true(loaded.length > 50);
  t.deepEqual(
    [...new Set(loaded)].filter(name => !(name in dependencies)),
    [],
  );
});

for (const [name, service] of ours) {
  test(`compose runs ${name} without rights, on a root it can not write`, t => {
    t.like(service, {read_only: true, user: '10001:0', cap_drop: ['ALL'], security_opt: ['no-new-privileges:true']});
    t.true((service.volumes as string[]).some(volume => volume.endsWith(':/data')));
  });
}

test('compose opens management, Prometheus and Grafana to this machine only', t => {
  const ports = Object.values<{ports?: string[]}>(compose.services).flatMap(service => service.ports ?? []);
  t.deepEqual(
    ports.filter(port => !port.startsWith('127.0.0.1:')),
    ['8080:8080', '8082:8080'],
  );
});

test('compose names what it declares, mounts what is there, and pins every image', t => {
  const services = Object.values<{volumes?: string[]; image: string}>(compose.services);
  for (const {volumes = [], image} of services) {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('./')) t.true(existsSync(new URL(source, root)), source);
      else t.true(source in compose.volumes, source);
    }
    t.regex(image, /^nexus-async-gateway$|:[\w.-]*\d/);
  }
});

test('its configuration has no mistake, and asks for no variable that compose does not hand on', t => {
  const text = read('provisioning/compose/gateway.yaml');
  const asked = [...text.matchAll(/\$\{(\w+)\}/g)].map(match => match[1] ?? '');
  const given = compose.services.gateway.environment;
  for (const variable of asked) t.true(variable in given, variable);
  const values = {
    STORE: 'sqlite:/data/gateway.db',
    PUBLIC_URL: 'https://sms.example.com',
    NEXUS_URL: 'https://nexus.example.com',
  };
  const env = {...Object.fromEntries(asked.map((variable, index) => [variable, `value${index}`])), ...values};
  const config = loadConfig({path: writeFiles(t, {'gateway.yaml': text}), env});
  t.is(config.management.port, 8081);
});
