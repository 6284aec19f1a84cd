import {readdirSync, readFileSync} from 'node:fs';
import test from 'ava';
import {parse, parseAllDocuments} from 'yaml';
import {loadConfig} from '../../src/config.ts';
import {writeFiles} from '../helpers/config-file.ts';

const folder = new URL('../../provisioning/kubernetes/', import.meta.url);
const name = 'nexus-async-gateway';
const label = {'app.kubernetes.io/name': name};

// biome-ignore lint/suspicious/noExplicitAny: manifests as they stand, which the tests look into
type Manifest = any;

function read(path: string): Manifest {
  return parse(readFileSync(new URL(path, folder), 'utf8'));
}

const base: Manifest[] = read('base/kustomization.yaml').resources.map((file: string) => read(`base/${file}`));
const find = (kind: string): Manifest => base.find(manifest => manifest.kind === kind);
const pod: Manifest = find('StatefulSet').spec.template.spec;
const [container] = pod.containers;

test('every file is YAML, and every manifest is listed', t => {
  const files = readdirSync(new URL('base', folder)).filter(
    file => !['kustomization.yaml', 'gateway.yaml'].includes(file),
  );
  t.deepEqual([...read('base/kustomization.yaml').resources].sort(), files.sort());
  for (const file of readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(path => path.endsWith('.yaml'))) {
    const documents = parseAllDocuments(readFileSync(new URL(file, folder), 'utf8'));
    for (const document of documents) t.deepEqual(document.errors, [], file);
  }
  for (const {apiVersion, kind, metadata} of base) {
    t.regex(apiVersion, /^([a-z.0-9-]+\/)?v\d\w*$/);
    t.is(metadata.name, name, kind);
  }
});

test('selectors find the pods, and ports are named alike', t => {
  const {selector, template} = find('StatefulSet').spec;
  t.deepEqual(template.metadata.labels, label);
  t.deepEqual(selector.matchLabels, label);
  t.deepEqual(find('Service').spec.selector, label);
  t.deepEqual(find('NetworkPolicy').spec.podSelector.matchLabels, label);
  t.deepEqual(find('PodDisruptionBudget').spec.selector.matchLabels, label);
  t.deepEqual(find('ServiceMonitor').spec.selector.matchLabels, label);
  const ports = container.ports.map((port: Manifest) => port.name);
  t.deepEqual(ports, ['webhooks', 'management']);
  for (const {targetPort} of find('Service').spec.ports) t.true(ports.includes(targetPort));
  for (const {port} of find('NetworkPolicy').spec.ingress.flatMap((rule: Manifest) => rule.ports)) {
    t.true(ports.includes(port));
  }
  const offered = find('Service').spec.ports.map((port: Manifest) => port.name);
  for (const {port} of find('ServiceMonitor').spec.endpoints) t.true(offered.includes(port));
  const [{http}] = find('Ingress').spec.rules;
  t.deepEqual(http.paths[0].backend.service, {name, port: {name: 'webhooks'}});
});

test('the pod runs without rights, on a root it can not write', t => {
  t.is(pod.automountServiceAccountToken, false);
  t.is(pod.securityContext.runAsNonRoot, true);
  t.is(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
  t.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: {drop: ['ALL']},
  });
  t.false('runAsUser' in pod.securityContext, 'any user will do');
});

test('probes ask the health of the management port, and the pod has time to stop', t => {
  t.deepEqual(container.livenessProbe.httpGet, {path: '/health/live', port: 'management'});
  t.deepEqual(container.startupProbe.httpGet, {path: '/health/live', port: 'management'});
  t.deepEqual(container.readinessProbe.httpGet, {path: '/health/ready', port: 'management'});
  t.true(pod.terminationGracePeriodSeconds >= 40);
});

test('the alert for memory comes before the limit does', t => {
  const text = readFileSync(new URL('../monitoring/alerts.yaml', folder), 'utf8');
  const [, bytes] = /nexus_gateway_process_resident_memory_bytes > (\S+)/.exec(text) ?? [];
  t.is(container.resources.limits.memory, '1Gi');
  t.true(Number(bytes) < 0.8 * 2 ** 30, bytes);
});

