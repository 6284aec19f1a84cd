import type {Command} from './command.ts';
import {toTable} from './print.ts';

const program = 'nexus-async-gateway';

const exitCodes = [
  ['0', 'done'],
  ['1', 'the gateway said no, or nothing was done'],
  ['2', 'doctor: no ✗, but a ?'],
  ['64', 'the command was called wrongly'],
  ['69', 'the gateway can not be reached or can not do it now'],
  ['77', 'the token is wrong or may only read'],
  ['78', 'the configuration has mistakes'],
];

export function toOverview(commands: readonly Command[]): string {
  const rows = commands.map(({name, summary}) => [name, summary]);
  return `Usage: ${program} <command> [options]\n\nCommands:\n${indent(toTable(rows))}\n${program} <command> --help tells more.\n`;
}

export function toHelp({name, summary, operands, options}: Command): string {
  const rows = Object.entries(options).map(([option, {value, help}]) => [
    `--${option}${value ? ` ${value}` : ''}`,
    help,
  ]);
  const usage = ['Usage:', program, name, operands, '[options]'].filter(word => word !== '').join(' ');
  const table = toTable([...rows, ['--help', 'This text.']]);
  return `${usage}\n\n${summary}\n\nOptions:\n${indent(table)}\nExit codes:\n${indent(toTable(exitCodes))}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
