import type {DeadLetter, MessageRecord, Store} from './store.ts';

type Paged = Pick<Store, 'find' | 'deadLetters'>;

/** Whole pages of what an engine looks for in steps: each step reads little, so that nobody who writes waits long. */
export function toWholePages(step: Paged): Paged {
  return {
    async find(filter) {
      const messages: MessageRecord[] = [];
      let {before} = filter;
      do {
        const found = await step.find({...filter, before, limit: filter.limit - messages.length});
        messages.push(...found.messages);
        before = found.next;
      } while (before !== undefined && messages.length < filter.limit);
      return {messages, next: before};
    },
    async deadLetters(filter) {
      const deadLetters: DeadLetter[] = [];
      let {before} = filter;
      do {
        const found = await step.deadLetters({...filter, before, limit: filter.limit - deadLetters.length});
        deadLetters.push(...found.deadLetters);
        before = found.next;
      } while (before !== undefined && deadLetters.length < filter.limit);
      return {deadLetters, next: before};
    },
  };
}
