/** Fewer wait until those who have just been answered have asked for what comes next: one commit for both. */
export const largeGroup = 200;
/** They have when so many turns of the event loop brought no call. */
const quietTurns = 3;

/** Goes on when the event loop has nothing more to bring, so that everything it brought shares one commit. @param count of calls that wait */
export function whenGathered(count: () => number, go: () => void): void {
  look(count(), quietTurns);

  function look(known: number, turns: number): void {
    setImmediate(() => {
      const now = count();
      if (now < largeGroup && now > known) look(now, quietTurns);
      else if (now < largeGroup && turns > 1) look(now, turns - 1);
      else go();
    });
  }
}