test('what is mounted is declared, and what is declared is mounted', t => {
  const declared = [
    ...pod.volumes.map((volume: Manifest) => volume.name),
    ...find('StatefulSet').spec.volumeClaimTemplates.map((claim: Manifest) => claim.metadata.name),
  ];
  t.deepEqual(container.volumeMounts.map((mount: Manifest) => mount.name).sort(), declared.sort());
});

test('management is open to monitoring alone', t => {
  const rules = find('NetworkPolicy').spec.ingress;
  const open = rules.filter((rule: Manifest) => rule.ports.some(({port}: Manifest) => port === 'management'));
  t.is(open.length, 1);
  t.deepEqual(open[0].from, [{namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'monitoring'}}}]);
  t.true(find('NetworkPolicy').spec.policyTypes.includes('Egress'));
});

test('Nexus in the same cluster is reached on whatever port its pods have', t => {
  const [, nexus] = find('NetworkPolicy').spec.egress;
  t.deepEqual(nexus, {to: [{namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'nexus'}}}]});
});

test('its configuration has no mistake, and needs no secret the example lacks', t => {
  const secrets: Record<string, string> = read('secret.example.yaml').stringData;
  const text = readFileSync(new URL('base/gateway.yaml', folder), 'utf8');
  const named = [...text.matchAll(/\$\{file:\/run\/secrets\/gateway\/([\w-]+)\}/g)].map(match => match[1] ?? '');
  t.true(named.length > 3);
  for (const secret of named) t.true(secret in secrets, secret);
  const files = Object.fromEntries(Object.entries(secrets).map(([key, value]) => [`secrets/${key}`, value]));
  const path = writeFiles(t, {'gateway.yaml': '', ...files});
  const local = path.replace(/gateway\.yaml$/, 'secrets');
  const written = writeFiles(t, {'gateway.yaml': text.replaceAll('/run/secrets/gateway', local)});
  const config = loadConfig({path: written, env: {STORE: 'sqlite:/data/gateway.db'}});
  t.is(config.listen.port, container.ports[0].containerPort);
  t.is(config.management.port, container.ports[1].containerPort);
  t.true(config.stopDelayMs < pod.terminationGracePeriodSeconds * 1000);
});

test('the overlays change what they mean to', t => {
  const [postgres] = read('postgres/kustomization.yaml').patches;
  const changes = parse(postgres.patch);
  t.is(container.env[1].name, 'STORE');
  t.deepEqual(changes[1].value.valueFrom.secretKeyRef, {name: `${name}-secrets`, key: 'store'});
  t.is(changes[1].path, '/spec/template/spec/containers/0/env/1');
  const [openshift] = read('openshift/kustomization.yaml').patches;
  t.deepEqual(parse(openshift.patch), [{op: 'remove', path: '/spec/template/spec/securityContext/fsGroup'}]);
  t.true('fsGroup' in pod.securityContext);
});

test('under OpenShift names are asked, and webhooks and scrapes let in, where OpenShift has them', t => {
  const {ingress, egress} = structuredClone(find('NetworkPolicy').spec);
  t.like(ingress[0].from[0], {namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'ingress-nginx'}}});
  t.deepEqual(
    egress[0].ports.map(({port}: Manifest) => port),
    [53, 53],
  );
  const patch = read('openshift/kustomization.yaml').patches.find(
    ({target}: Manifest) => target.kind === 'NetworkPolicy',
  );
  const [router, monitoring, names, ...others] = parse(patch.patch);
  t.deepEqual(others, []);
  t.deepEqual(
    [router.path, monitoring.path, names.path],
    ['/spec/ingress/0/from/0', '/spec/ingress/1/from/0', '/spec/egress/0'],
  );
  // A router on the hosts' network is matched with a selector of pods alone.
  t.deepEqual(router.value, {
    namespaceSelector: {matchLabels: {'policy-group.network.openshift.io/ingress': ''}},
    podSelector: {},
  });
  t.is(
    monitoring.value.namespaceSelector.matchLabels['kubernetes.io/metadata.name'],
    'openshift-user-workload-monitoring',
  );
  t.is(names.value.to[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'], 'openshift-dns');
  t.deepEqual(names.value.ports, [
    {port: 5353, protocol: 'UDP'},
    {port: 5353, protocol: 'TCP'},
  ]);
});
