import {readFileSync} from 'node:fs';
import type {Config} from '../../src/config.ts';
import {createGaxAdmin} from '../setup/gax-admin.ts';
import {createGwsAdmin} from '../setup/gws-admin.ts';
import {createNexusAdmin} from '../setup/nexus-admin.ts';
import type {SectionsAdmin} from '../setup/sections-target.ts';
import {ProvisionError} from '../setup/target.ts';
import {groupByTenant, type NexusPlatform, toNexusPlatforms} from '../setup/tenants.ts';
import {type Finding, problem, unknown} from './finding.ts';
import type {SectionsSource} from './index.ts';
import {type AnnexOption, judgeSections, parseCfg} from './sections.ts';
import {judgeAsync, judgeSms, toTrouble} from './services.ts';

/** The services `Async` and `SMS` of each tenant that can be reached, by the provisioning API. */
export async function lookAtServices(config: Config, open: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const group of groupByTenant(listPlatforms(config))) {
    // Its document holds the channels of those too that can't be reached the way they are set up.
    const [first, ...more] = group.filter(({name}) => open.includes(name));
    const others = group.filter(({name}) => !open.includes(name));
    if (first !== undefined) findings.push(...(await lookAtTenant([first, ...more, ...others], config)));
  }
  return findings;
}

/** The transaction `NexusServices`, as it was exported or as GAX has it. */
export async function lookAtSections(config: Config, source: SectionsSource): Promise<Finding[]> {
  const platforms = listPlatforms(config);
  if (platforms.length === 0) return [];
  const annex = await readAnnex(source);
  if ('level' in annex) return [annex];
  const wanted = platforms.flatMap(({channels, sections}) =>
    channels.map(({channelId}) => ({
      channel: channelId,
      services: sections.find(({channel}) => channel === channelId),
    })),
  );
  return judgeSections(annex.options, wanted, groupByTenant(platforms).length);
}

function listPlatforms(config: Config): NexusPlatform[] {
  const hasNexus = [...config.platforms.values()].some(({type}) => type === 'nexus');
  return config.publicUrl !== undefined && hasNexus ? toNexusPlatforms(config, undefined) : [];
}

async function lookAtTenant(group: readonly NexusPlatform[], {publicUrl = ''}: Config): Promise<Finding[]> {
  const [first] = group;
  const apiKey = group.find(platform => platform.apiKey !== undefined)?.apiKey;
  if (first === undefined) return [];
  const tenant = group.map(({name}) => name).join(', ');
  if (apiKey === undefined) {
    const message = `${tenant}: its services can't be read without an API key: give provisioning.apiKey to the platform.`;
    return [unknown('services_unread', message)];
  }
  const admin = createNexusAdmin({...first, apiKey});
  try {
    const channels = group.flatMap(platform => platform.channels);
    const asyncFindings = judgeAsync(tenant, await admin.read('Async'), channels, publicUrl);
    return [...asyncFindings, ...judgeSms(tenant, await admin.read('SMS'))];
  } catch (error) {
    return [toTrouble(error)];
  } finally {
    await admin.stop();
  }
}

async function readAnnex(source: SectionsSource): Promise<{options: AnnexOption[]} | Finding> {
  if (source.kind === 'none') {
    const message =
      'NexusServices was not looked at: export its options in Platform Administration and give the file with --nexus-services, or say --gax or --gws.';
    return unknown('sections_unread', message);
  }
  if (source.kind === 'gax') return readFrom(createGaxAdmin(source.login));
  if (source.kind === 'gws') return readFrom(createGwsAdmin(source.login));
  try {
    return {options: parseCfg(readFileSync(source.path, 'utf8'))};
  } catch {
    return problem('sections_file', `${source.path} can't be read: check the name given with --nexus-services.`);
  }
}

async function readFrom(admin: SectionsAdmin): Promise<{options: AnnexOption[]} | Finding> {
  try {
    return {options: (await admin.read()).userproperties.property};
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    return problem('sections_unreadable', error.message);
  } finally {
    await admin.stop();
  }
}
