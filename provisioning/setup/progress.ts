/** Told what is going on when it takes longer than a second. */
export type Progress = (line: string) => void;

const slowMs = 1000;

export async function watch<Result>(what: string, work: Promise<Result>, progress: Progress): Promise<Result> {
  const timer = setTimeout(() => progress(`${what} …`), slowMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
