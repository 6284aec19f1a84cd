import {createInterface} from 'node:readline/promises';

/** Whether the person at this terminal says yes; whoever leaves (Ctrl-C, Ctrl-D) says no. */
export async function askYes(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const terminal = createInterface({input, output, terminal: true});
  const left = new Promise<undefined>(resolve => terminal.once('close', () => resolve(undefined)));
  try {
    const said = await Promise.race([terminal.question(question).catch(toNothing), left]);
    if (said === undefined) output.write('\n');
    return /^y(es)?$/i.test(said?.trim() ?? '');
  } finally {
    terminal.close();
  }
}

function toNothing(error: unknown): undefined {
  if (error instanceof Error && error.name === 'AbortError') return undefined;
  throw error;
}
