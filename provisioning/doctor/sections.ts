import type {NexusServices} from '../../src/config.ts';
import {toSection} from '../setup/sections.ts';
import {type Finding, ok, problem, unknown, warning} from './finding.ts';

/** One option of the transaction `NexusServices`. */
export interface AnnexOption {
  section: string;
  key: string;
  value: string;
}

/** A channel and what the file says of its section, if anything. */
export interface WantedSection {
  channel: string;
  services: NexusServices | undefined;
}

/** The export of Platform Administration (`CfgTransaction_annex_<DBID>.cfg`): sections in brackets, `key = value`. */
export function parseCfg(text: string): AnnexOption[] {
  let section = '';
  return text.split(/\r?\n/).flatMap(line => {
    const head = /^\s*\[(.+)]\s*$/.exec(line);
    if (head !== null) {
      section = head[1]?.trim() ?? '';
      return [];
    }
    const option = /^\s*([^=;#\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    return option === null ? [] : [{section, key: option[1] ?? '', value: option[2] ?? ''}];
  });
}

/**
 * Whether each channel leads to Designer, and by Async. Pure.
 * @param tenants how many the file has: the options are those of one, and do not tell of which
 */
export function judgeSections(
  annex: readonly AnnexOption[],
  wanted: readonly WantedSection[],
  tenants: number,
): Finding[] {
  const sections = toSections(annex);
  return wanted.flatMap(one => {
    const findings = judgeChannel(sections, one);
    const isElsewhere = tenants > 1 && findings.some(({code}) => code === 'section_missing');
    return isElsewhere ? [toElsewhere(one.channel)] : findings;
  });
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

const bring = 'Import what provision export cfg prints.';

function judgeChannel(sections: Sections, {channel, services}: WantedSection): Finding[] {
  const all = [...sections].filter(([, options]) => options.get('channelId') === channel);
  // The number may be a WhatsApp channel too.
  const bySms = all.filter(([, options]) => /^(sms)?$/i.test(options.get('channelType') ?? ''));
  const own = bySms.length > 0 ? bySms : all;
  const [first, ...more] = own;
  if (first === undefined) return [toMissing(sections, channel)];
  if (more.length > 0) {
    const names = own.map(([name]) => name).join(', ');
    return [
      problem(
        'section_twice',
        `NexusServices: channel ${channel} is in ${names}: which one leads is chance. Delete all but one.`,
      ),
    ];
  }
  const [name, options] = first;
  const findings = [
    ...judgeName(name, channel),
    ...judgeProvider(name, options),
    ...judgeEndpoint(name, options, services),
  ];
  if (services !== undefined) findings.push(...judgeOptions(name, options, services));
  return findings.length > 0
    ? findings
    : [ok('section', `NexusServices: [${name}] leads channel ${channel} to ${options.get('endpoint')}, by Async.`)];
}

function toMissing(sections: Sections, channel: string): Finding {
  const near = [...sections].find(([, options]) => options.get('channelId')?.replace(/\D/g, '') === channel);
  if (near !== undefined) {
    const message = `NexusServices: [${near[0]}] has channelId ${near[1].get('channelId')}: write ${channel}, as in the service Async.`;
    return problem('section_channel_form', message);
  }
  return problem(
    'section_missing',
    `NexusServices has no section for channel ${channel}: texts from phones reach no agent. ${bring}`,
  );
}

function toElsewhere(channel: string): Finding {
  const message = `NexusServices, as it was given, has no section for channel ${channel}: right if the channel is another tenant's. Look with the NexusServices of each.`;
  return unknown('section_of_other_tenant', message);
}

function judgeName(name: string, channel: string): Finding[] {
  if (/^chat\.[A-Za-z_-]+$/.test(name)) return [];
  if (/^chat\.[A-Za-z\d_-]+$/.test(name)) {
    return [
      warning(
        'section_digits',
        `NexusServices: [${name}] of channel ${channel} has digits in its name, which the guide does not allow for.`,
      ),
    ];
  }
  const message = `NexusServices: the section of channel ${channel} is called ${name}: it must be chat. and letters, underscores or dashes.`;
  return [problem('section_name', message)];
}

function judgeProvider(name: string, options: ReadonlyMap<string, string>): Finding[] {
  const provider = options.get('provider');
  if (provider === 'Async') return [];
  if (provider === undefined || provider === '') {
    return [
      problem(
        'section_no_provider',
        `NexusServices: [${name}] has no provider, and so Portico sends: set provider = Async.`,
      ),
    ];
  }
  return [problem('section_provider', `NexusServices: [${name}] has provider ${provider}: set provider = Async.`)];
}

function judgeEndpoint(
  name: string,
  options: ReadonlyMap<string, string>,
  services: NexusServices | undefined,
): Finding[] {
  const endpoint = options.get('endpoint') ?? '';
  if (!/^chat\.\S+$/.test(endpoint)) {
    const message = `NexusServices: [${name}] has endpoint ${endpoint || 'none'}: it must be chat. and the name of a Designer chat endpoint.`;
    return [problem('section_endpoint_form', message)];
  }
  if (services === undefined || services.endpoint === endpoint) return [];
  return [
    problem(
      'section_endpoint',
      `NexusServices: [${name}] leads to ${endpoint}, the file says ${services.endpoint}. ${bring}`,
    ),
  ];
}

const judgedElsewhere = ['channelId', 'provider', 'endpoint'];

function judgeOptions(name: string, options: ReadonlyMap<string, string>, services: NexusServices): Finding[] {
  return toSection(services).options.flatMap(([key, value]) => {
    const found = options.get(key);
    if (
      judgedElsewhere.includes(key) ||
      found === value ||
      (key === 'cxcOnly' && value === 'false' && found === undefined)
    )
      return [];
    if (key === 'cxcOnly') {
      const fate = found === 'true' ? 'texts from phones reach no agent' : 'texts from phones open chats';
      return [
        problem(
          'section_cxc_only',
          `NexusServices: [${name}] has cxcOnly ${found ?? 'false'}, so ${fate}; the file says ${value}. ${bring}`,
        ),
      ];
    }
    return [
      problem('section_option', `NexusServices: [${name}] has ${key} ${found ?? 'not at all'}: set ${key} = ${value}.`),
    ];
  });
}

function toSections(annex: readonly AnnexOption[]): Sections {
  const sections = new Map<string, Map<string, string>>();
  for (const {section, key, value} of annex) {
    const options = sections.get(section) ?? new Map<string, string>();
    sections.set(section, options.set(key, value));
  }
  return sections;
}
