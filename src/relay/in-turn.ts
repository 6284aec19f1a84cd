/**
 * Work with one name is done in the order it was handed in, each after the one before has ended; work with other names does not wait.
 * A long text's last part takes two steps to store: without this a short text behind it could be stored first.
 */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();

  return function inTurn<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = last.get(name);
    const mine = before === undefined ? work() : before.then(work, work);
    last.set(name, mine);
    const leave = () => {
      if (last.get(name) === mine) last.delete(name);
    };
    mine.then(leave, leave);
    return mine;
  };
}
