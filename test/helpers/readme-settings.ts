import {toMarkdown} from '../../src/config/settings.ts';
import {listSettings} from '../../src/config.ts';

export const readmeFile = new URL('../../README.md', import.meta.url);
const block = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;

/** The generated block of a README; undefined when it has no markers. */
export function findSettingsBlock(readme: string): string | undefined {
  return block.exec(readme)?.[0];
}

export function renderSettingsBlock(): string {
  return `<!-- settings -->\n\n${toMarkdown(listSettings())}\n<!-- /settings -->`;
}

export function refreshSettings(readme: string): string {
  return readme.replace(block, () => renderSettingsBlock());
}
