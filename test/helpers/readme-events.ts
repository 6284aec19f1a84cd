import {eventsCatalogue} from '../../src/core/events-catalogue.ts';

const block = /(<!-- events -->\n)[\s\S]*?(<!-- \/events -->)/;

/** The generated list of a README; undefined when it has no markers. */
export function findEventsBlock(readme: string): string | undefined {
  return block.exec(readme)?.[0];
}

export function renderEventsBlock(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = eventsCatalogue.map(
    ({code, severity, sentence, whatToDo}) => `| \`${code}\` | ${severity} | ${cell(sentence)} | ${cell(whatToDo)} |`,
  );
  const head = ['| event | severity | what it means | what to do |', '| --- | --- | --- | --- |'];
  return ['<!-- events -->', '', ...head, ...rows, '', '<!-- /events -->'].join('\n');
}

export function refreshEvents(readme: string): string {
  return readme.replace(block, () => renderEventsBlock());
}
